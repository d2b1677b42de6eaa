package dev.skein.connectors.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The part of a content-type that decides how a body is read and written.
///
/// @param name type and subtype in lower case, empty if none was given
record MediaType(String name, Charset charset) {
  static MediaType parse(@Nullable String contentType) {
    if (contentType == null) {
      return new MediaType("", StandardCharsets.UTF_8);
    }
    String[] parts = contentType.split(";", -1);
    Charset charset = StandardCharsets.UTF_8;
    for (String parameter : parts) {
      String trimmed = parameter.strip();
      if (trimmed.regionMatches(true, 0, "charset=", 0, 8)) {
        charset = known(trimmed.substring(8).replace("\"", "").strip());
      }
    }
    return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), charset);
  }

  boolean isJson() {
    return name.equals("application/json") || name.equals("text/json") || name.endsWith("+json");
  }

  boolean isText() {
    return name.startsWith("text/");
  }

  boolean isForm() {
    return name.equals("application/x-www-form-urlencoded");
  }

  boolean isMultipart() {
    return name.startsWith("multipart/");
  }

  boolean isProblem() {
    return name.equals("application/problem+json");
  }

  /// A charset nobody knows must not lose an answer that is there.
  private static Charset known(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
