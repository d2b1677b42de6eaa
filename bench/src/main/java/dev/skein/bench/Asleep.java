package dev.skein.bench;

import dev.skein.kernel.journal.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;

/// Many runs that only sleep: what they cost meanwhile, and how late they wake when a thousand are
/// due each second.
final class Asleep implements Figure {
  private static final int DUE_PER_SECOND = 1_000;
  private static final int STARTERS = 256;
  private static final long LARGEST_HEAP_MIB = 512;
  private static final long LATEST_MICROS = 1_000_000;

  @Override
  public String label() {
    return "asleep";
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) throws Exception {
    int runs = settings.pick(100_000, 10_000);
    Instant firstDue = Instant.now().plusSeconds(settings.pick(60, 7));
    var late = new ConcurrentHistogram(3);
    var awake = new CountDownLatch(runs);
    try (var bench =
        new Bench(
            settings.folder(label()),
            (context, input) -> {
              Instant due = due(firstDue, Integer.parseInt(input.text()));
              context.sleep("sleep", Duration.between(context.now(), due));
              late.recordValue(Math.max(0, Duration.between(due, Instant.now()).toNanos() / 1_000));
              awake.countDown();
              return Payload.EMPTY;
            })) {
      long began = System.nanoTime();
      startAll(bench, runs);
      double startsPerSecond = runs / ((System.nanoTime() - began) / 1e9);
      var untilDue = Duration.between(Instant.now(), firstDue);
      if (untilDue.toMillis() < 2_000) {
        throw new IllegalStateException("starting the runs took too long to measure their sleep");
      }
      TimeUnit.MILLISECONDS.sleep(untilDue.toMillis() - 1_000); // all have left memory by then
      long heap = Self.heapAfterCollection() >> 20;
      boolean woke = awake.await(runs / DUE_PER_SECOND + 60L, TimeUnit.SECONDS);
      String name = Settings.text("%,d asleep", runs);
      long max = late.getMaxValue();
      return List.of(
          Line.judged(
              name + ", heap",
              heap + " MiB",
              "at most " + LARGEST_HEAP_MIB + " MiB",
              heap <= LARGEST_HEAP_MIB),
          Line.judged(
              name + ", late by",
              Settings.text(
                  "p50 %.1f ms, p99 %.1f ms, max %.1f ms",
                  late.getValueAtPercentile(50) / 1e3,
                  late.getValueAtPercentile(99) / 1e3,
                  max / 1e3),
              "all within 1 s",
              woke && max <= LATEST_MICROS),
          Line.note(name + ", to start them", Settings.text("%,.0f runs/s", startsPerSecond)));
    }
  }

  private static Instant due(Instant first, int index) {
    return first.plusMillis(index * 1_000L / DUE_PER_SECOND);
  }

  private static void startAll(Bench bench, int runs) throws Exception {
    var next = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new ArrayList<Future<?>>();
      for (int i = 0; i < STARTERS; i++) {
        done.add(
            threads.submit(() -> {
              for (int run = next.getAndIncrement(); run < runs; run = next.getAndIncrement()) {
                bench.start(Payload.of(Integer.toString(run)));
              }
            }));
      }
      for (Future<?> starter : done) {
        starter.get();
      }
    }
  }
}
