package dev.skein.server.metrics;

import dev.skein.connectors.integration.Measures;
import dev.skein.connectors.resilience.Buckets;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.runtime.Skein;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What is read when somebody asks: how many runs are open, and how calls to other systems go.
final class StateMetrics implements MultiCollector {
  /// With more open incidents than that, more is not told.
  private static final int MOST_INCIDENTS = 10_000;

  private static final String INTEGRATION = "integration";

  private final Skein skein;

  StateMetrics(Skein skein) {
    this.skein = skein;
  }

  @Override
  public MetricSnapshots collect() {
    List<Measures> integrations = skein.overview().integrations();
    return MetricSnapshots.of(
        openRuns(),
        gauge(
            "skein_incidents_open",
            "Problems of runs that need somebody, up to 10,000.",
            skein.act().incidents(null, MOST_INCIDENTS).size()),
        gauge(
            "skein_commit_queue",
            "Runs and others that wait for the commit under way to end.",
            skein.overview().waitingToCommit()),
        gauge("skein_store_failed", "1 if nothing becomes durable.", skein.failed() ? 1 : 0),
        requests(integrations),
        errors(integrations),
        counter(
            "skein_integration_calls",
            "Calls of workflows, however many attempts they took.",
            integrations,
            measures -> measures.counts().calls()),
        counter(
            "skein_integration_retries",
            "Attempts after one that failed.",
            integrations,
            measures -> measures.counts().retries()),
        counter(
            "skein_integration_hedges",
            "Attempts beside one that was slow.",
            integrations,
            measures -> measures.counts().hedges()),
        counter(
            "skein_integration_deferrals",
            "Calls that were put off durably.",
            integrations,
            measures -> measures.counts().deferrals()),
        breakers(integrations),
        places("skein_integration_calls_under_way", "Calls under way.", integrations, true),
        places("skein_integration_calls_waiting", "Calls that wait in line.", integrations, false));
  }

  private GaugeSnapshot openRuns() {
    Map<RunStatus, Long> open = skein.look().openRuns();
    var snapshot =
        GaugeSnapshot.builder()
            .name("skein_runs_open")
            .help("Runs that have not ended, of all nodes, by status.");
    for (RunStatus status : RunStatus.values()) {
      if (!status.ended()) {
        snapshot.dataPoint(
            point(Labels.of("status", status.toString()), open.getOrDefault(status, 0L)));
      }
    }
    return snapshot.build();
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(point(Labels.EMPTY, value))
        .build();
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static CounterSnapshot counter(
      String name, String help, List<Measures> integrations, ToDoubleFunction<Measures> value) {
    var snapshot = CounterSnapshot.builder().name(name).help(help);
    for (Measures measures : integrations) {
      snapshot.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of(INTEGRATION, measures.integration()))
              .value(value.applyAsDouble(measures))
              .build());
    }
    return snapshot.build();
  }

  private static HistogramSnapshot requests(List<Measures> integrations) {
    var snapshot =
        HistogramSnapshot.builder()
            .name("http_client_request_duration_seconds")
            .unit(Unit.SECONDS)
            .help("How long attempts of calls to other systems took, by operation or method.");
    for (Measures measures : integrations) {
      measures
          .operations()
          .forEach((operation, measured) ->
              snapshot.dataPoint(
                  histogram(
                      Labels.of(INTEGRATION, measures.integration(), "operation", operation),
                      measured.took())));
    }
    return snapshot.build();
  }

  private static HistogramDataPointSnapshot histogram(Labels labels, Buckets.Counts took) {
    var bounds = new ArrayList<>(took.boundsSeconds());
    bounds.add(Double.POSITIVE_INFINITY);
    return HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, took.counts()))
        .sum(took.sumSeconds())
        .build();
  }

  private static CounterSnapshot errors(List<Measures> integrations) {
    var snapshot =
        CounterSnapshot.builder()
            .name("skein_integration_errors")
            .help("Attempts that failed, by what went wrong or the status of the answer.");
    for (Measures measures : integrations) {
      measures
          .errors()
          .forEach((kind, count) ->
              snapshot.dataPoint(
                  CounterDataPointSnapshot.builder()
                      .labels(Labels.of(INTEGRATION, measures.integration(), "error_type", kind))
                      .value(count)
                      .build()));
    }
    return snapshot.build();
  }

  private static GaugeSnapshot breakers(List<Measures> integrations) {
    var snapshot =
        GaugeSnapshot.builder()
            .name("skein_integration_endpoints_unavailable")
            .help("Endpoints that get no calls: their breaker is open, or they were found unwell.");
    for (Measures measures : integrations) {
      long off =
          measures.endpoints().stream()
              .filter(endpoint ->
                  "open".equals(endpoint.breaker()) || !endpoint.well() || endpoint.ejected())
              .count();
      snapshot.dataPoint(point(Labels.of(INTEGRATION, measures.integration()), (double) off));
    }
    return snapshot.build();
  }

  private static GaugeSnapshot places(
      String name, String help, List<Measures> integrations, boolean inside) {
    var snapshot = GaugeSnapshot.builder().name(name).help(help);
    for (Measures measures : integrations) {
      Measures.Line line = measures.line();
      if (line != null) {
        snapshot.dataPoint(
            point(
                Labels.of(INTEGRATION, measures.integration()),
                inside ? line.inside() : line.waiting()));
      }
    }
    return snapshot.build();
  }
}
