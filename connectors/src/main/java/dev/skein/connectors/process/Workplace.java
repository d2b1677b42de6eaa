package dev.skein.connectors.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// A fresh folder for one process, that nobody else may read: its working directory, and beside it
/// the files it is given. Closing deletes it.
record Workplace(Path folder, Path directory) implements AutoCloseable {
  static Workplace create(Path temporary) throws ProcessException {
    try {
      Path folder = Files.createTempDirectory(temporary, "skein-run-");
      return new Workplace(folder, Files.createDirectory(folder.resolve("work")));
    } catch (IOException e) {
      throw ProcessException.runtime(
          "No working directory can be made in %s: %s".formatted(temporary, e.getMessage()), e);
    }
  }

  Path file(String name, String content) throws ProcessException {
    Path file = folder.resolve(name);
    try {
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw ProcessException.runtime(
          "The file %s can't be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// What can't be deleted stays for the system's cleaner of temporary files: the process has done
  /// its work, and is not to fail for that.
  @Override
  public void close() {
    try {
      Files.walkFileTree(folder, new Deletion());
    } catch (IOException e) {
      // the visitor passes over what it can't delete; nothing else is to be done
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      // some tools write-protect what they unpack; if it can't be lifted, deleting will tell
      boolean _ = directory.toFile().setWritable(true);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      return delete(file);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
      return delete(directory);
    }

    private static FileVisitResult delete(Path path) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // another one of the process's leftovers keeps it from going
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
