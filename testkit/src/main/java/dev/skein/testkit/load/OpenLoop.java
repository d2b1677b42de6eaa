package dev.skein.testkit.load;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Sends calls at a fixed rate, whether or not those before them are answered, and measures each
/// from the moment at which it was due: a system that stands still is seen to stand still for all
/// who would have come meanwhile.
public final class OpenLoop {
  private static final long LONGEST_MICROS = Duration.ofMinutes(10).toNanos() / 1_000;
  private static final int DIGITS = 3;
  private static final String NOT_SENT = "not sent";

  private final Plan plan;
  private final HttpConnector connector;
  private final Semaphore places;
  private final Histogram latencies = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final LongAdder succeeded = new LongAdder();
  private final Phaser underWay = new Phaser(1);

  /// @param mostUnderWay calls beyond that are not sent, and count as errors
  public record Plan(HttpCall call, double perSecond, Duration length, int mostUnderWay) {}

  /// What came of it.
  ///
  /// @param latency of all that was answered, also with an error, in microseconds from when it was
  ///   due
  /// @param errors by the status or the title of the failure
  public record Outcome(
      long succeeded, Map<String, Long> errors, Histogram latency, Duration took) {
    public long all() {
      return succeeded + failed();
    }

    public long failed() {
      return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    public double errorShare() {
      return all() == 0 ? 0 : (double) failed() / all();
    }

    /// @param percent 0 to 100
    public double millis(double percent) {
      return latency.getValueAtPercentile(percent) / 1_000.0;
    }
  }

  private OpenLoop(Plan plan, HttpConnector connector) {
    this.plan = plan;
    this.connector = connector;
    this.places = new Semaphore(plan.mostUnderWay());
  }

  /// Runs it to its end; returns when everything that was sent is answered.
  public static Outcome run(Plan plan, HttpConnector connector) {
    return new OpenLoop(plan, connector).outcome();
  }

  private Outcome outcome() {
    long begun = System.nanoTime();
    long calls = Math.max(1, Math.round(plan.perSecond() * plan.length().toNanos() / 1e9));
    double gapNanos = 1e9 / plan.perSecond();
    for (long i = 0; i < calls; i++) {
      long due = begun + Math.round(i * gapNanos);
      waitUntil(due);
      if (places.tryAcquire()) {
        underWay.register();
        Thread.ofVirtual().name("skein-load").start(() -> call(due));
      } else {
        count(NOT_SENT);
      }
    }
    underWay.arriveAndAwaitAdvance();
    var counts = new TreeMap<String, Long>();
    errors.forEach((kind, count) -> counts.put(kind, count.sum()));
    return new Outcome(
        succeeded.sum(), counts, latencies, Duration.ofNanos(System.nanoTime() - begun));
  }

  private static void waitUntil(long dueNanos) {
    for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void call(long due) {
    try {
      var _ = connector.send(plan.call());
      succeeded.increment();
      latencies.recordValue(micros(due));
    } catch (HttpCallException e) {
      count(e.reach() == HttpCallException.Reach.ANSWERED ? "status " + e.status() : e.title());
      latencies.recordValue(micros(due));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      count(NOT_SENT);
    } finally {
      places.release();
      underWay.arriveAndDeregister();
    }
  }

  private void count(String kind) {
    errors.computeIfAbsent(kind, _ -> new LongAdder()).increment();
  }

  private static long micros(long due) {
    return Math.clamp((System.nanoTime() - due) / 1_000, 1, LONGEST_MICROS);
  }
}
