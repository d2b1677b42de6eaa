package dev.skein.testkit.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// PostgreSQL's programs as the user nobody runs them, for who is root where no user namespaces are
/// to be had: the server refuses root. What it unpacks stays in the folder for temporary files.
final class Unprivileged {
  private static final String NOBODY = "nobody";
  private static final List<String> PROGRAMS = List.of("initdb", "pg_ctl");
  private static final Set<PosixFilePermission> EVERYBODY_RUNS =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private Unprivileged() {}

  static boolean isNeeded() {
    return "root".equals(System.getProperty("user.name")) && !succeeds("unshare", "-U", "true");
  }

  private static boolean succeeds(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// A new folder of nobody's: the build directory may be out of its reach.
  static Path folder() throws IOException {
    Path folder = Files.createTempDirectory("skein-postgres-");
    var users = folder.getFileSystem().getUserPrincipalLookupService();
    return Files.setOwner(folder, users.lookupPrincipalByName(NOBODY));
  }

  private static final class Unpacked {
    private static final Path FOLDER = unpack();
  }

  /// The folder that the server's programs are to be run from.
  static Path programs() {
    return Unpacked.FOLDER;
  }

  private static Path unpack() {
    try {
      Path folder = folder();
      Files.setPosixFilePermissions(folder, EVERYBODY_RUNS);
      var refused = EmbeddedPostgres.builder().setOverrideWorkingDirectory(folder.toFile());
      try {
        refused.start().close();
      } catch (IllegalStateException e) {
        wrap(folder); // it was unpacked, and refused root
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Puts scripts in the place of the programs that the driver of the tests has unpacked there.
  private static void wrap(Path unpacked) throws IOException {
    Path bin;
    try (Stream<Path> inside = Files.list(unpacked)) {
      bin = inside.map(path -> path.resolve("bin")).filter(Files::exists).findFirst().orElseThrow();
    }
    for (String program : PROGRAMS) {
      Path script = bin.resolve(program);
      Path real = Files.move(script, bin.resolve(program + "-real")).toAbsolutePath();
      Files.writeString(
          script,
          "#!/bin/sh\nexec setpriv --reuid=%s --regid=nogroup --clear-groups %s \"$@\"\n"
              .formatted(NOBODY, real));
      Files.setPosixFilePermissions(script, EVERYBODY_RUNS);
    }
  }
}
