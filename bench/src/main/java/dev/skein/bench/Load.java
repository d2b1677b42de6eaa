package dev.skein.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// Clients that do the same thing over and over, each as soon as it was done.
///
/// @param perSecond operations a second, the median of the rounds
/// @param nanos how long each took, over all rounds
record Load(double perSecond, Histogram nanos) {
  private static final int DIGITS = 3;

  /// What a client does.
  @FunctionalInterface
  interface Operation {
    void run() throws InterruptedException;
  }

  static Load apply(int clients, Duration warmUp, Duration round, int rounds, Operation operation)
      throws InterruptedException, ExecutionException {
    var recorder = new Recorder(DIGITS);
    var all = new Histogram(DIGITS);
    double[] rates = new double[rounds];
    long end = System.nanoTime() + warmUp.toNanos() + rounds * round.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new ArrayList<Future<?>>();
      for (int i = 0; i < clients; i++) {
        done.add(
            threads.submit(() -> {
              repeat(operation, recorder, end);
              return true;
            }));
      }
      TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
      recorder.reset();
      for (int i = 0; i < rounds; i++) {
        long began = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(Math.min(round.toNanos(), end - began));
        Histogram one = recorder.getIntervalHistogram();
        rates[i] = one.getTotalCount() / ((System.nanoTime() - began) / 1e9);
        all.add(one);
      }
      for (Future<?> client : done) {
        client.get();
      }
    }
    Arrays.sort(rates);
    return new Load(rates[rounds / 2], all);
  }

  private static void repeat(Operation operation, Recorder recorder, long end)
      throws InterruptedException {
    while (System.nanoTime() < end) {
      long began = System.nanoTime();
      operation.run();
      recorder.recordValue(System.nanoTime() - began);
    }
  }

  double millis(double percentile) {
    return nanos.getValueAtPercentile(percentile) / 1e6;
  }

  String latency() {
    return Settings.text("p50 %.1f ms, p99 %.1f ms", millis(50), millis(99));
  }
}
