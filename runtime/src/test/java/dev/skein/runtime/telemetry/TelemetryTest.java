package dev.skein.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.runtime.Begin;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs as traces, at a collector.
class TelemetryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String OUTSIDE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0";

  @TempDir private Path data;
  private Collector collector;

  @BeforeEach
  void collect() throws IOException {
    collector = new Collector();
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  private Skein open(String traces) {
    Settings settings =
        Settings.read("telemetry: {service: shop, traces: {%s}}".formatted(traces)).result();
    return Skein.open(data, EngineOptions.DEFAULT, Objects.requireNonNull(settings));
  }

  private Skein collected() {
    return open("endpoint: '%s'".formatted(collector.url()));
  }

  private static WorkflowRef deploy(Skein skein, String name, String tasks) {
    return skein.deploy(
        "document: {dsl: 1.0.3, namespace: shop, name: %s, version: 1.0.0}\n%s"
            .formatted(name, tasks));
  }

  private String call(String path) {
    return "{call: http, with: {method: get, endpoint: '%s/call/%s'}}"
        .formatted(collector.url(), path);
  }

  private static RunView end(Skein skein, String id) throws InterruptedException {
    return Objects.requireNonNull(skein.await(id, PATIENCE));
  }

  /// What was sent to a path, without the flags.
  private List<String> spansSentTo(String path) {
    return collector.called.get("/call/" + path).stream()
        .map(sent -> sent.substring(36, 52))
        .toList();
  }

  @Test
  void aRunIsATraceOfItsTasksAndAttempts() throws Exception {
    String id;
    try (Skein skein = collected()) {
      deploy(
          skein,
          "order",
          """
          use: {functions: {book: %s}}
          do:
            - pay:
                try: [{charge: %s}]
                catch: {retry: {delay: {milliseconds: 1}, limit: {attempt: {count: 3}}}}
            - pack: {for: {in: '${ [1, 2] }'}, do: [{item: %s}]}
            - note: {call: book}
          """
              .formatted(call("books"), call("flaky"), call("item")));
      id = skein.start("shop/order", Map.of());
      assertThat(end(skein, id).status()).isEqualTo("completed");
    }
    Span run = collector.span("shop/order");
    assertThat(collector.spans())
        .allSatisfy(span -> assertThat(Collector.trace(span)).isEqualTo(Collector.trace(run)))
        .allSatisfy(
            span -> assertThat(Collector.attributes(span)).containsEntry("skein.run.id", id))
        .allSatisfy(span ->
            assertThat(span.getEndTimeUnixNano())
                .isGreaterThanOrEqualTo(span.getStartTimeUnixNano()))
        .extracting(Collector::id)
        .doesNotHaveDuplicates();
    assertThat(run.getParentSpanId().isEmpty()).isTrue();
    assertThat(Collector.attributes(run))
        .containsEntry("skein.workflow.version", "1.0.0")
        .containsEntry("skein.run.status", "completed");
    assertThat(collector.received.getFirst().getResource().getAttributesList())
        .anySatisfy(of -> {
          assertThat(of.getKey()).isEqualTo("service.name");
          assertThat(of.getValue().getStringValue()).isEqualTo("shop");
        });

    Span pay = collector.span("pay");
    Span charge = collector.span("charge");
    assertThat(Collector.parent(pay)).isEqualTo(Collector.id(run));
    assertThat(Collector.parent(charge)).isEqualTo(Collector.id(pay));
    List<Span> attempts = spansInside(charge);
    assertThat(attempts).hasSize(2);
    assertThat(attempts.getFirst().getStatus().getCode())
        .isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(attempts.getLast().getStatus().getCode())
        .isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
    assertThat(spansSentTo("flaky")).containsExactly(Collector.id(charge), Collector.id(charge));

    List<Span> items = spansInside(collector.span("pack"));
    assertThat(items)
        .extracting(item -> Collector.attributes(item).get("skein.task.iteration"))
        .containsExactly("0", "1");
    assertThat(spansSentTo("item")).isEqualTo(items.stream().map(Collector::id).toList());

    Span note = collector.span("note");
    List<Span> inside = spansInside(note);
    assertThat(inside).hasSize(1);
    assertThat(spansSentTo("books")).containsExactly(Collector.id(inside.getFirst()));
  }

  private List<Span> spansInside(Span outer) {
    return collector.spans().stream()
        .filter(span -> Collector.parent(span).equals(Collector.id(outer)))
        .toList();
  }

  @Test
  void whatFaultsIsAnErrorOfItsType() throws Exception {
    try (Skein skein = collected()) {
      deploy(
          skein,
          "broken",
          "do: [{stop: {raise: {error: {type: 'https://shop/sold-out', status: 400, title: Sold out}}}}]");
      end(skein, skein.start("shop/broken", Map.of()));
    }
    for (String name : List.of("shop/broken", "stop")) {
      Span span = collector.span(name);
      assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(Collector.attributes(span)).containsEntry("error.type", "https://shop/sold-out");
    }
  }

  @Test
  void aRunThatCameWithATraceBelongsToItAndSoDoesWhatItStarts() throws Exception {
    try (Skein skein = collected()) {
      WorkflowRef inner = deploy(skein, "inner", "do: [{ask: %s}]".formatted(call("inner")));
      WorkflowRef outer =
          deploy(
              skein,
              "outer",
              "do: [{go: {run: {workflow: {namespace: shop, name: inner, version: 1.0.0}}}}]");
      assertThat(inner).isNotNull();
      Map<String, String> kept =
          skein.telemetry().traces().kept(Map.of("traceparent", OUTSIDE + "1")::get);
      end(skein, skein.start(new Begin(outer, Map.of(), null, null, kept)).id());
    }
    Span run = collector.span("shop/outer");
    Span child = collector.span("shop/inner");
    assertThat(List.of(Collector.trace(run), Collector.trace(child)))
        .containsOnly("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(Collector.parent(run)).isEqualTo("00f067aa0ba902b7");
    assertThat(run.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(Collector.parent(child)).isEqualTo(Collector.id(run));
    assertThat(collector.called.get("/call/inner"))
        .containsExactly(
            "00-4bf92f3577b34da6a3ce929d0e0e4736-%s-01"
                .formatted(Collector.id(collector.span("ask"))));
  }

  @Test
  void whatOthersDoNotKeepIsHandedOnAndNotSent() throws Exception {
    try (Skein skein = collected()) {
      WorkflowRef workflow = deploy(skein, "ask", "do: [{ask: %s}]".formatted(call("ask")));
      Map<String, String> kept =
          skein.telemetry().traces().kept(Map.of("traceparent", OUTSIDE + "0")::get);
      String id = skein.start(new Begin(workflow, Map.of(), null, null, kept)).id();
      end(skein, id);
      assertThat(skein.run(id).attributes()).containsKey("traceparent");
      assertThat(skein.run(skein.act().rerun(id, null).id()).attributes()).isEmpty();
    }
    assertThat(collector.called.get("/call/ask").getFirst())
        .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
        .endsWith("-00");
    assertThat(collector.spans())
        .noneMatch(span -> Collector.trace(span).startsWith("4bf92f3577b34da6"));
  }

  @Test
  void aRunThatIsTriedAgainTellsOfTheRestUnderItsTrace() throws Exception {
    collector.called.put("/call/flaky", new CopyOnWriteArrayList<>());
    try (Skein skein = collected()) {
      deploy(
          skein,
          "twice",
          "do: [{before: %s}, {flaky: %s}]".formatted(call("before"), call("flaky")));
      String id = skein.start("shop/twice", Map.of());
      assertThat(end(skein, id).status()).isEqualTo("faulted");
      skein.act().retry(id, "it is back");
      assertThat(end(skein, id).status()).isEqualTo("completed");
    }
    List<Span> runs =
        collector.spans().stream().filter(span -> span.getName().equals("shop/twice")).toList();
    assertThat(runs.stream().map(Collector::id).collect(Collectors.toSet())).hasSize(2);
    assertThat(runs.stream().map(Collector::trace).collect(Collectors.toSet())).hasSize(1);
    assertThat(spansInside(runs.getFirst()))
        .extracting(Span::getName)
        .containsExactly("before", "flaky");
    assertThat(spansInside(runs.getLast())).extracting(Span::getName).containsExactly("flaky");
  }

  @Test
  void stepsOfAJavaWorkflowAreSpansToo() throws Exception {
    try (Skein skein = collected()) {
      skein.register(
          "hello",
          String.class,
          (context, name) -> context.step("greet", String.class, _ -> "hello " + name));
      end(skein, skein.start("java/hello", "you"));
    }
    assertThat(Collector.parent(collector.span("greet")))
        .isEqualTo(Collector.id(collector.span("java/hello")));
  }

  @Test
  void aCollectorThatRefusesHoldsNobodyUp() throws Exception {
    collector.status = 400;
    try (Skein skein = collected()) {
      deploy(skein, "ask", "do: [{ask: %s}]".formatted(call("ask")));
      for (int i = 0; i < 3; i++) {
        assertThat(end(skein, skein.start("shop/ask", Map.of())).status()).isEqualTo("completed");
      }
    }
    assertThat(collector.spans()).isEmpty();
    assertThat(collector.tokens).isNotEmpty();
  }

  @Test
  void headersMayBeSecrets() throws Exception {
    Files.createDirectories(data.resolve("secrets"));
    Files.writeString(data.resolve("secrets").resolve("team"), "s3cr3t");
    try (Skein skein =
        open("endpoint: '%s', secretHeaders: {X-Team: team}".formatted(collector.url()))) {
      deploy(skein, "ask", "do: [{ask: %s}]".formatted(call("ask")));
      end(skein, skein.start("shop/ask", Map.of()));
    }
    assertThat(collector.tokens).containsOnly("s3cr3t");
  }

  @Test
  void withoutAnEndpointTracesAreOnlyHandedOn() throws Exception {
    try (Skein skein = open("sample: 1")) {
      deploy(
          skein,
          "ask",
          "do: [{ask: %s}, {own: {call: http, with: {method: get, endpoint: '%s/call/own', headers: {Traceparent: mine}}}}]"
              .formatted(call("ask"), collector.url()));
      end(skein, skein.start("shop/ask", Map.of()));
    }
    assertThat(collector.called.get("/call/ask").getFirst()).matches("00-.{32}-.{16}-01");
    assertThat(collector.called.get("/call/own")).containsExactly("mine");
    assertThat(collector.tokens).isEmpty();
  }

  @Test
  void nothingIsSentWhereNothingIsSet() throws Exception {
    try (Skein skein = Skein.open(data)) {
      deploy(skein, "ask", "do: [{ask: %s}]".formatted(call("ask")));
      assertThat(skein.telemetry().traces().kept(Map.of("traceparent", OUTSIDE + "1")::get))
          .isEmpty();
      end(skein, skein.start("shop/ask", Map.of()));
    }
    assertThat(collector.called.get("/call/ask")).containsExactly("null");
  }
}
