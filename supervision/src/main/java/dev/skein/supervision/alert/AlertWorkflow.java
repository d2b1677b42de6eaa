package dev.skein.supervision.alert;

import dev.skein.kernel.Branch;
import dev.skein.kernel.Context;
import dev.skein.kernel.Engine;
import dev.skein.kernel.Fault;
import dev.skein.kernel.RetryPolicy;
import dev.skein.kernel.StepOptions;
import dev.skein.kernel.TimedOut;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An alert that fires, from when it does to when it is over: opens an incident, tells everybody,
/// again if that is wanted, and tells them of the end. While it is silenced nobody is told.
final class AlertWorkflow implements Workflow {
  static final WorkflowRef REF = new WorkflowRef("skein", "alert", "1.0.0");

  /// The type of what it hears: `{over}`, whether it is over, or else may tell again.
  static final String WORD = "dev.skein.alert.word";

  static final String OVER = "over";

  /// The kind of its incident.
  static final String KIND = "alert";

  /// About an hour of trying; then one who cannot be told is given up for this time.
  private static final RetryPolicy PERSISTENT =
      new RetryPolicy(20, Duration.ofSeconds(1), 2, Duration.ofMinutes(5));

  private final Supplier<Engine> engine;
  private final Silences silences;
  private final Notifier notifier;

  /// @param engine not asked for before a run is
  AlertWorkflow(Supplier<Engine> engine, Silences silences, Notifier notifier) {
    this.engine = engine;
    this.silences = silences;
    this.notifier = notifier;
  }

  @Override
  public Payload run(Context context, Payload input) {
    Alert alert = Alert.read(Payloads.json(input));
    if (alert.test()) {
      return Payloads.of(tell(context, alert, "test"));
    }
    step(context, "open", () -> open(context.runId(), alert));
    boolean told = false;
    boolean over = false;
    while (!over) {
      Instant silent = silencedUntil(context, alert);
      if (silent == null) {
        var _ = tell(context, alert, told ? "still-firing" : "firing");
        told = true;
      }
      over =
          isOver(
              context, silent == null ? alert.repeat() : Duration.between(context.now(), silent));
    }
    context.attributes(Map.of(AlertRuns.OVER, "true"));
    step(context, "close", () -> close(context.runId()));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("since", alert.since().toString()).put("until", context.now().toString());
    if (told && silencedUntil(context, alert) == null) {
      result.set("told", tell(context, alert, "resolved"));
    }
    return Payloads.of(result);
  }

  private void open(String run, Alert alert) {
    engine
        .get()
        .report(
            run,
            KIND,
            alert.name() + ": " + alert.summary(),
            "severity " + alert.severity() + ", since " + alert.since());
  }

  private void close(String run) {
    engine.get().commit(List.of(new Change.IncidentsClosed(engine.get().row(run).number())));
  }

  private static void step(Context context, String name, Runnable work) {
    StepOptions options = StepOptions.DEFAULT.retry(RetryPolicy.FOREVER);
    var _ =
        context.step(
            name,
            options,
            _ -> {
              work.run();
              return Payload.EMPTY;
            });
  }

  private @Nullable Instant silencedUntil(Context context, Alert alert) {
    Payload until =
        context.step(
            "silenced",
            StepOptions.DEFAULT.retry(RetryPolicy.FOREVER),
            _ -> {
              Instant found = silences.until(alert.name());
              return Payloads.of(
                  JsonNodeFactory.instance.stringNode(found == null ? "" : found.toString()));
            });
    String written = Payloads.json(until).asString();
    return written.isEmpty() ? null : Instant.parse(written);
  }

  /// @param pause null to wait for nothing but the end
  private static boolean isOver(Context context, @Nullable Duration pause) {
    if (pause == null) {
      return isOver(context.await(WORD));
    }
    try {
      return isOver(context.limit("firing", pause, inside -> inside.await(WORD)));
    } catch (TimedOut e) {
      return false;
    }
  }

  private static boolean isOver(Payload word) {
    return Payloads.json(word).path(OVER).asBoolean(false);
  }

  /// Tells all side by side: one who cannot be told keeps it from nobody else.
  private ObjectNode tell(Context context, Alert alert, String state) {
    List<JsonNode> channels = alert.channels();
    var branches = new ArrayList<Branch<String>>();
    for (int i = 0; i < channels.size(); i++) {
      JsonNode channel = channels.get(i);
      branches.add(
          new Branch<>(Integer.toString(i), inside -> told(inside, alert, channel, state)));
    }
    ObjectNode outcomes = JsonNodeFactory.instance.objectNode();
    if (!branches.isEmpty()) {
      List<String> results = context.fork(state, branches.size(), branches);
      for (int i = 0; i < results.size(); i++) {
        outcomes.put(i + " " + channels.get(i).propertyNames().iterator().next(), results.get(i));
      }
    }
    return outcomes;
  }

  private String told(Context context, Alert alert, JsonNode channel, String state) {
    ObjectNode message = alert.message(state, context.runId(), context.now());
    try {
      Payload told =
          context.step(
              "tell",
              StepOptions.DEFAULT.retry(PERSISTENT),
              attempt -> {
                notifier.send(channel, message, new Notifier.At(context.runId(), attempt));
                return Payloads.of(JsonNodeFactory.instance.stringNode("told"));
              });
      return Payloads.json(told).asString();
    } catch (Fault e) {
      return "not told: " + e.failure().message();
    }
  }
}
