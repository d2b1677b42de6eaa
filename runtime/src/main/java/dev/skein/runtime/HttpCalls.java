package dev.skein.runtime;

import dev.skein.connectors.http.Credentials;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.interpreter.HttpPort;
import dev.skein.interpreter.Problems;
import dev.skein.model.Problem;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The interpreter's calls made by the HTTP connector, and the connector's errors told as problem
/// details.
final class HttpCalls implements HttpPort, AutoCloseable {
  private final HttpConnector connector = new HttpConnector();

  @Override
  public JsonNode call(Request request) throws InterruptedException {
    HttpCall call =
        HttpCall.of(request.method(), request.uri())
            .withHeaders(request.headers())
            .withQuery(request.query())
            .withBody(request.body())
            .withOutput(HttpCall.Output.valueOf(request.output().toUpperCase(Locale.ROOT)))
            .withRedirect(request.redirect())
            .withCredentials(credentials(request.authentication()));
    try {
      return connector.send(call);
    } catch (InterruptedException e) {
      // the kernel tells a run that leaves memory from a call that failed by this flag
      Thread.currentThread().interrupt();
      throw e;
    } catch (HttpCallException e) {
      Problem.Kind kind =
          switch (e.kind()) {
            case COMMUNICATION -> Problem.Kind.COMMUNICATION;
            case AUTHENTICATION -> Problem.Kind.AUTHENTICATION;
            case AUTHORIZATION -> Problem.Kind.AUTHORIZATION;
            case TIMEOUT -> Problem.Kind.TIMEOUT;
            case CONFIGURATION -> Problem.Kind.CONFIGURATION;
            case RUNTIME -> Problem.Kind.RUNTIME;
          };
      throw Problems.fault(kind.problem(e.status(), e.title(), e.detail()), e.outcomeUnknown(), e);
    }
  }

  private static @Nullable Credentials credentials(@Nullable JsonNode policy) {
    if (policy == null) {
      return null;
    }
    JsonNode basic = policy.path("basic");
    if (basic.isObject()) {
      return new Credentials.Basic(
          basic.path("username").asString(), basic.path("password").asString());
    }
    JsonNode bearer = policy.path("bearer");
    if (bearer.isObject()) {
      return new Credentials.Bearer(bearer.path("token").asString());
    }
    throw Problems.fault(
        Problem.Kind.CONFIGURATION.problem(
            "this version of Skein knows the authentications basic and bearer"));
  }

  @Override
  public void close() {
    connector.close();
  }
}
