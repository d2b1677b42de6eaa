package dev.skein.connectors.resilience;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// How many calls took how long, since it began; in the bounds that OpenTelemetry advises for HTTP.
/// Thread-safe.
public final class Buckets {
  private static final List<Double> BOUNDS =
      List.of(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1d, 2.5, 5d, 7.5, 10d);

  private final List<LongAdder> counts =
      Stream.generate(LongAdder::new).limit(BOUNDS.size() + 1L).toList();
  private final LongAdder nanos = new LongAdder();

  /// @param counts of those that took longer than the bound before and no longer than this one; one
  ///   more than there are bounds
  /// @param boundsSeconds ascending
  /// @param sumSeconds of all of them
  public record Counts(List<Long> counts, List<Double> boundsSeconds, double sumSeconds) {}

  public void took(long tookNanos) {
    double seconds = tookNanos / 1e9;
    int place = 0;
    while (place < BOUNDS.size() && seconds > BOUNDS.get(place)) {
      place++;
    }
    counts.get(place).increment();
    nanos.add(tookNanos);
  }

  public Counts counts() {
    var sums = new ArrayList<Long>();
    counts.forEach(count -> sums.add(count.sum()));
    return new Counts(List.copyOf(sums), BOUNDS, nanos.sum() / 1e9);
  }
}
