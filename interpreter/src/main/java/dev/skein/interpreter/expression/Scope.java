package dev.skein.interpreter.expression;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an expression sees besides its input: the variables of its surroundings and the time.
public interface Scope {

  /// The value of `$name` (asked without the dollar sign), or null if there is no such variable.
  @Nullable JsonNode variable(String name);

  /// The instant that `now` answers. A replayed workflow answers the recorded one.
  Instant now();
}
