package dev.skein.server.metrics;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Observer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// All that is measured of this process, in the text formats of Prometheus. Each node of a cluster
/// serves its own; what it reads from the store is of all.
public final class Metrics {
  private static final List<String> TYPES = List.of("text/plain", "application/openmetrics-text");

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final RequestMetrics requests;

  public Metrics(Skein skein) {
    skein.watch(new RunMetrics(registry));
    requests = new RequestMetrics(registry);
    registry.register(new StateMetrics(skein));
    JvmMetrics.builder().register(registry);
    Info build =
        Info.builder()
            .name("skein_build")
            .help("What runs.")
            .labelNames("version")
            .register(registry);
    build.addLabelValues(version());
  }

  private static String version() {
    String version = Metrics.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /// Is told of the requests that are answered.
  public Observer requests() {
    return requests;
  }

  public void add(Routes routes) {
    routes.on(
        Operation.of("GET", "/metrics", "readMetrics", "What is measured, for Prometheus")
            .needs(Role.VIEWER, Reach.EVERYWHERE)
            .gives(
                200,
                new Operation.Reply(
                    "its text format, or OpenMetrics for who accepts that", TYPES, "")),
        this::text);
  }

  /// `{name: [{labels, value}]}` of all counters and gauges, and of histograms `{labels, count,
  /// sum}`.
  public ObjectNode toJson() {
    ObjectNode json = Json.NODES.objectNode();
    for (MetricSnapshot of : registry.scrape()) {
      String name = of.getMetadata().getPrometheusName();
      ArrayNode points = Json.NODES.arrayNode();
      for (DataPointSnapshot point : of.getDataPoints()) {
        switch (point) {
          case CounterDataPointSnapshot it -> points.add(labels(it).put("value", it.getValue()));
          case GaugeDataPointSnapshot it -> points.add(labels(it).put("value", it.getValue()));
          case HistogramDataPointSnapshot it ->
              points.add(labels(it).put("count", it.getCount()).put("sum", it.getSum()));
          default -> {}
        }
      }
      if (!points.isEmpty()) {
        json.set(of instanceof CounterSnapshot ? name + "_total" : name, points);
      }
    }
    return json;
  }

  private static ObjectNode labels(DataPointSnapshot point) {
    ObjectNode json = Json.NODES.objectNode();
    ObjectNode labels = json.putObject("labels");
    point.getLabels().forEach(label -> labels.put(label.getName(), label.getValue()));
    return json;
  }

  private Answer text(Request request) {
    var writer = formats.findWriter(request.headers().get("Accept"));
    var text = new ByteArrayOutputStream();
    try {
      writer.write(text, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return new Answer(200, Map.of("Content-Type", writer.getContentType()), text.toByteArray());
  }
}
