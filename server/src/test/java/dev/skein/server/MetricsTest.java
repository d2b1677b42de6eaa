package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class MetricsTest {
  private static final Pattern SERIES =
      Pattern.compile(
          "(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
              + "(?<labels>\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\",?)+})?"
              + " (?<value>[-+0-9.eE]+|\\+Inf|-Inf|NaN)");
  private static final Pattern SUFFIX =
      Pattern.compile("_(?:bucket|sum|count|total|created|info)$");

  private static final Pattern METRIC =
      Pattern.compile("\\b(?:skein|http|jvm|process)_[a-z_]+(?=\\{)");

  @TempDir private Path data;
  private Served served;

  @BeforeEach
  void serve() {
    served = new Served(data);
  }

  @AfterEach
  void close() {
    served.close();
  }

  /// Every series by its name and labels; fails if a line is not as the format has it.
  private Map<String, Double> scraped() {
    Served.Got got = served.send("GET", "/metrics", "");
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.header("Content-Type")).startsWith("text/plain; version=0.0.4");
    var series = new HashMap<String, Double>();
    var types = new HashMap<String, String>();
    var helped = new HashSet<String>();
    for (String line : got.body().lines().toList()) {
      if (line.startsWith("# HELP ")) {
        assertThat(helped.add(line.split(" ", 4)[2])).as(line).isTrue();
      } else if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", 4);
        assertThat(words[3]).isIn("counter", "gauge", "histogram", "summary", "untyped");
        assertThat(types.put(words[2], words[3])).as(line).isNull();
      } else {
        Matcher matcher = SERIES.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        String name = matcher.group("name");
        assertThat(
                types.containsKey(name) || types.containsKey(SUFFIX.matcher(name).replaceAll("")))
            .as("%s has a type", name)
            .isTrue();
        String value = matcher.group("value").replace("Inf", "Infinity");
        String labels = matcher.group("labels");
        String key = labels == null ? name : name + labels;
        assertThat(series.put(key, Double.valueOf(value))).as("%s is there twice", key).isNull();
      }
    }
    assertThat(helped).containsAll(types.keySet());
    return series;
  }

  private void run(String name, String task) {
    String yaml =
        """
        document: {dsl: 1.0.3, namespace: shop, name: %s, version: 1.0.0}
        do:
          - it: %s
        """
            .formatted(name, task);
    assertThat(
            served
                .send("POST", "/api/v1/definitions", yaml, "Content-Type", "application/yaml")
                .status())
        .isEqualTo(201);
    String start =
        """
        {"workflow": {"namespace": "shop", "name": "%s"}}
        """
            .formatted(name);
    int status =
        served
            .send("POST", "/api/v1/runs?wait=PT10S", start, "Content-Type", "application/json")
            .status();
    assertThat(status).isIn(200, 201);
  }

  @Test
  void runsAreCountedByWorkflowAndEnd() {
    run("well", "{set: {x: 1}}");
    run("well", "{set: {x: 1}}");
    run("ill", "{raise: {error: {type: 'https://example.com/ill', status: 500, title: Ill}}}");
    run("failed", "{call: http, with: {method: get, endpoint: 'http://127.0.0.1:1/'}}");
    Map<String, Double> series = scraped();
    assertThat(series)
        .containsEntry("skein_runs_started_total{workflow=\"shop/well\"}", 2.0)
        .containsEntry("skein_runs_ended_total{status=\"completed\",workflow=\"shop/well\"}", 2.0)
        .containsEntry("skein_runs_ended_total{status=\"faulted\",workflow=\"shop/ill\"}", 1.0)
        .containsEntry("skein_run_duration_seconds_count{workflow=\"shop/well\"}", 2.0)
        .containsEntry("skein_steps_total{status=\"failed\"}", 1.0)
        .containsEntry("skein_runs_open{status=\"waiting\"}", 0.0)
        .containsEntry("skein_store_failed", 0.0);
    assertThat(series.get("skein_commit_duration_seconds_count")).isGreaterThan(4);
    assertThat(series.get("skein_commit_changes_sum"))
        .isGreaterThanOrEqualTo(series.get("skein_commit_changes_count"));
  }

  @Test
  void whatIsOpenIsToldByItsStatus() {
    String yaml =
        """
        document: {dsl: 1.0.3, namespace: shop, name: sleep, version: 1.0.0}
        do:
          - nap: {wait: {hours: 1}}
        """;
    served.send("POST", "/api/v1/definitions", yaml, "Content-Type", "application/yaml");
    served.send(
        "POST",
        "/api/v1/runs?wait=PT0.3S",
        "{\"workflow\": {\"namespace\": \"shop\", \"name\": \"sleep\"}}",
        "Content-Type",
        "application/json");
    assertThat(scraped()).containsEntry("skein_runs_open{status=\"waiting\"}", 1.0);
  }

  @Test
  void callsAndRequestsHaveTheNamesThatOpenTelemetryGivesThem() {
    run("failed", "{call: http, with: {method: get, endpoint: 'http://127.0.0.1:1/'}}");
    served.send("GET", "/api/v1/runs/none", "");
    served.send("GET", "/nowhere", "");
    Map<String, Double> series = scraped();
    assertThat(series)
        .containsEntry(
            "http_server_request_duration_seconds_count{http_request_method=\"GET\","
                + "http_response_status_code=\"404\",http_route=\"/api/v1/runs/{id}\"}",
            1.0)
        .containsEntry(
            "http_server_request_duration_seconds_count{http_request_method=\"GET\","
                + "http_response_status_code=\"404\",http_route=\"\"}",
            1.0);
    assertThat(series.keySet())
        .anyMatch(name -> name.startsWith("http_client_request_duration_seconds_bucket{"))
        .anyMatch(name -> name.startsWith("skein_integration_errors_total{error_type=\"connect\""))
        .anyMatch(name -> name.startsWith("jvm_memory_used_bytes{"))
        .contains("process_start_time_seconds");
  }

  @Test
  void theDashboardAsksForNothingThatIsNotThere() throws IOException {
    run("well", "{set: {x: 1}}");
    run("failed", "{call: http, with: {method: get, endpoint: 'http://127.0.0.1:1/'}}");
    Set<String> names = new HashSet<>();
    scraped().keySet().forEach(series -> names.add(series.replaceFirst("\\{.*", "")));
    JsonNode dashboard = Json.parse(Files.readString(Path.of("../docs/grafana/skein.json")));
    Set<String> asked = new HashSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        Matcher metric = METRIC.matcher(target.path("expr").asString());
        while (metric.find()) {
          asked.add(metric.group());
        }
      }
    }
    // of calls that went through a line, which this integration has not
    asked.removeIf(name -> name.startsWith("skein_integration_calls_under_way"));
    asked.removeIf(name -> name.startsWith("skein_integration_calls_waiting"));
    assertThat(asked).hasSizeGreaterThan(20);
    assertThat(names).containsAll(asked);
  }

  @Test
  void everyMetricThatTheDocumentationNamesIsThereAndNoOther() throws IOException {
    String page = Files.readString(Path.of("../docs/observability.md"));
    Set<String> told = new HashSet<>();
    Matcher name = Pattern.compile("`((?:skein|http)_[a-z_]+)`").matcher(page);
    while (name.find()) {
      told.add(name.group(1));
    }
    Set<String> there = new HashSet<>();
    Matcher type =
        Pattern.compile("# TYPE ((?:skein|http)_\\S+)")
            .matcher(served.send("GET", "/metrics", "").body());
    while (type.find()) {
      there.add(type.group(1));
    }
    run("failed", "{call: http, with: {method: get, endpoint: 'http://127.0.0.1:1/'}}");
    Matcher more =
        Pattern.compile("# TYPE ((?:skein|http)_\\S+)")
            .matcher(served.send("GET", "/metrics", "").body());
    while (more.find()) {
      there.add(more.group(1));
    }
    there.remove("skein_build_info");
    told.removeAll(
        Set.of(
            "http_request_method",
            "http_route",
            "http_response_status_code",
            "skein_integration_calls_under_way",
            "skein_integration_calls_waiting"));
    assertThat(there).containsExactlyInAnyOrderElementsOf(told);
  }

  @Test
  void whoAcceptsItGetsOpenMetrics() {
    Served.Got got =
        served.send("GET", "/metrics", "", "Accept", "application/openmetrics-text; version=1.0.0");
    assertThat(got.header("Content-Type")).startsWith("application/openmetrics-text");
    assertThat(got.body()).endsWith("# EOF\n");
  }
}
