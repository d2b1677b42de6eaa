package dev.skein.bench;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.integration.Sender;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a policy with everything in it adds to a call, beside a call that is answered at once.
final class Policies implements Figure {
  private static final int ROUNDS = 15;
  private static final int CALLS = 20_000;
  private static final double BAR_NANOS = 50_000;
  private static final HttpCall CALL =
      HttpCall.of("GET", URI.create("http://pay.example.com/v1/orders/17"));
  private static final JsonNode ANSWER = JsonNodeFactory.instance.stringNode("paid");
  private static final Sender SENDER = (_, _) -> Reply.of(ANSWER);

  private static final String ALL =
      """
      integrations:
        payments:
          match: {hosts: [pay.example.com]}
          endpoints: [{url: "http://10.0.0.1:8080"}, {url: "http://10.0.0.2:8080"}]
          timeout: {connect: PT1S, attempt: PT2S, overall: PT15S, propagate: true}
          retry: {attempts: 4}
          hedge: {after: p95, methods: [GET]}
          rateLimit: {limit: 900000000/s}
          concurrency: {max: 50, queue: 500, adaptive: true}
          breaker: {failureRate: 50, slowCall: PT2S, window: 100}
          version: {header: "Version: 2026-08-01"}
      """;

  @Override
  public String label() {
    return "policies";
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) throws Exception {
    double chain;
    try (var calls = new Calls(ALL, SENDER)) {
      chain = median(calls);
    }
    Map<String, Double> calls = calls(settings.quick());
    double bare = calls.getOrDefault("byHelidonAlone", Double.NaN);
    double all = calls.getOrDefault("underAllPolicies", Double.NaN);
    return List.of(
        Line.note("the chain of policies alone", micros(chain)),
        Line.note("a call by Helidon's client alone", micros(bare)),
        new Line(
            "a call under all policies",
            micros(all),
            micros(bare),
            Settings.text("%.2f", all / bare),
            "at most " + micros(BAR_NANOS) + " more",
            all - bare <= BAR_NANOS ? "yes" : "NO"));
  }

  private static String micros(double nanos) {
    return Settings.text("%,.1f us", nanos / 1_000);
  }

  /// Medians by JMH, in nanoseconds.
  private static Map<String, Double> calls(boolean quick) throws RunnerException {
    var options = new OptionsBuilder().include(CallCost.class.getSimpleName());
    if (quick) {
      options.forks(1).warmupIterations(1).measurementIterations(1);
    }
    Map<String, Double> medians = new HashMap<>();
    for (RunResult result : new Runner(options.verbosity(VerboseMode.SILENT).build()).run()) {
      Result<?> primary = result.getPrimaryResult();
      medians.put(primary.getLabel(), primary.getStatistics().getPercentile(50));
    }
    return medians;
  }

  private static double median(Calls calls) throws HttpCallException, InterruptedException {
    double[] rounds = new double[ROUNDS];
    for (int round = -ROUNDS; round < ROUNDS; round++) {
      long began = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        calls.call(CALL);
      }
      rounds[Math.max(round, 0)] = (double) (System.nanoTime() - began) / CALLS;
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }
}
