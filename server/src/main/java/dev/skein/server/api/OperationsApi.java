package dev.skein.server.api;

import dev.skein.connectors.integration.Measures;
import dev.skein.connectors.integration.Notices;
import dev.skein.connectors.resilience.Latencies;
import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Routes;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether the server is well, and how the systems it calls are.
public final class OperationsApi {
  private static final double NANOS_A_MILLI = 1e6;

  private final Skein skein;
  private final BooleanSupplier closing;

  /// @param closing whether the server is going
  public OperationsApi(Skein skein, BooleanSupplier closing) {
    this.skein = skein;
    this.closing = closing;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("GET", "/health/live", "isLive", "Whether the process answers")
                .open()
                .gives(200, "Health", "it does"),
            _ -> well())
        .on(
            Operation.of("GET", "/health/ready", "isReady", "Whether requests should come here")
                .open()
                .gives(200, "Health", "they should")
                .gives(503, "Health", "the store has failed, or the server is being closed"),
            _ -> ready())
        .on(
            Operation.of("GET", "/api/v1/integrations", "readIntegrations", "The systems called")
                .needs(Role.VIEWER, Reach.EVERYWHERE)
                .gives(200, "Integrations", "what was measured of each"),
            _ -> integrations());
  }

  private static Answer well() {
    return Answer.ok(Json.NODES.objectNode().put("status", "up"));
  }

  private Answer ready() {
    String status =
        skein.failed() ? "the store has failed" : closing.getAsBoolean() ? "closing" : "up";
    return Answer.json(
        status.equals("up") ? 200 : 503, Json.NODES.objectNode().put("status", status));
  }

  private Answer integrations() {
    ObjectNode json = Json.NODES.objectNode();
    ArrayNode integrations = json.putArray("integrations");
    skein.overview().integrations().forEach(measures -> integrations.add(json(measures)));
    ArrayNode notices = json.putArray("notices");
    for (Notices.Notice notice : skein.overview().notices()) {
      notices
          .addObject()
          .put("integration", notice.integration())
          .put("kind", notice.kind().name().toLowerCase(java.util.Locale.ROOT))
          .put("about", notice.about())
          .put("what", notice.what());
    }
    return Answer.ok(json);
  }

  private static JsonNode json(Measures measures) {
    ObjectNode json = Json.NODES.objectNode();
    json.put("name", measures.integration());
    json.putObject("counts")
        .put("calls", measures.counts().calls())
        .put("attempts", measures.counts().attempts())
        .put("retries", measures.counts().retries())
        .put("hedges", measures.counts().hedges())
        .put("deferrals", measures.counts().deferrals());
    ObjectNode errors = json.putObject("errors");
    measures.errors().forEach(errors::put);
    json.set("latency", json(measures.latency()));
    ObjectNode operations = json.putObject("operations");
    measures
        .operations()
        .forEach((name, operation) ->
            operations
                .putObject(name)
                .put("attempts", operation.attempts())
                .put("failures", operation.failures())
                .set("latency", json(operation.latency())));
    ArrayNode endpoints = json.putArray("endpoints");
    for (Measures.Endpoint endpoint : measures.endpoints()) {
      ObjectNode one = endpoints.addObject();
      one.put("url", endpoint.url().toString());
      one.put("breaker", endpoint.breaker());
      one.put("underWay", endpoint.underWay());
      one.put("well", endpoint.well());
      one.put("ejected", endpoint.ejected());
      ObjectNode labels = one.putObject("labels");
      endpoint.labels().forEach(labels::put);
    }
    Measures.Line line = measures.line();
    if (line != null) {
      json.putObject("concurrency")
          .put("allowed", line.allowed())
          .put("inside", line.inside())
          .put("waiting", line.waiting());
    }
    Measures.Rate rate = measures.rate();
    if (rate != null) {
      json.putObject("rateLimit")
          .put("allowedPerSecond", rate.allowed())
          .put("usedPerSecond", rate.used());
    }
    List<String> advice = measures.advice();
    advice.forEach(json.withArray("advice")::add);
    return json;
  }

  private static JsonNode json(Latencies.@Nullable Spread spread) {
    return spread == null
        ? Json.NODES.nullNode()
        : Json.NODES
            .objectNode()
            .put("count", spread.count())
            .put("perSecond", spread.perSecond())
            .put("p50Millis", spread.p50().toNanos() / NANOS_A_MILLI)
            .put("p95Millis", spread.p95().toNanos() / NANOS_A_MILLI)
            .put("p99Millis", spread.p99().toNanos() / NANOS_A_MILLI)
            .put("maxMillis", spread.max().toNanos() / NANOS_A_MILLI);
  }
}
