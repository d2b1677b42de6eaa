package dev.skein.cli;

import static dev.skein.cli.Finding.ok;
import static dev.skein.cli.Finding.problem;
import static dev.skein.cli.Finding.warning;

import dev.skein.model.Diagnostic;
import dev.skein.runtime.SecretFiles;
import dev.skein.runtime.SkeinException;
import dev.skein.runtime.secret.SecretStore;
import dev.skein.runtime.settings.InvalidSettings;
import dev.skein.runtime.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Looks at what the project is written in: its settings, its workflows, its secrets. Never tells
/// the value of a secret.
final class ProjectCheck {
  private final DataOption data;
  private final Map<String, String> environment;

  /// @param environment of the process
  ProjectCheck(DataOption data, Map<String, String> environment) {
    this.data = data;
    this.environment = Map.copyOf(environment);
  }

  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    Settings settings = settings(findings);
    workflows(findings);
    secrets(settings == null ? List.of() : settings.secrets(), findings);
    findings.add(permissions());
    return findings;
  }

  /// Null if they are invalid.
  private @Nullable Settings settings(List<Finding> findings) {
    try {
      boolean there = Files.exists(data.config());
      Settings settings = data.settings();
      findings.add(
          ok(
              "settings",
              there ? data.config() + " is valid" : "there is no skein.yaml: all is as usual"));
      return settings;
    } catch (InvalidSettings e) {
      for (String mistake : String.valueOf(e.getMessage()).split("\n", -1)) {
        findings.add(problem("settings", mistake, "correct it in " + data.config()));
      }
    } catch (UncheckedIOException e) {
      findings.add(
          problem(
              "settings",
              data.config() + " cannot be read: " + Failures.sentence(e),
              "name the file with --config, and let it be readable"));
    }
    return null;
  }

  private static void workflows(List<Finding> findings) {
    List<Path> files;
    try {
      files = ServeCommand.workflows();
    } catch (IOException e) {
      findings.add(
          problem("workflows", "the folder 'workflows' cannot be read", "let it be readable"));
      return;
    }
    int valid = 0;
    for (Path file : files) {
      try {
        Remarks remarks = Remarks.on(file);
        remarks.diagnostics().forEach(remark -> findings.add(mistake(file, remark)));
        valid += remarks.refused() ? 0 : 1;
      } catch (Failures.Usage e) {
        findings.add(problem("workflows", Failures.sentence(e), "let it be a text in UTF-8"));
      }
    }
    if (files.isEmpty()) {
      findings.add(ok("workflows", "there are no files in a folder 'workflows'"));
    } else if (valid == files.size()) {
      findings.add(ok("workflows", counted(valid, "file") + " in 'workflows' can be deployed"));
    }
  }

  private static Finding mistake(Path file, Diagnostic remark) {
    String what = remark.format(file.toString());
    String advice = "correct it; 'skein validate " + file + "' checks it alone";
    return remark.isError()
        ? problem("workflows", what, advice)
        : warning("workflows", what, advice);
  }

  private void secrets(List<String> names, List<Finding> findings) {
    var files = new SecretFiles(data.directory(), environment);
    var there = new ArrayList<String>();
    for (String name : names) {
      try {
        if (files.secret(name) == null) {
          findings.add(
              problem(
                  "secrets",
                  "the secret '" + name + "' is not there",
                  "keep it with 'skein secret set " + name + "'"));
        } else {
          there.add(name);
        }
      } catch (SkeinException e) {
        findings.add(
            problem(
                "secrets",
                "the secret '" + name + "' cannot be read: " + e.getMessage(),
                "see where secrets are kept in docs/secrets.md"));
      }
    }
    if (names.isEmpty()) {
      findings.add(ok("secrets", "skein.yaml names none"));
    } else if (there.size() == names.size()) {
      findings.add(ok("secrets", "all are there: " + String.join(", ", there)));
    }
  }

  private Finding permissions() {
    try {
      List<Path> open = new ArrayList<>();
      for (Path file : secretFiles()) {
        if (isOpenToOthers(file)) {
          open.add(file);
        }
      }
      return open.isEmpty()
          ? ok("permissions", "no file with a secret is open to other users")
          : problem(
              "permissions",
              "other users may read or change " + named(open),
              "chmod go= " + named(open));
    } catch (IOException e) {
      return warning(
          "permissions",
          "who may read the secrets cannot be found out: " + e.getMessage(),
          "look at the files in " + data.directory());
    }
  }

  private List<Path> secretFiles() throws IOException {
    var files = new ArrayList<Path>();
    Path directory = data.directory();
    files.add(new SecretStore(directory, environment, InstantSource.system()).keyFile());
    files.add(directory.resolve("secrets.enc"));
    files.add(directory.resolve(LocalKey.FILE));
    Path folder = directory.resolve("secrets");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> inside = Files.list(folder)) {
        inside.filter(Files::isRegularFile).sorted().forEach(files::add);
      }
    }
    return files;
  }

  private static boolean isOpenToOthers(Path file) throws IOException {
    if (!Files.exists(file) || !Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return false;
    }
    Set<PosixFilePermission> given = Files.getPosixFilePermissions(file);
    return Stream.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE)
        .anyMatch(given::contains);
  }

  private static String named(List<Path> files) {
    return String.join(" ", files.stream().map(Path::toString).toList());
  }

  static String counted(long count, String what) {
    return count == 1 ? "1 " + what : "%,d %ss".formatted(count, what);
  }
}
