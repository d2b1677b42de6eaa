package dev.skein.testkit.load;

import dev.skein.interpreter.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a load test has measured, to hold later ones against.
///
/// @param errorShare of all calls, 0 to 1
public record Baseline(
    double perSecond, double p50Millis, double p95Millis, double p99Millis, double errorShare) {
  /// Differences below this are the machine's.
  private static final double NOISE_MILLIS = 1;

  private static final double NOISE_SHARE = 0.005;

  public static Baseline of(OpenLoop.Plan plan, OpenLoop.Outcome outcome) {
    return new Baseline(
        plan.perSecond(),
        outcome.millis(50),
        outcome.millis(95),
        outcome.millis(99),
        outcome.errorShare());
  }

  public static Baseline fromJson(JsonNode json) {
    return new Baseline(
        json.path("perSecond").doubleValue(),
        json.path("p50Millis").doubleValue(),
        json.path("p95Millis").doubleValue(),
        json.path("p99Millis").doubleValue(),
        json.path("errorShare").doubleValue());
  }

  public ObjectNode toJson() {
    ObjectNode json = Json.NODES.objectNode();
    json.put("perSecond", perSecond);
    json.put("p50Millis", p50Millis);
    json.put("p95Millis", p95Millis);
    json.put("p99Millis", p99Millis);
    json.put("errorShare", errorShare);
    return json;
  }

  /// What became worse, a sentence each.
  ///
  /// @param tolerance how much worse is no matter, 0.2 for a fifth
  public List<String> worseIn(Baseline later, double tolerance) {
    var worse = new ArrayList<String>();
    slower("p50", p50Millis, later.p50Millis, tolerance, worse);
    slower("p95", p95Millis, later.p95Millis, tolerance, worse);
    slower("p99", p99Millis, later.p99Millis, tolerance, worse);
    if (later.errorShare > errorShare * (1 + tolerance) + NOISE_SHARE) {
      worse.add(
          String.format(
              Locale.ROOT,
              "%.1f %% of the calls fail, %.1f %% before",
              100 * later.errorShare,
              100 * errorShare));
    }
    return worse;
  }

  private static void slower(
      String what, double before, double now, double tolerance, List<String> worse) {
    if (now > before * (1 + tolerance) + NOISE_MILLIS) {
      worse.add(String.format(Locale.ROOT, "%s is %.1f ms, %.1f ms before", what, now, before));
    }
  }
}
