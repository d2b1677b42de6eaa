package dev.skein.testkit.scenario;

import dev.skein.interpreter.Evaluator;
import dev.skein.interpreter.Json;
import dev.skein.interpreter.SecretSource;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Fault;
import dev.skein.kernel.WakeReason;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.runtime.Location;
import dev.skein.runtime.Outside;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import dev.skein.testkit.scenario.Scenario.Case;
import dev.skein.testkit.scenario.Scenario.Expectation;
import dev.skein.testkit.scenario.Scenario.Sent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs one case, on a store of its own, in a time of its own, among peers that stand in for the
/// world.
public final class Rehearsal {
  private static final String RUN = "run";
  private static final String STANDARD_ERROR = "/errors/";
  private static final Duration LONGEST = Duration.ofDays(3_650);

  /// Beyond all that is waited for, so that no timer is looked for in the store.
  private static final Duration HORIZON = LONGEST.multipliedBy(4);

  private static final Jq JQ = new Jq(Limits.defaults());

  private final Scenario scenario;
  private final Case test;
  private final Options options;

  /// @param record whether cassettes are recorded anew, from the systems themselves
  /// @param patience how long a case may take, in real time
  public record Options(boolean record, Duration patience) {
    public static final Options DEFAULT = new Options(false, Duration.ofSeconds(60));
  }

  /// What came of it.
  ///
  /// @param failures what is not as expected, a sentence each; empty if all is
  /// @param took in the case's own time
  public record Result(String name, List<String> failures, List<String> calls, Duration took) {
    public boolean passed() {
      return failures.isEmpty();
    }
  }

  /// A run that has ended, or cannot go on.
  private record Outcome(RunView run, Duration took, @Nullable String stuck) {}

  private Rehearsal(Scenario scenario, Case test, Options options) {
    this.scenario = scenario;
    this.test = test;
    this.options = options;
  }

  /// @throws dev.skein.runtime.InvalidDefinition if a workflow of it is not valid
  public static Result of(Scenario scenario, Case test, Options options)
      throws IOException, InterruptedException {
    return new Rehearsal(scenario, test, options).result();
  }

  private Result result() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("skein-test");
    try (var peers = new Peers(test.peers(), test.secrets(), options.record)) {
      layOut(data);
      Outcome outcome = outcome(data, peers);
      peers.save();
      return new Result(test.name(), failures(outcome, peers), peers.calls(), outcome.took);
    } finally {
      delete(data);
    }
  }

  private void layOut(Path data) throws IOException {
    Path secrets = Files.createDirectories(data.resolve("secrets"));
    for (Map.Entry<String, String> secret : test.secrets().entrySet()) {
      Files.writeString(secrets.resolve(secret.getKey()), secret.getValue());
    }
  }

  private Outcome outcome(Path data, Peers peers) throws IOException, InterruptedException {
    Settings settings =
        scenario.config() == null ? Settings.NONE : Settings.load(scenario.config());
    var clock = new SkippingClock(test.now());
    EngineOptions engine = EngineOptions.DEFAULT.horizon(HORIZON);
    try (Skein skein =
        Skein.open(
            Location.in(data),
            engine,
            settings,
            UnaryOperator.identity(),
            new Outside(clock, peers))) {
      for (Path file : scenario.also()) {
        skein.keep(Files.readString(file), file);
      }
      WorkflowRef ref = skein.keep(Files.readString(scenario.workflow()), scenario.workflow());
      skein.start(ref, test.input(), RUN);
      for (int i = 0; i < test.events().size(); i++) {
        Sent sent = test.events().get(i);
        JsonNode event = whole(sent.event(), i);
        if (sent.after().isZero()) {
          skein.publish(event);
        } else {
          clock.at(test.now().plus(sent.after()), () -> skein.publish(event));
        }
      }
      return toItsEnd(skein, clock);
    }
  }

  /// With what a CloudEvent must have and a test need not say.
  private static JsonNode whole(JsonNode event, int number) {
    ObjectNode whole = Json.NODES.objectNode();
    whole.put("specversion", "1.0");
    whole.put("id", "event-" + number);
    whole.put("source", "urn:skein:test");
    event.properties().forEach(member -> whole.set(member.getKey(), member.getValue()));
    return whole;
  }

  private Outcome toItsEnd(Skein skein, SkippingClock clock) throws InterruptedException {
    long deadline = System.nanoTime() + options.patience.toNanos();
    while (true) {
      boolean quiet = skein.awaitQuiet(Duration.ofMillis(100));
      RunView run = skein.run(RUN);
      Duration took = Duration.between(test.now(), clock.now());
      if (run.row().status().ended()) {
        return new Outcome(run, took, null);
      }
      if (System.nanoTime() > deadline) {
        return new Outcome(run, took, "it was not over after " + text(options.patience));
      }
      Instant next = clock.next();
      if (!quiet) {
        continue;
      }
      if (next == null || Duration.between(test.now(), next).compareTo(LONGEST) > 0) {
        return new Outcome(
            run, took, "it waits for %s, which never comes".formatted(waitingFor(run)));
      }
      clock.leapTo(next);
    }
  }

  private static String waitingFor(RunView run) {
    return run.waitingFor().stream().map(WakeReason::what).collect(Collectors.joining(", "));
  }

  private List<String> failures(Outcome outcome, Peers peers) {
    var failures = new ArrayList<String>();
    peers.unanswered().stream()
        .distinct()
        .forEach(call -> failures.add("nobody answers " + call + " here"));
    if (outcome.stuck != null) {
      failures.add(outcome.stuck);
      return failures;
    }
    Expectation expect = test.expect();
    RunView run = outcome.run;
    if (!run.status().equals(expect.status())) {
      failures.add(
          "it is %s, not %s%s"
              .formatted(
                  run.status(),
                  expect.status(),
                  run.error() == null ? "" : ": " + Json.text(run.error())));
    }
    compare("output", run.output(), expect.output(), failures);
    error(run.error(), expect.error(), failures);
    calls(peers.calls(), expect.calls(), failures);
    if (expect.within() != null && outcome.took.compareTo(expect.within()) > 0) {
      failures.add("it took %s, not %s".formatted(text(outcome.took), text(expect.within())));
    }
    hold(outcome, peers.calls(), failures);
    return failures;
  }

  private static void compare(
      String what, @Nullable JsonNode found, @Nullable JsonNode wanted, List<String> failures) {
    if (wanted != null && (found == null || !StandIn.same(found, wanted))) {
      failures.add(
          "%s is %s, not %s"
              .formatted(what, found == null ? "missing" : Json.text(found), Json.text(wanted)));
    }
  }

  private static void error(
      @Nullable JsonNode found, @Nullable JsonNode wanted, List<String> failures) {
    if (wanted == null) {
      return;
    }
    for (Map.Entry<String, JsonNode> member : wanted.properties()) {
      JsonNode value = found == null ? Json.NODES.missingNode() : found.path(member.getKey());
      boolean standard =
          member.getKey().equals("type")
              && value.asString("").endsWith(STANDARD_ERROR + member.getValue().asString(""));
      if (!standard && !StandIn.same(value, member.getValue())) {
        failures.add(
            "error.%s is %s, not %s"
                .formatted(
                    member.getKey(),
                    value.isMissingNode() ? "missing" : Json.text(value),
                    Json.text(member.getValue())));
      }
    }
  }

  private static void calls(
      List<String> found, @Nullable List<String> wanted, List<String> failures) {
    if (wanted != null && !found.equals(wanted)) {
      failures.add(
          "the calls are\n  %s\nnot\n  %s"
              .formatted(String.join("\n  ", found), String.join("\n  ", wanted)));
    }
  }

  private void hold(Outcome outcome, List<String> calls, List<String> failures) {
    if (test.expect().that().isEmpty()) {
      return;
    }
    ObjectNode seen = Json.NODES.objectNode();
    seen.put("status", outcome.run.status());
    seen.set("output", orNull(outcome.run.output()));
    seen.set("error", orNull(outcome.run.error()));
    seen.put("took", outcome.took.toMillis() / 1_000.0);
    calls.forEach(seen.withArray("calls")::add);
    var evaluator = new Evaluator(JQ, InstantSource.system(), List.of(), SecretSource.NONE);
    for (String that : test.expect().that()) {
      try {
        JsonNode value = evaluator.expression(that, seen);
        if (value.isNull() || (value.isBoolean() && !value.asBoolean())) {
          failures.add("'%s' does not hold of %s".formatted(that, Json.text(seen)));
        }
      } catch (Fault e) {
        failures.add("'%s' fails: %s".formatted(that, e.failure().message()));
      }
    }
  }

  private static JsonNode orNull(@Nullable JsonNode node) {
    return node == null ? Json.NODES.nullNode() : node;
  }

  private static String text(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
