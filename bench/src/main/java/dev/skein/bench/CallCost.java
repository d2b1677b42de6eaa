package dev.skein.bench;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.runtime.settings.Settings;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.api.WebClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;

/// A call under a policy with everything in it, beside the same call by Helidon's client alone,
/// both to a server in this process, and on virtual threads, as runs are.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgsAppend = "-Djmh.executor=VIRTUAL")
public class CallCost {
  private static final HttpCall CALL =
      HttpCall.of("GET", URI.create("http://pay.example.com/v1/orders/17"));

  private final Prompt server = new Prompt("{\"paid\": true}");
  private final Calls calls = new Calls(settings());
  private final HttpConnector connector = new HttpConnector();
  private final HttpCall direct = HttpCall.of("GET", server.uri("/v1/orders/17"));
  private final WebClient bare = WebClient.builder().baseUri(server.uri("")).build();

  private static final String CONTRACT =
      """
      openapi: 3.1.0
      paths:
        /v1/orders/{id}:
          get:
            operationId: order
            parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
            responses:
              "200":
                content:
                  application/json:
                    schema: {type: object, required: [paid], properties: {paid: {type: boolean}}}
      """;

  private Settings settings() {
    try {
      Path folder = Files.createTempDirectory("skein-bench");
      Path contract = Files.writeString(folder.resolve("orders.yaml"), CONTRACT);
      Path file = Files.writeString(folder.resolve(Settings.FILE), declared());
      Settings settings = Settings.load(file);
      Files.delete(file);
      Files.delete(contract);
      Files.delete(folder);
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String declared() {
    return """
    integrations:
      payments:
        match: {hosts: [pay.example.com]}
        endpoints: [{url: "http://127.0.0.1:%1$d"}, {url: "http://localhost:%1$d"}]
        auth: {bearer: {token: t0k3n}}
        timeout: {connect: PT1S, attempt: PT2S, overall: PT15S, propagate: true}
        retry: {attempts: 4}
        hedge: {after: PT1S, methods: [GET]}
        rateLimit: {limit: 900000000/s}
        concurrency: {max: 50, queue: 500, adaptive: true}
        breaker: {failureRate: 50, slowCall: PT2S, window: 100}
        idempotency: {header: Idempotency-Key}
        transform: {response: "${ .paid }"}
        version: {header: "Version: 2026-08-01"}
        contract: {openapi: orders.yaml, request: enforce, response: enforce}
        egress: {private: allow}
    """
        .formatted(server.port());
  }

  @Setup
  public void open() {
    server.open();
  }

  @Benchmark
  public String byHelidonAlone() {
    return bare.get("/v1/orders/17")
        .header(HeaderNames.AUTHORIZATION, "Bearer t0k3n")
        .requestEntity(String.class);
  }

  @Benchmark
  public JsonNode byTheConnectorAlone() throws Exception {
    return connector.send(direct);
  }

  @Benchmark
  public JsonNode underAllPolicies() throws Exception {
    return calls.call(CALL);
  }

  @TearDown
  public void close() throws IOException {
    bare.closeResource();
    calls.close();
    connector.close();
    server.close();
  }
}
