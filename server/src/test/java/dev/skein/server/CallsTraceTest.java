package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.server.Served.Got;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs belong to the trace of the request that has started them, if the project has traces.
class CallsTraceTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String WORKFLOW =
      """
      document:
        dsl: 1.0.3
        namespace: shop
        name: order
        version: 1.0.0
        metadata: {skein: {api: {path: /orders}}}
      do: [{answer: {set: {n: 1}}}]
      """;
  private static final String START =
      "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"order\"}, \"id\": \"r\"}";

  @TempDir private Path data;

  private static Map<String, String> ofStarted(Served served) {
    Got got = served.post("/api/v1/runs", START, "traceparent", PARENT);
    assertThat(got.status()).as(got.body()).isEqualTo(201);
    return served.skein.run("r").attributes();
  }

  private static Map<String, String> ofCalled(Served served, String parent) {
    Got got = served.post("/orders", "{}", "traceparent", parent);
    assertThat(got.status()).as(got.body()).isEqualTo(200);
    return served.skein.run(got.header("Skein-Run")).attributes();
  }

  @Test
  void aRunKeepsTheTraceOfTheRequestThatHasStartedIt() {
    try (Served served = Served.with(data, "telemetry: {traces: {}}")) {
      served.deploy(WORKFLOW);
      assertThat(ofStarted(served)).isEqualTo(Map.of("traceparent", PARENT));
      assertThat(ofCalled(served, PARENT)).isEqualTo(Map.of("traceparent", PARENT));
      assertThat(ofCalled(served, "nonsense")).isEmpty();
    }
  }

  @Test
  void withoutTracesItKeepsNone() {
    try (Served served = Served.with(data, "telemetry: {service: shop}")) {
      served.deploy(WORKFLOW);
      assertThat(ofStarted(served)).isEmpty();
      assertThat(ofCalled(served, PARENT)).isEmpty();
    }
  }
}
