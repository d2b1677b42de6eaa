package dev.skein.bench;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.kernel.Deferred;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// What a system that hangs under many calls does to the calls of another: their 99th percentile at
/// a fixed rate, alone and beside it, in turns.
final class Isolation implements Figure {
  private static final int HANGING = 1_000;
  private static final int PER_SECOND = 500;
  private static final double BAR = 1.5;

  /// After which a call that hangs is given up.
  private static final List<Duration> GIVEN_UP_AFTER =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(1));

  private static String settings(Duration patience) {
    return """
    integrations:
      well: {match: {paths: [/well]}, timeout: {attempt: PT5S}, retry: {attempts: 1}}
      hung: {match: {paths: [/hung]}, timeout: {attempt: %s}, retry: {attempts: 1}}
    """
        .formatted(patience);
  }

  @Override
  public String label() {
    return "isolation";
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) throws Exception {
    var lines = new ArrayList<Line>();
    for (Duration patience : GIVEN_UP_AFTER) {
      lines.add(measure(settings, patience));
    }
    return lines;
  }

  private static Line measure(Settings settings, Duration patience) throws Exception {
    int rounds = settings.pick(15, 3);
    Duration length = Duration.ofSeconds(settings.pick(5, 2));
    double[] alone = new double[rounds];
    double[] beside = new double[rounds];
    try (var well = new Prompt("{}");
        var hung = Prompt.mute();
        var calls = new Calls(settings(patience))) {
      well.open();
      hung.open();
      HttpCall good = HttpCall.of("GET", well.uri("/well"));
      HttpCall bad = HttpCall.of("GET", hung.uri("/hung"));
      p99Millis(calls, good, length);
      for (int round = 0; round < rounds; round++) {
        alone[round] = p99Millis(calls, good, length);
        beside[round] = hanging(calls, bad, patience, () -> p99Millis(calls, good, length));
      }
    }
    double[] ratios = new double[rounds];
    Arrays.setAll(ratios, round -> beside[round] / alone[round]); // what disturbs disturbs both
    double ratio = median(ratios);
    return new Line(
        "p99 of calls beside %d that hang for %s".formatted(HANGING, patience),
        Settings.text("%.2f ms", median(beside)),
        Settings.text("%.2f ms: alone", median(alone)),
        Settings.text("%.2f", ratio),
        Settings.text("at most %.1f times", BAR),
        ratio <= BAR ? "yes" : "NO");
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private interface Measurement {
    double take() throws InterruptedException;
  }

  /// Takes it while so many calls hang, one after the other on each thread.
  private static double hanging(
      Calls calls, HttpCall call, Duration patience, Measurement measurement)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < HANGING; i++) {
      threads.add(Thread.ofVirtual().start(() -> hang(calls, call)));
      LockSupport.parkNanos(patience.toNanos() / HANGING); // they come as they come
    }
    try {
      return measurement.take();
    } finally {
      threads.forEach(Thread::interrupt);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void hang(Calls calls, HttpCall call) {
    while (true) {
      try {
        calls.call(call);
      } catch (HttpCallException | Deferred e) {
        // as it must be: it timed out
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// From when each call is due, whether or not those before it are answered.
  private static double p99Millis(Calls calls, HttpCall call, Duration length)
      throws InterruptedException {
    Histogram nanos = new ConcurrentHistogram(3);
    var failures = new ConcurrentLinkedQueue<Exception>();
    long gap = Duration.ofSeconds(1).toNanos() / PER_SECOND;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long begun = System.nanoTime();
      for (long due = begun; due - begun < length.toNanos(); due += gap) {
        LockSupport.parkNanos(due - System.nanoTime());
        long from = due;
        threads.execute(() -> {
          try {
            calls.call(call);
            nanos.recordValue(System.nanoTime() - from);
          } catch (HttpCallException | InterruptedException e) {
            failures.add(e);
          }
        });
      }
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException("a call to the system that is well failed", failures.peek());
    }
    return nanos.getValueAtPercentile(99) / 1e6;
  }
}
