package dev.skein.connectors.resilience;

import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// How long calls took lately: the last minute to two. Thread-safe.
public final class Latencies {
  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long LONGEST_MICROS = Duration.ofHours(1).toNanos() / 1_000;
  private static final long RECENT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int DIGITS = 2;

  /// Fewer calls than this say little.
  private static final long LEAST_CALLS = 20;

  private final Timeline time;
  private Histogram before = new Histogram(LONGEST_MICROS, DIGITS);
  private Histogram now = new Histogram(LONGEST_MICROS, DIGITS);
  private long turnNanos;
  private boolean asked;
  private long askedNanos;
  private @Nullable Duration answer;

  public Latencies(Timeline time) {
    this.time = time;
    this.turnNanos = time.nanos();
  }

  public synchronized void took(long nanos) {
    turn();
    now.recordValue(Math.clamp(nanos / 1_000, 1, LONGEST_MICROS));
  }

  /// The time within which so many percent of the calls ended; null if there were too few to tell.
  public synchronized @Nullable Duration percentile(double percent) {
    turn();
    Histogram both = before.copy();
    both.add(now);
    return both.getTotalCount() < LEAST_CALLS ? null : micros(both.getValueAtPercentile(percent));
  }

  /// How the times are spread.
  ///
  /// @param count how many ended, of which so many each second
  public record Spread(
      long count, double perSecond, Duration p50, Duration p95, Duration p99, Duration max) {}

  /// Of the last minute to two; null if there were none.
  public synchronized @Nullable Spread spread() {
    turn();
    Histogram both = before.copy();
    both.add(now);
    long count = both.getTotalCount();
    if (count == 0) {
      return null;
    }
    long nanos = time.nanos() - turnNanos + (before.getTotalCount() > 0 ? WINDOW_NANOS : 0);
    double seconds = Math.max(nanos, RECENT_NANOS) / 1e9;
    return new Spread(
        count,
        count / seconds,
        micros(both.getValueAtPercentile(50)),
        micros(both.getValueAtPercentile(95)),
        micros(both.getValueAtPercentile(99)),
        micros(both.getMaxValue()));
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }

  /// A percentile as it was up to a second ago, for use on every call.
  public synchronized @Nullable Duration recently(double percent) {
    long nanos = time.nanos();
    if (!asked || nanos - askedNanos >= RECENT_NANOS) {
      asked = true;
      askedNanos = nanos;
      answer = percentile(percent);
    }
    return answer;
  }

  private void turn() {
    long passed = time.nanos() - turnNanos;
    if (passed >= WINDOW_NANOS) {
      Histogram old = before;
      before = passed >= 2 * WINDOW_NANOS ? new Histogram(LONGEST_MICROS, DIGITS) : now;
      old.reset();
      now = old;
      turnNanos = time.nanos();
    }
  }
}
