package dev.skein.connectors.openapi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// Percent-encoding of RFC 3986.
final class Escapes {
  private static final String UNRESERVED = "-._~";

  /// But for those that no query has (RFC 3986, 3.4): `#` would end it.
  private static final String RESERVED = ":/?@!$&'()*+,;=";

  private Escapes() {}

  /// @param reserved whether characters with a meaning in URIs stay as they are, where they may
  static String encoded(String text, boolean reserved) {
    var encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c < 0x80
              && (Character.isLetterOrDigit(c)
                  || UNRESERVED.indexOf(c) >= 0
                  || (reserved && RESERVED.indexOf(c) >= 0));
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append("%%%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }

  static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /// The same for what may hold a lone percent sign.
  static String lenient(String text) {
    try {
      return decoded(text);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
