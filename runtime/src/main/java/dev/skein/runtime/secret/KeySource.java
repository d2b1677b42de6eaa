package dev.skein.runtime.secret;

import dev.skein.runtime.secret.SecretException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the master key comes from: the environment variable `SKEIN_SECRET_KEY`, or the file that
/// `SKEIN_SECRET_KEY_FILE` names, or `secret.key` beside the data directory.
record KeySource(Path data, Map<String, String> environment) {
  private static final String FILE_NAME = "secret.key";

  MasterKey existing() {
    MasterKey key = read();
    if (key == null) {
      throw new SecretException(
          Code.NO_KEY,
          "the secrets in %s need their key: set %s, or put the key back as %s"
              .formatted(data, SecretStore.KEY_VARIABLE, file()));
    }
    return key;
  }

  /// Makes a key file if there is no key at all.
  MasterKey existingOrNew() {
    MasterKey key = read();
    return key == null ? made() : key;
  }

  private @Nullable MasterKey read() {
    String variable = environment.get(SecretStore.KEY_VARIABLE);
    if (variable != null) {
      return MasterKey.of(variable, SecretStore.KEY_VARIABLE);
    }
    Path file = file();
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      // somebody else is about to fill it
      return text.isEmpty() ? null : MasterKey.of(text, file.toString());
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw SealedFile.inaccessible(file, e);
    }
  }

  private MasterKey made() {
    Path file = file();
    try (FileChannel channel =
            FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                SealedFile.OWNER_ONLY);
        FileLock _ = channel.lock()) {
      // by the secrets of another data directory beside this one, in the meantime
      MasterKey others = read();
      if (others != null) {
        return others;
      }
      MasterKey key = MasterKey.random(file.toString());
      byte[] text = (key.text() + "\n").getBytes(StandardCharsets.ISO_8859_1);
      SealedFile.write(channel, ByteBuffer.wrap(text));
      return key;
    } catch (IOException e) {
      throw SealedFile.inaccessible(file, e);
    }
  }

  Path file() {
    String named = environment.get(SecretStore.KEY_FILE_VARIABLE);
    return named == null
        ? data.toAbsolutePath().normalize().resolveSibling(FILE_NAME)
        : Path.of(named);
  }

  @Override
  public String toString() {
    return "KeySource[" + data + "]";
  }
}
