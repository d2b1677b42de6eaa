package dev.skein.runtime.settings;

import dev.skein.connectors.policy.Declaration;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.model.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a project sets in `skein.yaml`.
///
/// @param integrations the outside systems that its workflows talk to
public record Settings(List<Declaration> integrations) {
  public static final Settings NONE = new Settings(List.of());

  /// The name of the file, in the folder of the project.
  public static final String FILE = "skein.yaml";

  /// Reads a settings file; all its mistakes come in one pass.
  public static Section.Result<Settings> read(String text) {
    return Section.read(text, Settings::of);
  }

  /// Reads the file.
  ///
  /// @throws InvalidSettings with everything that is wrong
  public static Settings load(Path file) throws IOException {
    Section.Result<Settings> read = read(Files.readString(file));
    if (read.result() == null) {
      throw new InvalidSettings(file, read.diagnostics());
    }
    return read.result();
  }

  private static Settings of(Section root) {
    var integrations = List.copyOf(root.sections("integrations", IntegrationReader::read).values());
    PolicyBook.ties(integrations).forEach(tie -> report(root, tie));
    return new Settings(integrations);
  }

  private static void report(Section root, PolicyBook.Tie tie) {
    String message =
        "'%s' and '%s' (lines %d and %d) both set '%s' for the same calls"
            .formatted(
                tie.earlier().name(),
                tie.later().name(),
                tie.earlier().lines().get(tie.block()),
                tie.later().lines().get(tie.block()),
                tie.block());
    root.wrong("integrations", message, "make one of them more specific, or leave it out there");
  }

  public PolicyBook policies() {
    return new PolicyBook(integrations);
  }
}
