package dev.skein.runtime;

import dev.skein.connectors.auth.Authorization;
import dev.skein.connectors.auth.Authorizer;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.connectors.integration.Circumstances;
import dev.skein.connectors.integration.Filling;
import dev.skein.connectors.integration.Measures;
import dev.skein.connectors.integration.Notices;
import dev.skein.connectors.integration.Pipeline;
import dev.skein.connectors.policy.Match;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.interpreter.Evaluator;
import dev.skein.interpreter.HttpPort;
import dev.skein.interpreter.Json;
import dev.skein.interpreter.Problems;
import dev.skein.interpreter.SecretSource;
import dev.skein.kernel.Clock;
import dev.skein.kernel.Fault;
import dev.skein.kernel.SystemClock;
import dev.skein.model.Problem;
import dev.skein.runtime.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/// The interpreter's calls made by the HTTP connector, and the connector's errors told as problem
/// details.
final class HttpCalls implements HttpPort, AutoCloseable {
  private final Noticed noticed = new Noticed();
  private final HttpConnector connector;
  private final Authorizer authorizer;
  private final Pipeline pipeline;
  private final PolicyBook policies;
  private final Evaluator evaluator;

  HttpCalls(Settings settings, SecretSource secrets, Outside outside) {
    Clock clock = outside.clock();
    this.connector =
        new HttpConnector(
            HttpConnector.Settings.defaults().clock(clock::now).detour(outside.detour()));
    this.authorizer = new Authorizer(connector, clock::now);
    this.policies = settings.policies();
    this.evaluator = new Evaluator(Definitions.JQ, clock::now, settings.secrets(), secrets);
    this.pipeline =
        new Pipeline(
            (call, auth) -> authorizer.send(call, auth).reply(),
            new Pipeline.Surroundings(
                timeline(clock), () -> ThreadLocalRandom.current().nextLong(), filling(), noticed));
  }

  private static Timeline timeline(Clock clock) {
    if (clock instanceof SystemClock) {
      return Timeline.system();
    }
    Instant begin = clock.now();
    return new Timeline() {
      @Override
      public Instant now() {
        return clock.now();
      }

      @Override
      public long nanos() {
        return Duration.between(begin, clock.now()).toNanos();
      }

      @Override
      public void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time);
      }
    };
  }

  private Filling filling() {
    return new Filling() {
      @Override
      public JsonNode filled(JsonNode data, JsonNode input) {
        return evaluator.evaluate(data, input);
      }

      @Override
      public JsonNode authentication(JsonNode policy) {
        return evaluator.unlocked().authentication(policy);
      }
    };
  }

  @Override
  public JsonNode call(Request request, Site site) throws InterruptedException {
    HttpCall call =
        HttpCall.of(request.method(), request.uri())
            .withHeaders(request.headers())
            .withQuery(request.query())
            .withBody(request.body())
            .withOutput(HttpCall.Output.valueOf(request.output().toUpperCase(Locale.ROOT)))
            .withRedirect(request.redirect());
    try {
      var at =
          new Circumstances(
              null,
              request.authentication(),
              site.idempotencyKey(),
              site.priority(),
              site.deferred());
      return answer(policy(request, site), call, at);
    } catch (InterruptedException e) {
      // the kernel tells a run that leaves memory from a call that failed by this flag
      Thread.currentThread().interrupt();
      throw e;
    } catch (HttpCallException e) {
      throw fault(e);
    }
  }

  private JsonNode answer(Policy policy, HttpCall call, Circumstances at)
      throws HttpCallException, InterruptedException {
    JsonNode auth = policy.auth();
    if (auth == null || at.auth() != null) {
      return pipeline.call(policy, call, at);
    }
    // a server may send back what it was sent
    Evaluator.Unlocked secrets = evaluator.unlocked();
    try {
      return secrets.redacted(pipeline.call(policy, call, at));
    } catch (HttpCallException e) {
      throw secrets.redacted(fault(e));
    }
  }

  /// What was measured of each integration that was called.
  List<Measures> measures() {
    return pipeline.measures();
  }

  List<Notices.Notice> notices() {
    return noticed.all();
  }

  private Policy policy(Request request, Site site) {
    var call =
        new Match.Call(
            request.method(), request.uri(), null, site.workflow(), site.task(), site.reference());
    try {
      return policies.effective(call, site.integration()).policy();
    } catch (IllegalArgumentException e) {
      throw Problems.fault(Problem.Kind.CONFIGURATION.problem(String.valueOf(e.getMessage())));
    }
  }

  @Override
  public JsonNode authorization(JsonNode policy) {
    try {
      Authorization authorization = authorizer.authorize(policy);
      return Json.NODES
          .objectNode()
          .put("scheme", authorization.scheme())
          .put("parameter", authorization.parameter());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problems.fault(
          Problem.Kind.AUTHENTICATION.problem("interrupted while fetching a token"));
    } catch (HttpCallException e) {
      throw fault(e);
    }
  }

  private static Fault fault(HttpCallException e) {
    Problem.Kind kind =
        switch (e.kind()) {
          case COMMUNICATION -> Problem.Kind.COMMUNICATION;
          case AUTHENTICATION -> Problem.Kind.AUTHENTICATION;
          case AUTHORIZATION -> Problem.Kind.AUTHORIZATION;
          case TIMEOUT -> Problem.Kind.TIMEOUT;
          case CONFIGURATION -> Problem.Kind.CONFIGURATION;
          case RUNTIME -> Problem.Kind.RUNTIME;
        };
    return Problems.fault(kind.problem(e.status(), e.title(), e.detail()), e.outcomeUnknown(), e);
  }

  @Override
  public void close() {
    pipeline.close();
    connector.close();
  }
}
