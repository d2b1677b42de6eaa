package dev.skein.runtime;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Secrets as files in a folder, one each and named after it, or as environment variables:
/// `SKEIN_SECRET_` and the name in capitals, with `_` for everything that is no letter or digit. A
/// file comes first. What is a JSON object is one; anything else is a string, without the line
/// break at its end. Read anew whenever a run asks, so that a secret can be rotated. Thread-safe.
final class SecretFiles implements SecretSource {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final Path folder;
  private final Map<String, String> environment;

  SecretFiles(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  @Override
  public @Nullable JsonNode secret(String name) {
    String text = file(name);
    if (text == null) {
      String variable = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
      text = environment.get("SKEIN_SECRET_" + variable);
    }
    return text == null ? null : read(text.stripTrailing());
  }

  private @Nullable String file(String name) {
    if (!NAME.matcher(name).matches()) {
      return null; // could lead out of the folder
    }
    try {
      return Files.readString(folder.resolve(name));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new SkeinException(
          SkeinException.Code.UNREADABLE_SECRET,
          "the secret '" + name + "' in " + folder + " cannot be read: " + e.getMessage());
    }
  }

  private static JsonNode read(String text) {
    if (text.startsWith("{")) {
      try {
        JsonNode json = Json.parse(text);
        if (json.isObject()) {
          return json;
        }
      } catch (JacksonException e) {
        return Json.NODES.stringNode(text);
      }
    }
    return Json.NODES.stringNode(text);
  }
}
