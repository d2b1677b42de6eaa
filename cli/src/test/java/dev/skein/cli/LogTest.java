package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.cli.log.Logging;
import dev.skein.cli.log.RunLog;
import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Location;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.settings.TelemetrySettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The log of a server, as its settings have it.
@Isolated
class LogTest {
  private static final Logger LOG = LoggerFactory.getLogger("com.example.Shop");

  @TempDir private Path data;
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private void open(String logs) {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    Settings settings = Settings.read("telemetry: {logs: %s}".formatted(logs)).result();
    Logging.set(Objects.requireNonNull(settings).telemetry().logs());
  }

  @AfterEach
  void restore() {
    System.setErr(before);
    Logging.set(TelemetrySettings.NONE.logs());
  }

  private List<String> lines(String with) {
    return written
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains(with))
        .toList();
  }

  private Skein skein() {
    return Skein.open(Location.in(data), EngineOptions.DEFAULT, Settings.NONE);
  }

  @Test
  void eachLineIsAnObjectThatNamesRunAndTask() throws Exception {
    open("{format: json}");
    try (Skein skein = skein()) {
      skein.watch(new RunLog());
      skein.register(
          "buy",
          String.class,
          (context, item) ->
              context.step(
                  "pay",
                  String.class,
                  _ -> {
                    LOG.info("paying for {}", item);
                    return item;
                  }));
      skein.deploy(
          """
          document: {dsl: 1.0.3, namespace: shop, name: no, version: 1.0.0}
          do: [{stop: {raise: {error: {type: 'https://shop/sold-out', status: 400, title: Sold out}}}}]
          """);
      String id = skein.start("java/buy", "a \"hat\"\n");
      skein.await(id, Duration.ofSeconds(20));
      String faulted = skein.start("shop/no", Map.of());
      skein.await(faulted, Duration.ofSeconds(20));
      JsonNode paying = Json.parse(lines("paying").getFirst());
      assertThat(paying.path("message").asString()).isEqualTo("paying for a \"hat\"\n");
      assertThat(paying.path("run").asString()).isEqualTo(id);
      assertThat(paying.path("level").asString()).isEqualTo("info");
      assertThat(paying.path("logger").asString()).isEqualTo("com.example.Shop");
      JsonNode fault = Json.parse(lines("faulted").getFirst());
      assertThat(fault.path("run").asString()).isEqualTo(faulted);
      assertThat(fault.path("workflow").asString()).isEqualTo("shop/no:1.0.0");
      assertThat(fault.path("type").asString()).isEqualTo("https://shop/sold-out");
      assertThat(fault.path("level").asString()).isEqualTo("warn");
      assertThat(lines("the run began")).isEmpty();
    }
  }

  @Test
  void levelsAreThoseOfTheSettings() throws Exception {
    open("{level: error, levels: {dev.skein.runs: debug}}");
    try (Skein skein = skein()) {
      skein.watch(new RunLog());
      LOG.warn("nobody reads this");
      LOG.error("it is lost", new IllegalStateException("gone"));
      skein.deploy(
          """
          document: {dsl: 1.0.3, namespace: shop, name: done, version: 1.0.0}
          do: [{count: {set: {n: 1}}}]
          """);
      skein.await(skein.start("shop/done", Map.of(), "r-1"), Duration.ofSeconds(20));
    }
    assertThat(lines("nobody reads")).isEmpty();
    assertThat(lines("it is lost")).singleElement().asString().contains("ERROR Shop");
    assertThat(lines("IllegalStateException: gone")).hasSize(1);
    assertThat(lines("the run began")).singleElement().asString().contains("run=\"r-1\"");
    assertThat(lines("the run ended")).singleElement().asString().contains("completed");
  }
}
