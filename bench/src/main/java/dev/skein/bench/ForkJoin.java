package dev.skein.bench;

import dev.skein.kernel.Branch;
import dev.skein.kernel.journal.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs that fork a hundred ways, with a step in each branch, and join.
final class ForkJoin implements Figure {
  private static final int BRANCHES = 100;
  private static final int CLIENTS = 16;
  private static final double LEAST_RUNS_PER_SECOND = 200;
  private static final Payload OUTPUT = Payload.of("{\"ok\":true}");

  @Override
  public String label() {
    return "fork";
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) throws Exception {
    var branches = new ArrayList<Branch<Payload>>();
    for (int i = 0; i < BRANCHES; i++) {
      branches.add(new Branch<>(Integer.toString(i), context -> context.step("step", _ -> OUTPUT)));
    }
    var warmUp = Duration.ofSeconds(settings.pick(10, 2));
    var round = Duration.ofSeconds(settings.pick(10, 1));
    try (var bench =
        new Bench(
            settings.folder(label()),
            (context, _) -> {
              context.fork("fork", BRANCHES, branches);
              return OUTPUT;
            })) {
      Load load = Load.apply(CLIENTS, warmUp, round, 3, bench::runToEnd);
      double runs = load.perSecond();
      double bare = limits.recordsPerSecond() / BRANCHES;
      return List.of(
          new Line(
              "fork and join of 100, 16 clients",
              Settings.text("%,.0f runs/s", runs),
              Settings.text("%,.0f: 100 records each", bare),
              Settings.text("%.2f", runs / bare),
              Settings.text("at least %,.0f", LEAST_RUNS_PER_SECOND),
              runs >= LEAST_RUNS_PER_SECOND ? "yes" : "NO"),
          Line.note("fork and join of 100, a run", load.latency()));
    }
  }
}
