package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.GrpcPort;
import dev.skein.interpreter.HttpPort;
import dev.skein.interpreter.Json;
import dev.skein.interpreter.OpenApiPort;
import dev.skein.interpreter.Ports;
import dev.skein.interpreter.ProcessPort;
import dev.skein.interpreter.SecretSource;
import dev.skein.interpreter.YamlWorkflow;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import dev.skein.runtime.WorkflowText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A workflow of the language, saved before every task and iteration, killed after every few
/// commits.
class YamlReplayTest {
  private static final WorkflowRef REF = new WorkflowRef("test", "t", "1.0.0");

  private static final String WORKFLOW =
      """
      document: {dsl: 1.0.3, namespace: test, name: t, version: 1.0.0}
      do:
        - begin:
            call: http
            with: {method: post, endpoint: "http://x.test/begin", body: {n: "${ .n }"}}
            output: {as: "${ $input }"}
            export: {as: "{begun: true}"}
            metadata:
              skein:
                compensate:
                  - end: {call: http, with: {method: post, endpoint: "http://x.test/unbegin"}}
        - each:
            for: {each: item, in: "[range(5)]"}
            do:
              - take:
                  call: http
                  with: {method: post, endpoint: "http://x.test/take", body: "${ $item }"}
                  output: {as: "${ $input + {taken: (($input.taken // []) + [.echo])} }"}
                  export: {as: "$context + {last: $item}"}
                  metadata:
                    skein:
                      compensate:
                        - give: {call: http, with: {method: post, endpoint: "http://x.test/give", body: "${ $input.taken | length }"}}
              - pause: {wait: {seconds: 30}}
        - risky:
            try:
              - inner:
                  fork:
                    branches:
                      - one: {call: http, with: {method: post, endpoint: "http://x.test/one"}}
                      - two: {call: http, with: {method: post, endpoint: "http://x.test/fails-twice"}}
            catch:
              retry: {delay: PT10S, limit: {attempt: {count: 5}}}
            output: {as: "${ $input + {risky: length} }"}
        - decide:
            switch:
              - bad: {when: "$workflow.input.fail", then: stop}
              - good: {then: end}
        - stop:
            raise: {error: {type: "https://x.test/stopped", status: 400, detail: "${ $context | tostring }"}}
      """;

  private record Outcome(String status, String result, Set<String> calls) {}

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsLikeAnUndisturbedRun(boolean fails) throws Exception {
    Outcome calm = run(0, fails);
    assertThat(calm.status).isEqualTo(fails ? "faulted" : "completed");
    assertThat(calm.calls).hasSize(fails ? 15 : 9);
    for (long seed = 1; seed <= 15; seed++) {
      assertThat(run(seed, fails)).as("seed " + seed).isEqualTo(calm);
    }
  }

  private static Ports ports(List<String> calls) {
    var http =
        new HttpPort() {
          @Override
          public JsonNode call(Request request, Site site) {
            return YamlReplayTest.call(request, site.idempotencyKey(), calls);
          }

          @Override
          public JsonNode authorization(JsonNode policy, String workflow) {
            throw new UnsupportedOperationException("no call here has a policy");
          }
        };
    var processes =
        new ProcessPort() {
          @Override
          public JsonNode run(Command command, String key) {
            throw new UnsupportedOperationException("no task here runs a process");
          }

          @Override
          public void start(Command command, String key) {
            throw new UnsupportedOperationException("no task here runs a process");
          }
        };
    return new Ports(
        http, GrpcPort.NONE, OpenApiPort.NONE, processes, SecretSource.NONE, (_, _) -> null);
  }

  private static Outcome run(long seed, boolean fails) throws InterruptedException {
    var random = new SplittableRandom(seed);
    var clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
    var store = new MemoryStore();
    List<String> calls = Collections.synchronizedList(new ArrayList<>());
    var workflow =
        new YamlWorkflow(WorkflowText.read(WORKFLOW), new Jq(Limits.defaults()), ports(calls));
    String input = "{\"n\": 1, \"fail\": " + fails + "}";
    while (true) {
      if (seed > 0) {
        store.failAfter(random.nextInt(1, 4));
      }
      try (var simulation =
          new Simulation(store, clock, _ -> workflow, EngineOptions.DEFAULT.checkpointEvery(1))) {
        RunRow row = live(simulation, input);
        if (row != null && row.status().ended()) {
          var end = (Entry.RunEnded) Engine.journal(store, row.number()).getLast();
          String result = end.output() == null ? end.failure().message() : end.output().text();
          return new Outcome(row.status().toString(), result, new LinkedHashSet<>(calls));
        }
        assertThat(row == null ? List.of() : store.incidents(row.number())).isEmpty();
      }
      store = store.reopened();
    }
  }

  private static RunRow live(Simulation simulation, String input) throws InterruptedException {
    try {
      simulation.engine().start(new Engine.Start(REF, Payload.of(input), "r", 3));
      return simulation.settle("r");
    } catch (StoreException killed) {
      return null;
    }
  }

  private static JsonNode call(HttpPort.Request request, String key, List<String> calls) {
    String call = request.uri().getPath() + " " + key + " " + request.body();
    boolean refused =
        request.uri().getPath().equals("/fails-twice")
            && calls.stream().filter(other -> other.startsWith("/try")).count() < 2;
    if (refused) {
      calls.add("/try");
      throw dev.skein.interpreter.Problems.fault(
          dev.skein.model.Problem.Kind.COMMUNICATION.problem(503, "Busy", "busy"));
    }
    calls.add(call);
    JsonNode body = request.body();
    return Json.NODES.objectNode().set("echo", body == null ? Json.NODES.nullNode() : body);
  }
}
