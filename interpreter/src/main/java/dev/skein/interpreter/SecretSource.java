package dev.skein.interpreter;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where secrets come from.
@FunctionalInterface
public interface SecretSource {
  /// Nobody has any.
  SecretSource NONE = _ -> null;

  /// A string, or an object of several values that belong together; null if there is no such
  /// secret.
  @Nullable JsonNode secret(String name);
}
