package dev.skein.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.skein.kernel.Context;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A loop of a million iterations with a checkpoint each thousand: that it ends, and how soon it
/// goes on when its process was killed near the end. It is killed, and goes on, in processes of its
/// own: what it takes to start one counts.
final class LongLoop implements Figure {
  private static final int ITERATIONS = 1_000_000;
  private static final int CHECKPOINT_EVERY = 1_000; // as an engine does unless told otherwise
  private static final int KILLED_AT = 900_000 + CHECKPOINT_EVERY - 1; // the most to be done again
  private static final int KILLED_CODE = 86;
  private static final double LONGEST_RESUME_SECONDS = 2;
  private static final double LARGEST_GROWTH_MIB = 64;
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
    if (i % CHECKPOINT_EVERY == 0) {
      iteration.step("step", _ -> Payload.of("{\"ok\":true}"));
    }
    context.checkpoint(() -> Payload.of(Integer.toString(i + 1)));
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) throws Exception {
    double seconds = whole(settings.folder("loop-whole"));
    Path folder = settings.folder("loop-killed");
    child(Killed.class, folder, KILLED_CODE);
    List<String> said = List.of(child(Resumed.class, folder, 0).strip().split(" ", -1));
    double resume = Long.parseLong(said.get(0)) / 1e3;
    int again = KILLED_AT - Integer.parseInt(said.get(1));
    double growth = Long.parseLong(said.get(2)) / 1024.0;
    return List.of(
        Line.judged("loop of 1,000,000 iterations", Settings.text("%.1f s", seconds), "ends", true),
        Line.judged(
            "killed near iteration 901,000, back there",
            Settings.text("%.2f s, %,d iterations done again", resume, again),
            Settings.text("less than %.0f s", LONGEST_RESUME_SECONDS),
            resume < LONGEST_RESUME_SECONDS && again < CHECKPOINT_EVERY),
        Line.judged(
            "killed near iteration 901,000, heap growth",
            Settings.text("%.1f MiB", growth),
            Settings.text("less than %.0f MiB", LARGEST_GROWTH_MIB),
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

  /// Runs the program in a process of its own and returns what it printed.
  private static String child(Class<?> program, Path folder, int expected) throws Exception {
    String java = String.join(File.separator, System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = process.waitFor();
    if (code != expected) {
      throw new IllegalStateException(program.getSimpleName() + " ended with " + code);
    }
    return said;
  }

  /// The process that dies in the middle of the loop.
  static final class Killed {
    private Killed() {}

    public static void main(String[] arguments) throws InterruptedException {
      Probe dies =
          iteration -> {
            if (iteration == KILLED_AT) {
              Runtime.getRuntime().halt(KILLED_CODE);
            }
          };
      try (var bench = new Bench(Path.of(arguments[0]), loop(dies))) {
        bench.start(RUN, Payload.EMPTY);
        bench.awaitEnd(RUN);
      }
    }
  }

  /// The process that goes on. Prints how many milliseconds after its own start it was where the
  /// other died, which iteration it did first, and by how many KiB its heap had grown.
  static final class Resumed {
    private Resumed() {}

    public static void main(String[] arguments) throws InterruptedException {
      long heapBefore = Self.heapAfterCollection();
      var first = new AtomicInteger(-1);
      var back = new CountDownLatch(1);
      Probe probe =
          iteration -> {
            first.compareAndSet(-1, iteration);
            if (iteration == KILLED_AT) {
              long millis = Self.millisSinceStart();
              long growth = Self.heapAfterCollection() - heapBefore;
              System.out.println(millis + " " + first.get() + " " + (growth >> 10));
              back.countDown();
            }
          };
      try (var bench = new Bench(Path.of(arguments[0]), loop(probe))) {
        back.await();
        bench.awaitEnd(RUN);
      }
    }
  }
}
