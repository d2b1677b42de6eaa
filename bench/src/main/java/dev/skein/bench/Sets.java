package dev.skein.bench;

import dev.skein.interpreter.GrpcPort;
import dev.skein.interpreter.HttpPort;
import dev.skein.interpreter.OpenApiPort;
import dev.skein.interpreter.Ports;
import dev.skein.interpreter.ProcessPort;
import dev.skein.interpreter.SecretSource;
import dev.skein.interpreter.YamlWorkflow;
import dev.skein.interpreter.expression.Jq;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.Store;
import dev.skein.runtime.WorkflowText;
import dev.skein.store.SqliteStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Runs of a workflow of the language, ten `set` tasks one after the other: what the interpreter
/// and the kernel cost where nothing waits, on a store that costs nothing and on a real one. Only a
/// run's start and its end must be durable.
final class Sets implements Figure {
  private static final int TASKS = 10;
  private static final int CLIENTS = 256;
  private static final double LEAST_RUNS_PER_SECOND = 40_000;
  private static final double LEAST_DURABLE_RUNS_PER_SECOND = 5_000;
  private static final Payload INPUT = Payload.of("{\"total\":1,\"name\":\"ada\"}");

  @Override
  public String label() {
    return "sets";
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) throws Exception {
    var lines = new ArrayList<Line>();
    Load bare = load(new RowsOnly(), settings);
    lines.add(line("ten set tasks, no disk, 256 clients", bare, LEAST_RUNS_PER_SECOND, "", ""));
    Load durable = load(SqliteStore.open(settings.folder(label())), settings);
    double records = limits.recordsPerSecond() / 2;
    lines.add(
        line(
            "ten set tasks, 256 clients",
            durable,
            LEAST_DURABLE_RUNS_PER_SECOND,
            Settings.text("%,.0f: 2 records each", records),
            Settings.text("%.2f", durable.perSecond() / records)));
    lines.add(Line.note("ten set tasks, 256 clients, a run", durable.latency()));
    return lines;
  }

  private static Line line(String figure, Load load, double bar, String limit, String ratio) {
    return new Line(
        figure,
        Settings.text("%,.0f runs/s", load.perSecond()),
        limit,
        ratio,
        Settings.text("at least %,.0f", bar),
        load.perSecond() >= bar ? "yes" : "NO");
  }

  private static Load load(Store store, Settings settings) throws Exception {
    var warmUp = Duration.ofSeconds(settings.pick(10, 4));
    var round = Duration.ofSeconds(settings.pick(10, 2));
    try (var bench = new Bench(store, workflow())) {
      return Load.apply(CLIENTS, warmUp, round, 3, () -> bench.awaitEnd(bench.start(INPUT).id()));
    }
  }

  private static Workflow workflow() {
    var tasks = new StringBuilder();
    for (int i = 1; i <= TASKS; i++) {
      tasks
          .append("  - step")
          .append(i)
          .append(":\n")
          .append("      set:\n")
          .append("        total: ${ .total + 1 }\n")
          .append("        name: ${ .name }\n");
    }
    String source =
        "document: {dsl: 1.0.0, namespace: bench, name: sets, version: 1.0.0}\ndo:\n" + tasks;
    var jq = new Jq(dev.skein.interpreter.expression.Limits.defaults());
    var ports =
        new Ports(
            new NoHttp(),
            GrpcPort.NONE,
            OpenApiPort.NONE,
            new NoProcesses(),
            SecretSource.NONE,
            (_, _) -> null);
    return new YamlWorkflow(WorkflowText.read(source), jq, ports);
  }

  private static final class NoHttp implements HttpPort {
    @Override
    public JsonNode call(Request request, Site site) {
      throw new UnsupportedOperationException("no task here calls");
    }

    @Override
    public JsonNode authorization(JsonNode policy, String workflow) {
      throw new UnsupportedOperationException("no call here has a policy");
    }
  }

  private static final class NoProcesses implements ProcessPort {
    @Override
    public JsonNode run(Command command, String key) {
      throw new UnsupportedOperationException("no task here runs a process");
    }

    @Override
    public void start(Command command, String key) {
      throw new UnsupportedOperationException("no task here runs a process");
    }
  }
}
