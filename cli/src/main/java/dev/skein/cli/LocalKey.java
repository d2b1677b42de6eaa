package dev.skein.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;

/// The file in which a server leaves a key for commands on the same data directory. Only its owner
/// may read it.
final class LocalKey implements AutoCloseable {
  static final String FILE = "server.key";

  private final Path file;

  private LocalKey(Path file) {
    this.file = file;
  }

  static LocalKey leave(Path directory, String key) throws IOException {
    Path file = directory.resolve(FILE);
    Files.deleteIfExists(file);
    Files.createFile(file);
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(
          file, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }
    Files.writeString(file, key); // only now is nobody else able to read it
    return new LocalKey(file);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
