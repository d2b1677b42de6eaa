package dev.skein.runtime;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.SecretSource;
import dev.skein.runtime.secret.SecretException;
import dev.skein.runtime.secret.SecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Secrets from where they are kept: first the encrypted store, then files in a folder, one each
/// and named after it, then environment variables: `SKEIN_SECRET_` and the name in capitals, with
/// `_` for everything that is no letter or digit. What is a JSON object is one; anything else is a
/// string, without the line break at its end. Read anew whenever a run asks, so that a secret can
/// be changed. Thread-safe.
public final class SecretFiles implements SecretSource {
  // the key to all others is none of them, though `use: {secrets: [key]}` would find it
  private static final Set<String> NO_SECRETS =
      Set.of(SecretStore.KEY_VARIABLE, SecretStore.KEY_FILE_VARIABLE);

  private final SecretStore store;
  private final Path folder;
  private final Map<String, String> environment;

  /// @param environment of the process
  public SecretFiles(Path data, Map<String, String> environment) {
    this.store = new SecretStore(data, environment, InstantSource.system());
    this.folder = data.resolve("secrets");
    this.environment = environment;
  }

  @Override
  public @Nullable JsonNode secret(String name) {
    String text = stored(name);
    if (text == null) {
      text = file(name);
    }
    if (text == null) {
      text = variable(name);
    }
    return text == null ? null : read(text.stripTrailing());
  }

  private @Nullable String stored(String name) {
    try {
      return store.value(name);
    } catch (SecretException e) {
      throw new SkeinException(
          SkeinException.Code.UNREADABLE_SECRET, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable String variable(String name) {
    String variable = "SKEIN_SECRET_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return NO_SECRETS.contains(variable) ? null : environment.get(variable);
  }

  private @Nullable String file(String name) {
    if (!SecretStore.NAME.matcher(name).matches()) {
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
