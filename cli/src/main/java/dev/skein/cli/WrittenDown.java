package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineException;
import dev.skein.runtime.Skein;
import dev.skein.runtime.SkeinException;
import dev.skein.runtime.access.AuditWriter.Act;
import dev.skein.runtime.access.AuditWriter.Outcome;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What a command changes in data that it has opened itself, in the audit log like what is asked of
/// a server.
///
/// @param skein the opened data
record WrittenDown(Skein skein) {
  private static final String FROM = "command line";

  /// @param what as the API calls it
  /// @param on what it is about
  /// @param reason null if nobody gave one
  <T extends @Nullable Object> T doing(
      String what, @Nullable String on, @Nullable String reason, Supplier<T> doing) {
    ObjectNode details = Json.NODES.objectNode();
    if (reason != null) {
      details.put("reason", reason);
    }
    var act = new Act("user " + System.getProperty("user.name"), FROM, what, on, details);
    String asked = skein.access().audit().asked(act, false);
    try {
      T result = doing.get();
      skein.access().audit().answered(asked, act, new Outcome(200, null, null));
      return result;
    } catch (RuntimeException e) {
      skein.access().audit().answered(asked, act, new Outcome(409, code(e), null));
      throw e;
    }
  }

  void changing(String what, @Nullable String on, @Nullable String reason, Runnable doing) {
    var _ =
        doing(
            what,
            on,
            reason,
            () -> {
              doing.run();
              return true;
            });
  }

  private static String code(RuntimeException e) {
    return switch (e) {
      case EngineException known -> code(known.code());
      case SkeinException known -> code(known.code());
      default -> "failed";
    };
  }

  private static String code(Enum<?> code) {
    return code.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
