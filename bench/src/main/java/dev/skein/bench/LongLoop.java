package dev.skein.bench;

import dev.skein.kernel.Context;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A loop of a million iterations with a checkpoint each thousand: that it ends, and how soon it
/// goes on when its process was killed near the end.
final class LongLoop implements Figure {
  private static final int ITERATIONS = 1_000_000;
  private static final int KILLED_AT = 900_000;
  private static final int STEP_EVERY = 1_000;
  private static final double LONGEST_RESUME_SECONDS = 2;
  private static final long LARGEST_GROWTH_MIB = 64;
  private static final String RUN = "long-loop";

  @Override
  public String label() {
    return "loop";
  }

  /// Is told of an iteration before it is done.
  @FunctionalInterface
  private interface Probe {
    void at(int iteration);
  }

  private static Workflow loop(Probe probe) {
    return (context, _) -> {
      Payload restored = context.restored();
      for (int i = restored == null ? 0 : Integer.parseInt(restored.text()); i < ITERATIONS; i++) {
        probe.at(i);
        iterate(context, i);
      }
      return Payload.EMPTY;
    };
  }

  private static void iterate(Context context, int i) {
    Context iteration = context.iteration(i);
    if (i % STEP_EVERY == 0) {
      iteration.step("step", _ -> Payload.of("{\"ok\":true}"));
    }
    context.checkpoint(List.of(), () -> Payload.of(Integer.toString(i + 1)));
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) throws Exception {
    double seconds = whole(settings.folder("loop-whole"));
    Path folder = settings.folder("loop-killed");
    kill(folder);
    long before = Asleep.heapMebibytes();
    var resumedAt = new AtomicLong();
    var first = new AtomicLong(-1);
    var heap = new AtomicLong();
    var resumed = new CountDownLatch(1);
    Probe probe =
        iteration -> {
          first.compareAndSet(-1, iteration);
          if (iteration == KILLED_AT) {
            resumedAt.set(System.nanoTime());
            heap.set(Asleep.heapMebibytes());
            resumed.countDown();
          }
        };
    long opened = System.nanoTime();
    try (var bench = new Bench(folder, loop(probe))) {
      if (!resumed.await(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the killed loop did not come back to where it was");
      }
      bench.awaitEnd(RUN);
    }
    double resume = (resumedAt.get() - opened) / 1e9;
    long growth = heap.get() - before;
    return List.of(
        Line.judged("loop of 1,000,000 iterations", Settings.text("%.1f s", seconds), "ends", true),
        Line.judged(
            "killed at iteration 900,000, goes on after",
            Settings.text("%.2f s (replayed %,d iterations)", resume, KILLED_AT - first.get()),
            Settings.text("less than %.0f s", LONGEST_RESUME_SECONDS),
            resume < LONGEST_RESUME_SECONDS),
        Line.judged(
            "killed at iteration 900,000, heap growth",
            growth + " MiB",
            "less than " + LARGEST_GROWTH_MIB + " MiB",
            growth < LARGEST_GROWTH_MIB));
  }

  private static double whole(Path folder) throws InterruptedException {
    try (var bench = new Bench(folder, loop(_ -> {}))) {
      long began = System.nanoTime();
      bench.start(RUN, Payload.EMPTY);
      bench.awaitEnd(RUN);
      return (System.nanoTime() - began) / 1e9;
    }
  }

  private static void kill(Path folder) throws Exception {
    String java = String.join(File.separator, System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Killed.class.getName(),
                folder.toString())
            .inheritIO()
            .start();
    int code = process.waitFor();
    if (code != Killed.EXIT_CODE) {
      throw new IllegalStateException("the loop's process ended with " + code);
    }
  }

  /// The process that dies in the middle of the loop.
  static final class Killed {
    private static final int EXIT_CODE = 86;

    private Killed() {}

    public static void main(String[] arguments) throws InterruptedException {
      Probe dies =
          iteration -> {
            if (iteration == KILLED_AT) {
              Runtime.getRuntime().halt(EXIT_CODE);
            }
          };
      try (var bench = new Bench(Path.of(arguments[0]), loop(dies))) {
        bench.start(RUN, Payload.EMPTY);
        bench.awaitEnd(RUN);
      }
    }
  }
}
