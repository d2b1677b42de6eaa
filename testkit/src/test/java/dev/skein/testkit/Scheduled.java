package dev.skein.testkit;

import dev.skein.interpreter.CloudEvents;
import dev.skein.interpreter.GrpcPort;
import dev.skein.interpreter.HttpPort;
import dev.skein.interpreter.Json;
import dev.skein.interpreter.OpenApiPort;
import dev.skein.interpreter.Ports;
import dev.skein.interpreter.ProcessPort;
import dev.skein.interpreter.SecretSource;
import dev.skein.interpreter.YamlWorkflow;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoredSchedule;
import dev.skein.model.Definition;
import dev.skein.runtime.WorkflowText;
import dev.skein.runtime.schedule.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Scheduled workflows on an engine whose time a test turns, and which it may close and open again.
/// Owned by the test's thread.
final class Scheduled implements AutoCloseable {
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final HttpPort NO_CALLS =
      new HttpPort() {
        @Override
        public JsonNode call(Request request, Site site) {
          throw new UnsupportedOperationException("no task here calls");
        }

        @Override
        public JsonNode authorization(JsonNode policy, String workflow) {
          throw new UnsupportedOperationException("no task here calls");
        }
      };

  private static final ProcessPort NO_PROCESSES =
      new ProcessPort() {
        @Override
        public JsonNode run(Command command, String key) {
          throw new UnsupportedOperationException("no task here runs a process");
        }

        @Override
        public void start(Command command, String key) {
          throw new UnsupportedOperationException("no task here runs a process");
        }
      };

  private final Jq jq = new Jq(Limits.defaults());
  private final Map<WorkflowRef, YamlWorkflow> workflows = new ConcurrentHashMap<>();
  private final Store store;
  private final VirtualClock clock;
  private Engine engine;
  private Schedules schedules;

  /// A run as the tests compare them.
  record Started(String id, String at, String input, String status) {}

  Scheduled(Store store) {
    this(store, BEGIN);
  }

  Scheduled(Store store, Instant begin) {
    this.store = store;
    this.clock = new VirtualClock(begin);
    this.engine = opened();
    this.schedules = begun();
  }

  private Engine opened() {
    return new Engine(
        store, clock, workflows::get, EngineOptions.DEFAULT.horizon(Duration.ofDays(4_000)));
  }

  private Schedules begun() {
    var sources = new Schedules.Sources(ref -> workflows.get(ref).definition(), jq);
    var begun = new Schedules(engine, store, clock, sources);
    begun.begin();
    return begun;
  }

  Schedules schedules() {
    return schedules;
  }

  Engine engine() {
    return engine;
  }

  void deploy(String yaml) {
    Definition definition = WorkflowText.read(yaml);
    var document = definition.document();
    var ref = new WorkflowRef(document.namespace(), document.name(), document.version());
    var ports =
        new Ports(
            NO_CALLS,
            GrpcPort.NONE,
            OpenApiPort.NONE,
            NO_PROCESSES,
            SecretSource.NONE,
            (_, _) -> null);
    workflows.put(ref, new YamlWorkflow(definition, jq, ports));
    schedules.deploy(ref, definition, this::commit);
  }

  private void commit(List<Change> changes) {
    engine.commit(changes);
  }

  void publish(String event) {
    engine.publish(List.of(CloudEvents.checked(Json.parse(event), clock.now())));
  }

  /// Lets time pass, alarm by alarm, as far as the engine lives.
  void pass(String duration) throws InterruptedException {
    passTo(clock.now().plus(Duration.parse(duration)));
  }

  void passTo(Instant end) throws InterruptedException {
    quiet();
    while (!engine.failed() && clock.next() != null && !clock.next().isAfter(end)) {
      clock.advanceTo(clock.next());
      quiet();
    }
    if (!engine.failed()) {
      clock.advanceTo(end);
      quiet();
    }
  }

  void quiet() throws InterruptedException {
    if (!engine.awaitQuiet(PATIENCE)) {
      throw new IllegalStateException("the engine is still busy");
    }
  }

  Instant now() {
    return clock.now();
  }

  /// Closes everything and opens it again after a while.
  void down(String duration) {
    close();
    clock.advance(Duration.parse(duration));
    open();
  }

  void open() {
    engine = opened();
    schedules = begun();
  }

  StoredSchedule row() {
    return store.schedules().getFirst();
  }

  /// Oldest first.
  List<Started> runs() {
    var runs = new ArrayList<Started>();
    for (RunRow row : store.runs(RunFilter.newest(10_000)).reversed()) {
      String input =
          Engine.journal(store, row.number()).stream()
              .flatMap(e -> e instanceof Entry.RunStarted s ? Stream.of(s.input().text()) : null)
              .findFirst()
              .orElseThrow();
      runs.add(new Started(row.id(), row.startedAt().toString(), input, row.status().toString()));
    }
    return runs;
  }

  List<String> times() {
    return runs().stream().map(Started::at).toList();
  }

  List<String> inputs() {
    return runs().stream().map(Started::input).toList();
  }

  @Override
  public void close() {
    schedules.close();
    engine.close();
  }
}
