package dev.skein.connectors.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Keyed hashes and hashes, by the JDK.
final class Macs {
  private Macs() {}

  /// @param algorithm as the JDK calls it, such as `HmacSHA256`
  static byte[] hmac(String algorithm, byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK can't sign with HMAC; mend its settings", e);
    }
  }

  /// In lower-case hexadecimal digits.
  static String sha256(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no SHA-256; mend its settings", e);
    }
  }
}
