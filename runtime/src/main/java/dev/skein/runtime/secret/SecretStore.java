package dev.skein.runtime.secret;

import dev.skein.runtime.secret.SealedFile.Sealed;
import dev.skein.runtime.secret.SecretException.Code;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Secrets in the file `secrets.enc` of the data directory, each sealed under its name with a key
/// that is itself locked with a master key from outside of that directory.
///
/// Several processes may use the same file: writers take turns by a lock file, and whoever reads
/// sees the last that was written. Thread-safe.
public final class SecretStore {
  /// The environment variable with the master key, in base64.
  public static final String KEY_VARIABLE = "SKEIN_SECRET_KEY";

  /// The one that names a file with it.
  public static final String KEY_FILE_VARIABLE = "SKEIN_SECRET_KEY_FILE";

  /// What a secret may be called.
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private static final int MAX_VALUE_BYTES = 64 * 1024;
  // a lock of a file is one of the whole process
  private static final ReentrantLock WRITERS = new ReentrantLock();

  private final Path file;
  private final KeySource keys;
  private final InstantSource clock;
  private volatile @Nullable Snapshot snapshot;

  /// What is known of a secret without opening it.
  public record Entry(String name, Instant changed) {}

  /// The file as it was read.
  private record Snapshot(State state, SealedFile contents, @Nullable DataKey key) {}

  /// Tells one writing from the next: each makes a new file.
  private record State(@Nullable Object identity, FileTime modified, long size) {}

  /// @param environment where to look for the master key
  public SecretStore(Path data, Map<String, String> environment, InstantSource clock) {
    this.file = data.resolve("secrets.enc");
    this.keys = new KeySource(data, Map.copyOf(environment));
    this.clock = clock;
  }

  /// Where the master key is, or would be made, if it is in no variable.
  public Path keyFile() {
    return keys.file();
  }

  /// The value of a secret; null if there is none of that name.
  ///
  /// @throws SecretException if there is one and it can't be opened
  public @Nullable String value(String name) {
    Snapshot now = current();
    Sealed sealed = now == null ? null : now.contents.secrets().get(name);
    if (now == null || sealed == null) {
      return null;
    }
    DataKey key = now.key;
    if (key == null) {
      key = unlocked(now.contents, keys.existing());
      snapshot = new Snapshot(now.state, now.contents, key);
    }
    return key.open(name, sealed.changed(), sealed.value());
  }

  /// All secrets by name; needs no key.
  public List<Entry> list() {
    Snapshot now = current();
    return now == null
        ? List.of()
        : now.contents.secrets().entrySet().stream()
            .map(secret -> new Entry(secret.getKey(), secret.getValue().changed()))
            .toList();
  }

  /// Keeps a secret, in place of one of that name. Makes a master key if there is none yet.
  public Entry set(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw new SecretException(
          Code.INVALID_SECRET,
          "'" + name + "' is no name of a secret; use letters, digits, '.', '_' and '-'");
    }
    if (value.isBlank() || value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_BYTES) {
      throw new SecretException(
          Code.INVALID_SECRET,
          "a secret is more than blanks, and at most %d bytes; '%s' is not"
              .formatted(MAX_VALUE_BYTES, name));
    }
    Instant changed = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    alone(before -> {
      SealedFile to = before == null ? empty() : before;
      DataKey key = unlocked(to, keys.existing());
      var secrets = new TreeMap<>(to.secrets());
      secrets.put(name, new Sealed(changed, key.seal(name, changed, value)));
      return to.with(secrets);
    });
    return new Entry(name, changed);
  }

  private SealedFile empty() {
    MasterKey master = keys.existingOrNew();
    return new SealedFile(master.id(), DataKey.random().locked(master), Map.of());
  }

  /// Forgets a secret; needs no key.
  ///
  /// @return whether there was one
  public boolean remove(String name) {
    var removed =
        new Object() {
          boolean any;
        };
    alone(before -> {
      if (before == null || !before.secrets().containsKey(name)) {
        return null;
      }
      removed.any = true;
      var secrets = new TreeMap<>(before.secrets());
      secrets.remove(name);
      return before.with(secrets);
    });
    return removed.any;
  }

  /// Seals all secrets anew with a new key. What was sealed with the one before opens no more.
  ///
  /// @return how many they are
  public int rotate() {
    var resealed = new TreeMap<String, Sealed>();
    alone(before -> {
      if (before == null) {
        return null;
      }
      MasterKey master = keys.existing();
      DataKey old = unlocked(before, master);
      DataKey next = DataKey.random();
      before
          .secrets()
          .forEach((name, sealed) -> {
            String value = old.open(name, sealed.changed(), sealed.value());
            resealed.put(
                name, new Sealed(sealed.changed(), next.seal(name, sealed.changed(), value)));
          });
      return new SealedFile(master.id(), next.locked(master), resealed);
    });
    return resealed.size();
  }

  /// Changes the file while nobody else does; null leaves it as it is.
  private void alone(UnaryOperator<@Nullable SealedFile> change) {
    WRITERS.lock();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel =
              FileChannel.open(
                  file.resolveSibling("secrets.lock"),
                  Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                  SealedFile.OWNER_ONLY);
          FileLock _ = channel.lock()) {
        SealedFile before = SealedFile.read(file);
        SealedFile after = change.apply(before);
        if (after != null) {
          after.replace(file);
        }
      }
    } catch (IOException e) {
      throw SealedFile.inaccessible(file, e);
    } finally {
      WRITERS.unlock();
    }
  }

  /// The file as it is now; null if there is none.
  private @Nullable Snapshot current() {
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      var state = new State(is.fileKey(), is.lastModifiedTime(), is.size());
      Snapshot known = snapshot;
      if (known != null && known.state.equals(state)) {
        return known;
      }
      SealedFile contents = SealedFile.read(file);
      Snapshot read = contents == null ? null : new Snapshot(state, contents, null);
      snapshot = read;
      return read;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw SealedFile.inaccessible(file, e);
    }
  }

  private DataKey unlocked(SealedFile contents, MasterKey master) {
    if (!contents.masterKey().equals(master.id())) {
      throw new SecretException(
          Code.WRONG_KEY,
          "%s was locked with the key %s, and %s holds the key %s; give it the other one by %s or %s, or remove the file and set the secrets again"
              .formatted(
                  file,
                  contents.masterKey(),
                  master.origin(),
                  master.id(),
                  KEY_VARIABLE,
                  KEY_FILE_VARIABLE));
    }
    try {
      return DataKey.unlocked(contents.dataKey(), master);
    } catch (GeneralSecurityException e) {
      throw new SecretException(
          Code.DAMAGED,
          file
              + " was changed by something else than skein; put back a copy, or remove it and set"
              + " the secrets again",
          e);
    }
  }

  @Override
  public String toString() {
    return "SecretStore[" + file + "]";
  }
}
