package dev.skein.supervision.alert;

import dev.skein.kernel.Engine;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Times in which nobody is told of an alert. Thread-safe.
final class Silences {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String UNTIL = "until";

  private final Supplier<Engine> engine;
  private final AlertRuns runs;

  Silences(Supplier<Engine> engine, AlertRuns runs) {
    this.engine = engine;
    this.runs = runs;
  }

  void begin(String alert, Instant until, String reason) {
    Payload input =
        Payloads.of(
            JsonNodeFactory.instance
                .objectNode()
                .put(AlertRuns.ALERT, alert)
                .put(UNTIL, until.toString())
                .put("reason", reason));
    Map<String, String> attributes = Map.of(AlertRuns.ALERT, alert, UNTIL, until.toString());
    var _ = engine.get().start(AlertRuns.start(SilenceWorkflow.REF, input, null, attributes));
  }

  /// Whether there was one; when this returns there is none.
  boolean end(String alert, String reason) throws InterruptedException {
    List<RunRow> all = runs.open(SilenceWorkflow.REF, alert);
    for (RunRow run : all) {
      engine.get().cancel(run.id(), reason);
      var _ = engine.get().await(run.id(), PATIENCE);
    }
    return !all.isEmpty();
  }

  /// When the longest ends; null if there is none.
  @Nullable Instant until(String alert) {
    Instant latest = null;
    for (RunRow run : runs.open(SilenceWorkflow.REF, alert)) {
      Instant until = Instant.parse(runs.attribute(run, UNTIL));
      if (latest == null || until.isAfter(latest)) {
        latest = until;
      }
    }
    return latest;
  }
}
