package dev.skein.bench;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.integration.Circumstances;
import dev.skein.connectors.integration.Pipeline;
import dev.skein.connectors.integration.Sender;
import dev.skein.connectors.policy.Match;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.kernel.journal.Payload;
import dev.skein.runtime.settings.Settings;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
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
  public List<Line> measure(dev.skein.bench.Settings settings, Limits limits) throws Exception {
    Settings declared = Settings.read(ALL).result();
    if (declared == null) {
      throw new IllegalStateException("the settings are not valid");
    }
    double nanos = median(declared.policies());
    return List.of(
        Line.judged(
            "a policy with all blocks adds",
            dev.skein.bench.Settings.text("%,.1f us", nanos / 1_000),
            dev.skein.bench.Settings.text("at most %,.0f us", BAR_NANOS / 1_000),
            nanos <= BAR_NANOS));
  }

  private static double median(PolicyBook policies) throws HttpCallException, InterruptedException {
    try (var pipeline = new Pipeline(SENDER, Timeline.system(), new SplittableRandom(1))) {
      return median(pipeline, policies);
    }
  }

  private static double median(Pipeline pipeline, PolicyBook policies)
      throws HttpCallException, InterruptedException {
    double[] rounds = new double[ROUNDS];
    for (int round = -ROUNDS; round < ROUNDS; round++) {
      long began = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        var at = Circumstances.of("run:/do/0/pay", Payload.EMPTY);
        var called = new Match.Call("GET", CALL.uri(), null, "shop/checkout", "pay", "/do/0/pay");
        pipeline.call(policies.policy(called), CALL, at);
      }
      rounds[Math.max(round, 0)] = (double) (System.nanoTime() - began) / CALLS;
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }
}
