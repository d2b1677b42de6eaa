package dev.skein.connectors.integration;

import dev.skein.connectors.resilience.Buckets;
import dev.skein.connectors.resilience.Latencies.Spread;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What was measured of the calls of one integration, since this process began.
///
/// @param errors how many attempts failed, by `connect`, `reset`, `timeout`, `refused`, or the
///   status of the answer
/// @param latency of all attempts lately; null if there were few
/// @param operations by operation, or method where a call names none
/// @param line null if it has no limit of calls under way
/// @param rate null if it has no rate limit
/// @param advice what to change in the settings, and why
public record Measures(
    String integration,
    Counts counts,
    Map<String, Long> errors,
    @Nullable Spread latency,
    Map<String, Operation> operations,
    List<Endpoint> endpoints,
    @Nullable Line line,
    @Nullable Rate rate,
    List<String> advice) {

  /// The same with the endpoints of another policy of that integration.
  Measures with(Measures other) {
    List<Endpoint> all = Stream.concat(endpoints.stream(), other.endpoints.stream()).toList();
    var byUrl = new LinkedHashMap<URI, Endpoint>();
    all.forEach(endpoint -> byUrl.putIfAbsent(endpoint.url(), endpoint));
    return new Measures(
        integration,
        counts,
        errors,
        latency,
        operations,
        List.copyOf(byUrl.values()),
        line == null ? other.line : line,
        rate == null ? other.rate : rate,
        advice);
  }

  /// @param retries attempts after a failed one
  /// @param hedges attempts beside a slow one
  /// @param deferrals how often a call was put off durably
  public record Counts(long calls, long attempts, long retries, long hedges, long deferrals) {}

  /// Attempts of one kind of call.
  ///
  /// @param latency of its attempts lately; null if there were none
  /// @param took how long all its attempts took
  public record Operation(
      long attempts, long failures, @Nullable Spread latency, Buckets.Counts took) {}

  /// @param breaker `closed`, `open` or `half_open`; null if it has none
  /// @param well whether it says so, where it is asked
  /// @param ejected whether it gets no calls for a while because it fails
  public record Endpoint(
      URI url,
      Map<String, String> labels,
      @Nullable String breaker,
      int underWay,
      boolean well,
      boolean ejected) {}

  /// Calls under way.
  ///
  /// @param allowed how many may be, at the moment
  public record Line(int allowed, int inside, int waiting) {}

  /// Calls a second: how many may go out, by all processes where the limit is the cluster's, and
  /// how many of this one do.
  public record Rate(double allowed, double used) {}
}
