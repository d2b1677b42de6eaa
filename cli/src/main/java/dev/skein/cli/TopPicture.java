package dev.skein.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// How everything is, as lines of text.
///
/// @param overview as `GET /overview` gives it; so the others
/// @param runs open ones, newest first
record TopPicture(
    String where,
    Instant at,
    JsonNode overview,
    JsonNode nodes,
    JsonNode integrations,
    JsonNode incidents,
    JsonNode runs) {
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final int SECONDS_A_MINUTE = 60;
  private static final int LEAST_ROWS = 3;

  static TopPicture of(Coordinator coordinator, String where, Instant at) {
    return new TopPicture(
        where,
        at.truncatedTo(ChronoUnit.SECONDS),
        coordinator.ask("GET", "/api/v1/overview", null),
        coordinator.ask("GET", "/api/v1/nodes", null),
        coordinator.ask("GET", "/api/v1/integrations", null).path("integrations"),
        coordinator.ask("GET", "/api/v1/incidents?limit=20", null).path("incidents"),
        coordinator
            .ask("GET", "/api/v1/runs?limit=100&status=pending,running,waiting,suspended", null)
            .path("runs"));
  }

  /// @param height how many lines there is room for; what is at the end is left out first
  List<String> lines(int width, int height) {
    var lines = new ArrayList<String>();
    lines.add("skein at %s  %s".formatted(where, at));
    lines.add("open      " + open());
    lines.addAll(rates());
    table(lines, "NODES", nodes.size(), nodeRows(), height);
    table(lines, "INCIDENTS", incidents.size(), incidentRows(), height);
    List<String> trouble = troubleRows();
    table(lines, "INTEGRATIONS IN TROUBLE", trouble.size(), trouble, height);
    table(lines, "OPEN RUNS, NEWEST FIRST", runs.size(), runRows(), Integer.MAX_VALUE);
    return lines.stream().limit(height).map(line -> cut(line, width)).toList();
  }

  private static String cut(String line, int width) {
    return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "…";
  }

  /// Leaves room for what follows, if there is much of it.
  private static void table(
      List<String> lines, String title, int count, List<String> rows, int height) {
    if (count == 0) {
      return;
    }
    lines.add("");
    lines.add(title);
    long most = height == Integer.MAX_VALUE ? height : Math.max(LEAST_ROWS, height / 5);
    rows.stream().limit(most).forEach(lines::add);
  }

  private static List<String> rows(JsonNode list, Function<JsonNode, String> row) {
    return StreamSupport.stream(list.spliterator(), false).map(row).collect(Collectors.toList());
  }

  private String open() {
    long all = 0;
    var each = new ArrayList<String>();
    for (var status : overview.path("runs").properties()) {
      all += status.getValue().asLong();
      each.add("%,d %s".formatted(status.getValue().asLong(), status.getKey()));
    }
    String runs = all == 1 ? "1 run" : "%,d runs".formatted(all);
    return each.isEmpty() ? runs : runs + ": " + String.join(", ", each);
  }

  /// Of the last minute that is over: this one has only begun.
  private List<String> rates() {
    JsonNode minutes = overview.path("minutes");
    JsonNode last = minutes.path(minutes.size() - 2);
    var rates = new ArrayList<String>();
    rates.add(
        "a second  %s started, %s completed, %s faulted, %s steps"
            .formatted(
                rate(last, "started"),
                rate(last, "completed"),
                rate(last, "faulted"),
                rate(last, "steps")));
    JsonNode took = overview.path("took");
    if (took.isObject()) {
      rates.add(
          "took      %s median, %s 99th percentile"
              .formatted(
                  duration(took.path("p50Millis").asLong()),
                  duration(took.path("p99Millis").asLong())));
    }
    rates.add("last hour " + bars(minutes));
    return rates;
  }

  private static String rate(JsonNode minute, String what) {
    return "%,.1f".formatted(minute.path(what).asDouble() / SECONDS_A_MINUTE);
  }

  private static String duration(long millis) {
    return millis < 10_000 ? millis + " ms" : Duration.ofMillis(millis).toString().substring(2);
  }

  /// Runs that were completed in each minute.
  private static String bars(JsonNode minutes) {
    int most = 1;
    for (JsonNode minute : minutes) {
      most = Math.max(most, minute.path("completed").asInt());
    }
    var bars = new StringBuilder();
    for (JsonNode minute : minutes) {
      int height = minute.path("completed").asInt() * (BARS.length() - 1) / most;
      bars.append(BARS.charAt(height));
    }
    return bars.toString();
  }

  private List<String> nodeRows() {
    return rows(
        nodes,
        node -> {
          JsonNode commit = node.path("commit");
          String latency =
              commit.isObject()
                  ? "commits %.1f ms median, %.1f ms 99th percentile, %d waiting"
                      .formatted(
                          commit.path("p50Millis").asDouble(),
                          commit.path("p99Millis").asDouble(),
                          commit.path("queue").asInt())
                  : "";
          return "%-6s %-7s %,7d open  %s  %s"
              .formatted(
                  node.path("alive").asBoolean() ? "alive" : "gone",
                  node.path("leader").asBoolean() ? "leads" : "",
                  node.path("runs").path("open").asLong(),
                  node.path("id").asString(),
                  latency);
        });
  }

  private List<String> incidentRows() {
    return rows(
        incidents,
        incident ->
            "%s  %s  %s"
                .formatted(
                    incident.path("openedAt").asString(),
                    incident.path("run").asString(),
                    incident.path("summary").asString()));
  }

  private List<String> troubleRows() {
    return rows(
            integrations,
            integration -> {
              long off = 0;
              for (JsonNode endpoint : integration.path("endpoints")) {
                boolean well = endpoint.path("well").asBoolean(true);
                boolean cut =
                    endpoint.path("ejected").asBoolean()
                        || endpoint.path("breaker").asString("").equals("open");
                off += !well || cut ? 1 : 0;
              }
              return off == 0
                  ? ""
                  : "%s: %d of %d endpoints get no calls"
                      .formatted(
                          integration.path("name").asString(),
                          off,
                          integration.path("endpoints").size());
            })
        .stream()
        .filter(row -> !row.isEmpty())
        .toList();
  }

  private List<String> runRows() {
    return rows(
        runs,
        run ->
            "%-10s %-24s %s  %s/%s:%s"
                .formatted(
                    run.path("status").asString(),
                    run.path("startedAt").asString(),
                    run.path("id").asString(),
                    run.path("workflow").path("namespace").asString(),
                    run.path("workflow").path("name").asString(),
                    run.path("workflow").path("version").asString()));
  }
}
