package dev.skein.bench;

import dev.skein.kernel.Context;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import java.time.Duration;
import java.util.List;

/// Runs of ten steps one after the other: how long one takes alone, how many many clients get.
enum Steps implements Figure {
  ALONE("alone"),
  LOAD("load");

  private static final int STEPS = 10;
  private static final int CLIENTS = 256;
  private static final double LARGEST_RATIO = 1.5;
  private static final double LEAST_STEPS_PER_SECOND = 20_000;
  private static final Payload OUTPUT = Payload.of("{\"ok\":true}");

  private final String label;

  Steps(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) throws Exception {
    Workflow workflow = (context, _) -> tenSteps(context);
    try (var bench = new Bench(settings.folder(label), workflow)) {
      return this == ALONE ? alone(bench, settings, limits) : load(bench, settings, limits);
    }
  }

  private static Payload tenSteps(Context context) {
    for (int i = 0; i < STEPS; i++) {
      context.step("step", _ -> OUTPUT);
    }
    return OUTPUT;
  }

  private static List<Line> alone(Bench bench, Settings settings, Limits limits) throws Exception {
    var warmUp = Duration.ofSeconds(settings.pick(5, 1));
    var round = Duration.ofSeconds(settings.pick(5, 1));
    Load load = Load.apply(1, warmUp, round, 3, bench::runToEnd);
    double bare = STEPS * limits.growingSyncMillis();
    double ratio = load.millis(50) / bare;
    return List.of(
        new Line(
            "ten steps, 1 client, p50",
            Settings.text("%.2f ms", load.millis(50)),
            Settings.text("%.2f ms: ten syncs", bare),
            Settings.text("%.2f", ratio),
            Settings.text("at most %.1f x", LARGEST_RATIO),
            ratio <= LARGEST_RATIO ? "yes" : "NO"),
        Line.note("ten steps, 1 client, p99", Settings.text("%.2f ms", load.millis(99))));
  }

  private static List<Line> load(Bench bench, Settings settings, Limits limits) throws Exception {
    var warmUp = Duration.ofSeconds(settings.pick(10, 2));
    var round = Duration.ofSeconds(settings.pick(10, 1));
    Load load = Load.apply(CLIENTS, warmUp, round, 3, bench::runToEnd);
    double steps = load.perSecond() * STEPS;
    return List.of(
        new Line(
            "ten steps, 256 clients",
            Settings.text("%,.0f steps/s", steps),
            Settings.text("%,.0f records/s", limits.recordsPerSecond()),
            Settings.text("%.2f", steps / limits.recordsPerSecond()),
            Settings.text("at least %,.0f", LEAST_STEPS_PER_SECOND),
            steps >= LEAST_STEPS_PER_SECOND ? "yes" : "NO"),
        Line.note("ten steps, 256 clients, a run", load.latency()));
  }
}
