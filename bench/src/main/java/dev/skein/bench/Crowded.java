package dev.skein.bench;

import dev.skein.kernel.Engine;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.EntryCodec;
import dev.skein.kernel.journal.Frame;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.store.PostgresStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs of ten steps in a store that has the history of many others, beside an empty one: in turns,
/// so that both see the same machine. The history is as such runs leave it, one frame for each
/// step.
final class Crowded implements Figure {
  private static final int STEPS = 10;
  private static final int CLIENTS = 256;
  private static final int ROUNDS = 7;
  private static final int RUNS_A_COMMIT = 200;
  private static final Duration BEFORE = Duration.ofHours(2);
  private static final double LEAST_RATIO = 0.9;
  private static final Payload OUTPUT = Payload.of("{\"ok\":true}");

  private static final Workflow WORKFLOW =
      (context, _) -> {
        for (int i = 0; i < STEPS; i++) {
          context.step("step", _ -> OUTPUT);
        }
        return OUTPUT;
      };

  @Override
  public String label() {
    return "crowded";
  }

  @Override
  public boolean onlyWhenAsked() {
    return true;
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) throws Exception {
    var lines = new ArrayList<Line>();
    try (var empty = new Bench(settings.folder("empty"), WORKFLOW);
        var crowded = new Bench(settings.folder("crowded"), WORKFLOW)) {
      lines.addAll(compared("SQLite", empty, crowded, settings));
    }
    String url = settings.postgres();
    if (url != null) {
      try (var empty = new Bench(PostgresStore.open(in(url, "skein_empty")), WORKFLOW);
          var crowded = new Bench(PostgresStore.open(in(url, "skein_crowded")), WORKFLOW)) {
        lines.addAll(compared("PostgreSQL", empty, crowded, settings));
      }
    }
    return lines;
  }

  private static String in(String url, String schema) {
    return url + (url.contains("?") ? "&" : "?") + "schema=" + schema;
  }

  private static List<Line> compared(String on, Bench empty, Bench crowded, Settings settings)
      throws Exception {
    int runs = settings.pick(2_000_000, 20_000);
    long began = System.nanoTime();
    fill(crowded.engine(), runs);
    double filling = (System.nanoTime() - began) / 1e9;
    var round = Duration.ofSeconds(settings.pick(8, 1));
    var warmUp = Duration.ofSeconds(settings.pick(3, 1));
    double[] ratios = new double[ROUNDS];
    double[] alone = new double[ROUNDS];
    double[] beside = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      alone[i] = Load.apply(CLIENTS, warmUp, round, 1, empty::runToEnd).perSecond() * STEPS;
      beside[i] = Load.apply(CLIENTS, warmUp, round, 1, crowded::runToEnd).perSecond() * STEPS;
      ratios[i] = beside[i] / alone[i];
    }
    double ratio = median(ratios);
    return List.of(
        new Line(
            Settings.text("ten steps on %s beside %,d finished runs", on, runs),
            Settings.text("%,.0f steps/s", median(beside)),
            Settings.text("%,.0f steps/s: empty", median(alone)),
            Settings.text("%.2f", ratio),
            Settings.text("at least %.1f times", LEAST_RATIO),
            ratio >= LEAST_RATIO ? "yes" : "NO"),
        Line.note(
            Settings.text("history written to %s", on),
            Settings.text("%,.0f rows/s", runs * (STEPS + 2.0) / filling)));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /// All of the last hours, and so in the same partition and at the same end of every index as what
  /// is measured.
  private static void fill(Engine engine, int runs) {
    Instant at = Instant.now().minus(BEFORE);
    long number = RunNumbers.firstAt(at);
    var changes = new ArrayList<Change>();
    for (int i = 0; i < runs; i++) {
      add(changes, number, RunNumbers.startOf(number));
      number = RunNumbers.after(number, RunNumbers.startOf(number).plusMillis(1), 0);
      if (changes.size() >= RUNS_A_COMMIT * (STEPS + 3) || i == runs - 1) {
        engine.commit(changes);
        changes = new ArrayList<>();
      }
    }
  }

  private static void add(List<Change> changes, long number, Instant at) {
    var progress = new RunRow.Progress(RunStatus.COMPLETED, at, null, "", 0);
    changes.add(
        new Change.RunCreated(
            new RunRow(number, RunNumbers.id(number), Bench.REF, at, 3, null, progress)));
    frame(changes, number, 1, new Entry.RunStarted(at, Bench.REF, Payload.EMPTY), null);
    for (int i = 1; i <= STEPS; i++) {
      var step = new Entry.StepCompleted(at, new StepKey("", "step", i), 1, at, OUTPUT);
      var end = i < STEPS ? null : new Entry.RunEnded(at, RunStatus.COMPLETED, OUTPUT, null);
      frame(changes, number, i + 1, step, end);
    }
  }

  private static void frame(
      List<Change> changes, long run, int sequence, Entry first, @Nullable Entry second) {
    var entries = new ArrayList<byte[]>();
    entries.add(encoded(first));
    if (second != null) {
      entries.add(encoded(second));
    }
    changes.add(new Change.FrameAppended(run, sequence, Frame.encode(run, sequence, entries)));
  }

  private static byte[] encoded(Entry entry) {
    return EntryCodec.encode(
        entry,
        (_, _) -> {
          throw new IllegalStateException("nothing here is large");
        });
  }
}
