package dev.skein.kernel.journal;

/// Where payloads that are too large for the journal lie, by the hash of their content.
public interface Blobs {
  /// @param hash SHA-256 of the content, hexadecimal
  /// @throws JournalException if there is none, or its content no longer has that hash
  Payload read(String hash);
}
