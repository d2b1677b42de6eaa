package dev.skein.runtime;

import dev.skein.model.Definition;
import dev.skein.model.Reading;
import dev.skein.model.Resources;
import dev.skein.runtime.resource.FetchLimits;
import dev.skein.runtime.resource.FetchedResources;
import dev.skein.runtime.settings.Settings;
import java.nio.file.Path;
import java.time.Instant;

/// Reads workflows of the language, without anything that could run them.
public final class WorkflowText {
  private WorkflowText() {}

  /// Reads a workflow of the language.
  ///
  /// @throws InvalidDefinition with everything that is wrong
  public static Definition read(String yaml) {
    return Definitions.read(yaml);
  }

  /// Reads a workflow of the language, with all there is to say about it.
  public static Reading check(String yaml) {
    return Definitions.reading(yaml, Resources.UNREAD);
  }

  /// The same for a workflow in a file, with the files it refers to.
  public static Reading check(String yaml, Path file) {
    try (var files = new FetchedResources(file, null, FetchLimits.DEFAULT)) {
      return Definitions.reading(yaml, files);
    }
  }

  /// The same with all it refers to, also on the web, unless it is wrong already.
  ///
  /// @param data the directory with the secrets that authentications need
  public static Reading checkAndFetch(String yaml, Path file, Path data, Settings settings) {
    if (!(check(yaml) instanceof Reading.Read alone)) {
      return check(yaml, file);
    }
    var by =
        new Definitions.Fetching(
            new SecretFiles(data, System.getenv()), settings.policies(), Instant.now());
    try (var all = new FetchedResources(file, by.access(alone.definition()), FetchLimits.DEFAULT)) {
      return Definitions.reading(yaml, all);
    }
  }
}
