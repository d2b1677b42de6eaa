package dev.skein.kernel.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A key that programs show who they are by. The key itself is nowhere.
///
/// @param hash of its secret, in hexadecimal
/// @param grants what it allows where, in a form the layers above agree on
/// @param expiresAt null for never
/// @param usedAt about when it was used last; null for never
/// @param revokedAt null while it counts
public record StoredKey(
    String id,
    String name,
    String hash,
    String grants,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant usedAt,
    @Nullable Instant revokedAt) {

  public StoredKey used(Instant at) {
    return new StoredKey(id, name, hash, grants, createdAt, expiresAt, at, revokedAt);
  }

  public StoredKey revoked(Instant at) {
    return new StoredKey(id, name, hash, grants, createdAt, expiresAt, usedAt, at);
  }
}
