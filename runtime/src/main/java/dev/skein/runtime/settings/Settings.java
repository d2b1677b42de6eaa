package dev.skein.runtime.settings;

import dev.skein.connectors.policy.Declaration;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.model.Section;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
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
    Section.Result<Settings> read = read(text(file));
    if (read.result() == null) {
      throw new InvalidSettings(file, read.diagnostics());
    }
    return read.result();
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new InvalidSettings(file + " is no text in UTF-8");
    }
  }

  private static Settings of(Section root) {
    return new Settings(Integrations.read(root));
  }

  public PolicyBook policies() {
    return new PolicyBook(integrations);
  }
}
