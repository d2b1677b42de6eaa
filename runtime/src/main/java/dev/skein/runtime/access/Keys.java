package dev.skein.runtime.access;

import dev.skein.kernel.Clock;
import dev.skein.kernel.Engine;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoredKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The keys that programs show who they are by: `sk_`, an id, and 256 random bits. They lie in the
/// store, so that all nodes know them, as SHA-256 hashes: of a secret that cannot be guessed
/// nothing slower is needed. Thread-safe.
public final class Keys {
  /// What other nodes have done to keys counts here after that time at the latest.
  private static final Duration FRESH = Duration.ofSeconds(2);

  /// How exactly it is noted when a key was used.
  private static final Duration COARSE = Duration.ofHours(1);

  /// What every key begins with, and no token of others does.
  public static final String PREFIX = "sk_";

  private static final int ID_BYTES = 6;
  private static final int SECRET_BYTES = 32;
  private static final int LONGEST_NAME = 100;
  private static final Pattern SHOWN = Pattern.compile("sk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})");
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /// What an unknown id is compared with, so that it is answered as fast as a known one.
  private static final String OF_NOBODY = "0".repeat(64);

  private final Engine engine;
  private final Store store;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private volatile Snapshot snapshot = new Snapshot(Instant.MIN, Map.of());

  private record Snapshot(Instant at, Map<String, StoredKey> byId) {
    Snapshot with(StoredKey key) {
      var all = new HashMap<>(byId);
      all.put(key.id(), key);
      return new Snapshot(at, Map.copyOf(all));
    }
  }

  /// A key that was made just now.
  ///
  /// @param shown the key itself, which is told this once
  public record Made(StoredKey key, String shown) {}

  Keys(Engine engine, Store store, Clock clock) {
    this.engine = engine;
    this.store = store;
    this.clock = clock;
  }

  /// Makes a key; when this returns it is durable.
  ///
  /// @param validity null for ever
  /// @throws IllegalArgumentException if the name is empty or too long, or the validity not
  ///   positive
  public Made make(String name, Roles roles, @Nullable Duration validity) {
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "the name of a key has 1 to %d characters".formatted(LONGEST_NAME));
    }
    if (validity != null && !validity.isPositive()) {
      throw new IllegalArgumentException("a key must be good for some time");
    }
    String id = HexFormat.of().formatHex(bytes(ID_BYTES));
    String secret = secret();
    Instant now = clock.now();
    Instant expires = validity == null ? null : now.plus(validity);
    var key =
        new StoredKey(id, name.strip(), hash(secret), roles.toString(), now, expires, null, null);
    save(key);
    return new Made(key, "sk_" + id + "_" + secret);
  }

  /// 256 random bits that stand in a header as they are.
  public String secret() {
    return BASE64.encodeToString(bytes(SECRET_BYTES));
  }

  private byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Every key there ever was, by age.
  public List<StoredKey> all() {
    return store.keys();
  }

  /// Whether there ever was a key.
  public boolean any() {
    return !fresh().byId.isEmpty();
  }

  /// Makes a key count no more, from now on here, and on other nodes within seconds. Null if there
  /// is none of that id.
  public @Nullable StoredKey revoke(String id) {
    StoredKey key =
        store.keys().stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
    if (key == null || key.revokedAt() != null) {
      return key;
    }
    StoredKey revoked = key.revoked(clock.now());
    save(revoked);
    return revoked;
  }

  private void save(StoredKey key) {
    engine.commit(List.of(new Change.KeySaved(key)));
    synchronized (this) {
      snapshot = new Snapshot(Instant.MIN, snapshot.byId); // read again by who asks next
    }
  }

  /// Who shows that key; null if it is wrong, has expired or was revoked.
  public @Nullable Principal who(String shown) {
    Matcher parts = SHOWN.matcher(shown);
    boolean sound = parts.matches();
    StoredKey key = sound ? fresh().byId.get(parts.group(1)) : null;
    boolean same = isSecret(sound ? parts.group(2) : "", key == null ? OF_NOBODY : key.hash());
    return key == null || !same ? null : counting(key.id());
  }

  /// Who has the key of that id; null if it has expired or was revoked.
  public @Nullable Principal counting(String id) {
    StoredKey key = fresh().byId.get(id);
    Instant now = clock.now();
    if (key == null
        || key.revokedAt() != null
        || (key.expiresAt() != null && !now.isBefore(key.expiresAt()))) {
      return null;
    }
    noteUse(key, now);
    return new Principal("key " + key.id() + " (" + key.name() + ")", Roles.parse(key.grants()));
  }

  /// The id in a key as it is shown.
  public static @Nullable String id(String shown) {
    Matcher parts = SHOWN.matcher(shown);
    return parts.matches() ? parts.group(1) : null;
  }

  private void noteUse(StoredKey key, Instant now) {
    Instant before = key.usedAt();
    if (before == null || before.plus(COARSE).isBefore(now)) {
      StoredKey used = key.used(now);
      synchronized (this) {
        if (!Objects.equals(snapshot.byId.get(key.id()), key)) {
          return; // another request has noted it
        }
        snapshot = snapshot.with(used);
      }
      engine.commitSoon(List.of(new Change.KeySaved(used)));
    }
  }

  private Snapshot fresh() {
    Snapshot last = snapshot;
    Instant now = clock.now();
    if (last.at.isAfter(now.minus(FRESH))) {
      return last;
    }
    synchronized (this) {
      if (snapshot.equals(last)) {
        snapshot =
            new Snapshot(
                now,
                store.keys().stream()
                    .collect(Collectors.toUnmodifiableMap(StoredKey::id, Function.identity())));
      }
      return snapshot;
    }
  }

  /// In a time that tells nothing of where they differ.
  public static boolean isSecret(String secret, String hash) {
    return MessageDigest.isEqual(
        hash(secret).getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
  }

  public static String hash(String secret) {
    try {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256; mend its settings", e);
    }
  }
}
