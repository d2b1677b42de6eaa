package dev.skein.cli;

import dev.skein.interpreter.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What one check of `skein doctor` has found.
///
/// @param check a stable name of what was looked at
/// @param message one sentence
/// @param advice what to do; null if there is nothing to do
record Finding(String check, State state, String message, @Nullable String advice) {
  /// How bad it is.
  enum State {
    OK,
    /// Worth a look.
    WARNING,
    /// Something does not work, or is not safe.
    PROBLEM
  }

  static Finding ok(String check, String message) {
    return new Finding(check, State.OK, message, null);
  }

  static Finding warning(String check, String message, String advice) {
    return new Finding(check, State.WARNING, message, advice);
  }

  static Finding problem(String check, String message, String advice) {
    return new Finding(check, State.PROBLEM, message, advice);
  }

  /// `{check, state, message, advice?}`, the state in small letters
  ObjectNode json() {
    ObjectNode json = Json.NODES.objectNode();
    json.put("check", check)
        .put("state", state.name().toLowerCase(Locale.ROOT))
        .put("message", message);
    if (advice != null) {
      json.put("advice", advice);
    }
    return json;
  }
}
