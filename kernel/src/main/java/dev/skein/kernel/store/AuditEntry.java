package dev.skein.kernel.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/// One link of the audit log's chain. Its hash is taken over the hash before it, its number and its
/// text: who changes, removes or inserts one breaks the chain there.
///
/// @param number from 1 without gaps
/// @param text what is told, in a form the layers above agree on
/// @param hash SHA-256, in hexadecimal
public record AuditEntry(long number, String text, String hash) {
  /// What the first entry follows.
  public static final AuditEntry NONE = new AuditEntry(0, "", "0".repeat(64));

  /// The entry that follows this one.
  public AuditEntry next(String said) {
    return new AuditEntry(number + 1, said, hash(number + 1, hash, said));
  }

  /// Whether it is what has followed that one when it was written.
  public boolean follows(AuditEntry before) {
    return before.next(text).equals(this);
  }

  private static String hash(long number, String before, String text) {
    try {
      String all = before + "\n" + number + "\n" + text;
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256; mend its settings", e);
    }
  }
}
