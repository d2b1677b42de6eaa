package dev.skein.runtime;

import dev.skein.connectors.auth.Authorization;
import dev.skein.connectors.auth.Authorizer;
import dev.skein.connectors.http.Egress;
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
import dev.skein.connectors.resilience.Places;
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
import dev.skein.runtime.telemetry.TraceContext;
import dev.skein.runtime.telemetry.Traces;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The interpreter's calls made by the HTTP connector, and the connector's errors told as problem
/// details.
final class HttpCalls implements HttpPort, AutoCloseable {
  private final Noticed noticed = new Noticed();
  private final HttpConnector.Settings settings;
  private final HttpConnector connector;
  private final Authorizer authorizer;
  private final Pipeline pipeline;
  private final PolicyBook policies;
  private final Evaluator evaluator;
  private final Places places;
  private final Traces traces;

  /// What all nodes have in common, as far as calls go.
  ///
  /// @param places under limits that all share
  record Reach(Places places, Traces traces) {}

  HttpCalls(Settings settings, SecretSource secrets, Outside outside, Reach reach) {
    Clock clock = outside.clock();
    this.traces = reach.traces();
    this.settings = HttpConnector.Settings.defaults().clock(clock::now).detour(outside.detour());
    this.connector = new HttpConnector(this.settings);
    this.authorizer = new Authorizer(connector, clock::now);
    this.places = reach.places();
    this.policies = settings.policies();
    this.evaluator = new Evaluator(Definitions.JQ, clock::now, settings.secrets(), secrets);
    this.pipeline =
        new Pipeline(
            (call, auth) -> authorizer.send(call, auth).reply(),
            new Pipeline.Surroundings(
                timeline(clock),
                () -> ThreadLocalRandom.current().nextLong(),
                filling(),
                noticed,
                places));
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

  /// A call as it goes out, whatever its protocol.
  ///
  /// @param operation of its API; null if it is none
  /// @param authentication the call's own policy; null for none
  /// @param transport makes its attempts
  record Outgoing(
      HttpCall call,
      @Nullable String operation,
      @Nullable JsonNode authentication,
      Authorizer.Transport transport) {}

  @Override
  public JsonNode call(Request request, Site site) throws InterruptedException {
    return call(request, null, site);
  }

  /// @param operation of its API; null if it is none
  JsonNode call(Request request, @Nullable String operation, Site site)
      throws InterruptedException {
    HttpCall call =
        HttpCall.of(request.method(), request.uri())
            .withHeaders(request.headers())
            .withQuery(request.query())
            .withBody(request.body())
            .withOutput(HttpCall.Output.valueOf(request.output().toUpperCase(Locale.ROOT)))
            .withRedirect(request.redirect());
    return call(new Outgoing(call, operation, request.authentication(), connector::reply), site);
  }

  /// Makes a call under the policy that applies to it.
  ///
  /// @throws Fault carrying problem details
  JsonNode call(Outgoing out, Site site) throws InterruptedException {
    try {
      var at =
          new Circumstances(
              out.operation(),
              out.authentication(),
              site.idempotencyKey(),
              site.priority(),
              site.deferred());
      return answer(policy(out, site), traced(out, site), at);
    } catch (InterruptedException e) {
      // the kernel tells a run that leaves memory from a call that failed by this flag
      Thread.currentThread().interrupt();
      throw e;
    } catch (HttpCallException e) {
      throw fault(e);
    }
  }

  private JsonNode answer(Policy policy, Outgoing out, Circumstances at)
      throws HttpCallException, InterruptedException {
    Authorizer authorized = authorizer.sendingBy(out.transport());
    Pipeline sending = pipeline.sendingBy((call, auth) -> authorized.send(call, auth).reply());
    JsonNode auth = policy.auth();
    if (auth == null || at.auth() != null) {
      return sending.call(policy, out.call(), at);
    }
    // a server may send back what it was sent
    Evaluator.Unlocked secrets = evaluator.unlocked();
    try {
      return secrets.redacted(sending.call(policy, out.call(), at));
    } catch (HttpCallException e) {
      throw secrets.redacted(fault(e));
    }
  }

  /// With the trace of its run, unless the call says another.
  private Outgoing traced(Outgoing out, Site site) {
    HttpCall call = out.call();
    Map<String, String> trace = traces.headers(site.run(), site.doing());
    boolean own = call.headers().keySet().stream().anyMatch(TraceContext.PARENT::equalsIgnoreCase);
    if (own || trace.isEmpty()) {
      return out;
    }
    var headers = new LinkedHashMap<>(call.headers());
    headers.putAll(trace);
    return new Outgoing(
        call.withHeaders(headers), out.operation(), out.authentication(), out.transport());
  }

  PolicyBook policies() {
    return policies;
  }

  /// What connections have in common.
  HttpConnector.Settings settings() {
    return settings;
  }

  /// What was measured of each integration that was called.
  List<Measures> measures() {
    return pipeline.measures();
  }

  List<Notices.Notice> notices() {
    return noticed.all();
  }

  private Policy policy(Outgoing out, Site site) {
    var call =
        new Match.Call(
            out.call().method(),
            out.call().uri(),
            out.operation(),
            site.workflow(),
            site.task(),
            site.reference());
    try {
      return policies.effective(call, site.integration()).policy();
    } catch (IllegalArgumentException e) {
      throw Problems.fault(Problem.Kind.CONFIGURATION.problem(String.valueOf(e.getMessage())));
    }
  }

  @Override
  public JsonNode authorization(JsonNode policy, String workflow) {
    try {
      Authorization authorization = authorizer.authorize(policy, tokensFor(policy, workflow));
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

  /// What a request for a token may reach that no call is known for yet.
  private Egress tokensFor(JsonNode policy, String workflow) {
    JsonNode written = policy.path(policy.has("oidc") ? "oidc" : "oauth2");
    URI authority;
    try {
      authority = new URI(written.path("authority").asString(""));
    } catch (URISyntaxException e) {
      return Egress.PUBLIC_ONLY; // no call comes of it
    }
    return new Egress(policies.egress(authority, workflow).privateNetworks());
  }

  static Fault fault(HttpCallException e) {
    Problem.Kind kind =
        switch (e.kind()) {
          case COMMUNICATION -> Problem.Kind.COMMUNICATION;
          case AUTHENTICATION -> Problem.Kind.AUTHENTICATION;
          case AUTHORIZATION -> Problem.Kind.AUTHORIZATION;
          case TIMEOUT -> Problem.Kind.TIMEOUT;
          case CONFIGURATION -> Problem.Kind.CONFIGURATION;
          case VALIDATION -> Problem.Kind.VALIDATION;
          case RUNTIME -> Problem.Kind.RUNTIME;
        };
    return Problems.fault(kind.problem(e.status(), e.title(), e.detail()), e.outcomeUnknown(), e);
  }

  @Override
  public void close() {
    pipeline.close();
    connector.close();
    places.close();
  }
}
