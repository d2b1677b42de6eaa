package dev.skein.server.metrics;

import dev.skein.server.http.Observer;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.util.Set;

/// Measures the requests that the server answers. Thread-safe.
final class RequestMetrics implements Observer {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
  private static final double[] SECONDS = {
    .005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10
  };

  private final Histogram duration;

  RequestMetrics(PrometheusRegistry registry) {
    duration =
        Histogram.builder()
            .name("http_server_request_duration")
            .unit(Unit.SECONDS)
            .help("From a request read whole to its answer made, by route; streams not counted.")
            .labelNames("http_request_method", "http_route", "http_response_status_code")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
  }

  @Override
  public void answered(String method, String route, int status, Duration took) {
    String known = METHODS.contains(method) ? method : "_OTHER";
    duration.labelValues(known, route, Integer.toString(status)).observe(took.toNanos() / 1e9);
  }
}
