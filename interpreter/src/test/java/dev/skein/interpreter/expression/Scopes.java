package dev.skein.interpreter.expression;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Surroundings for tests.
final class Scopes {
  static final Scope EMPTY = of(Map.of());

  private Scopes() {}

  static Scope of(Map<String, JsonNode> variables) {
    return new Scope() {
      @Override
      public @Nullable JsonNode variable(String name) {
        return variables.get(name);
      }

      @Override
      public Instant now() {
        return Instant.ofEpochSecond(1_425_599_621, 500_000_000);
      }
    };
  }
}
