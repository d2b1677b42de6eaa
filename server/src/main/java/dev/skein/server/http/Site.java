package dev.skein.server.http;

import dev.skein.runtime.access.Principal;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves routes over HTTP, on virtual threads: the only class that knows Helidon.
public final class Site implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Site.class);

  /// Kept, since what nobody keeps forgets its level.
  private static final java.util.logging.Logger LIBRARY =
      java.util.logging.Logger.getLogger("io.helidon");

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final String REQUEST_ID = "X-Request-Id";
  private static final int LONGEST_REQUEST_ID = 100;
  private static final int LONGEST_URL = 8 * 1024;
  private static final int MOST_HEADER_CHARACTERS = 16 * 1024;

  /// Where Helidon stops reading, without saying what was wrong.
  private static final int LARGEST_HEADERS_BYTES = 64 * 1024;

  private static final int MOST_CONNECTIONS = 10_000;

  /// On every answer, unless it says stricter things of its own: no browser guesses types, and no
  /// other site shows an answer in a frame.
  private static final Map<String, String> GUARDS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "Content-Security-Policy", "frame-ancestors 'none'");

  private final Routes routes;
  private final Map<String, String> guards;
  private final Function<RuntimeException, @Nullable Refusal> refusals;
  private final Observer observer;
  private final LiveStreams streams = new LiveStreams();
  private final WebServer server;
  private volatile boolean closing;

  /// Where it listens.
  ///
  /// @param port 0 for any that is free
  /// @param tls null for none
  public record Address(String host, int port, @Nullable TlsFiles tls) {}

  /// Begins to serve.
  ///
  /// @param refusals what an error of a handler is to the client
  /// @param observer hears of every request that a route, or nobody, answered
  public Site(
      Address address,
      Routes routes,
      Function<RuntimeException, @Nullable Refusal> refusals,
      Observer observer) {
    this.observer = observer;
    LIBRARY.setLevel(Level.WARNING);
    this.routes = routes;
    this.refusals = refusals;
    this.guards = guards(address.tls != null);
    WebServerConfig.Builder builder = WebServer.builder();
    if (address.tls != null) {
      builder.tls(Tls.builder().sslContext(address.tls.context()).build());
    }
    this.server =
        builder
            .host(address.host)
            .port(address.port)
            .shutdownGracePeriod(GRACE)
            .shutdownHook(false)
            .maxTcpConnections(MOST_CONNECTIONS)
            .contentEncoding(new LeftPacked())
            .directHandlers(beforeAnyRoute(guards))
            .addProtocol(
                Http1Config.builder()
                    .maxPrologueLength(LONGEST_URL)
                    .maxHeadersSize(LARGEST_HEADERS_BYTES)
                    .build())
            .routing(routing -> routing.any(this::serve))
            .build()
            .start();
  }

  /// Over TLS, browsers are told to come by nothing else for a year.
  private static Map<String, String> guards(boolean tls) {
    var guards = new LinkedHashMap<>(GUARDS);
    if (tls) {
      guards.put("Strict-Transport-Security", "max-age=31536000");
    }
    return guards;
  }

  public int port() {
    return server.port();
  }

  /// What Helidon refuses by itself is a problem like any other.
  private static DirectHandlers beforeAnyRoute(Map<String, String> guards) {
    var handlers = DirectHandlers.builder();
    for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
      handlers.addHandler(
          event,
          (_, type, status, headers, _) -> {
            String id = UUID.randomUUID().toString();
            Answer answer = Refusal.ofProtocol(status.code()).answer(id);
            var response = DirectHandler.TransportResponse.builder().status(status);
            headers.set(HeaderNames.create(REQUEST_ID), id);
            guards.forEach((name, value) -> headers.set(HeaderNames.create(name), value));
            answer.headers().forEach((name, value) -> headers.set(HeaderNames.create(name), value));
            response.headers(headers).keepAlive(type.keepAlive());
            return answer.body() instanceof Answer.Body.Whole whole
                ? response.entity(whole.bytes()).build()
                : response.build();
          });
    }
    return handlers.build();
  }

  private void serve(ServerRequest raw, ServerResponse response) {
    long begun = System.nanoTime();
    String id = requestId(raw);
    String[] path = {};
    Request request = null;
    Answer answer;
    try {
      path = path(raw.path().rawPath());
      request = read(raw, path);
      answer = routes.serve(request, path);
      if (answer.body() instanceof Answer.Body.Live) {
        streams.refuseMore();
      }
    } catch (Refusal refusal) {
      answer = refusal.answer(id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer = Refusal.of(503, "closing", "the server is being closed").answer(id);
    } catch (RuntimeException e) {
      answer = refusal(e, id).answer(id);
    }
    String method = raw.prologue().method().text();
    observer.answered(
        method,
        routes.template(method, path),
        answer.status(),
        Duration.ofNanos(System.nanoTime() - begun));
    send(request == null ? answer : Transfer.packed(answer, request), raw, response, id);
  }

  private void send(Answer answer, ServerRequest request, ServerResponse response, String id) {
    response.status(Status.create(answer.status()));
    response.header(HeaderNames.create(REQUEST_ID), id);
    guards.forEach((name, value) -> response.header(HeaderNames.create(name), value));
    answer.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    if (closing) {
      response.header(HeaderNames.CONNECTION, "close");
    }
    boolean head = request.prologue().method().text().equals("HEAD");
    switch (answer.body()) {
      case Answer.Body.Whole whole when head -> {
        response.contentLength(whole.bytes().length);
        response.send();
      }
      case Answer.Body.Live _ when head -> response.send();
      case Answer.Body.Whole whole when whole.bytes().length == 0 -> response.send();
      case Answer.Body.Whole whole -> response.send(whole.bytes());
      case Answer.Body.Live live -> stream(live, response, id);
    }
  }

  private void stream(Answer.Body.Live live, ServerResponse response, String id) {
    try (OutputStream out = response.outputStream()) {
      streams.run(new EventStream(out), live);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (UncheckedIOException | IOException e) {
      LOG.debug("the client of the events of request {} has gone", id, e);
    }
  }

  private Refusal refusal(RuntimeException e, String id) {
    Refusal known = refusals.apply(e);
    if (known != null) {
      return known;
    }
    LOG.error("request {} failed", id, e);
    return Refusal.of(
        500,
        "internal",
        "something that should not happen has happened; the log has it under " + id);
  }

  private static String requestId(ServerRequest request) {
    String given = request.headers().first(HeaderNames.create(REQUEST_ID)).orElse("");
    boolean usable = given.matches("[A-Za-z0-9._:-]+") && given.length() <= LONGEST_REQUEST_ID;
    return usable ? given : UUID.randomUUID().toString();
  }

  private static Request read(ServerRequest request, String[] path) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    int size = 0;
    for (Header header : request.headers()) {
      String value = String.join(", ", header.allValues());
      headers.put(header.name(), value);
      size += header.name().length() + value.length();
    }
    if (size > MOST_HEADER_CHARACTERS) {
      throw Refusal.ofProtocol(431);
    }
    return new Request(
        request.prologue().method().text(),
        "/" + String.join("/", path),
        Map.of(),
        query(request.query().rawValue()),
        headers,
        request.remotePeer().host(),
        Transfer.unpacked(body(request), headers.get("Content-Encoding")),
        Principal.NOBODY);
  }

  private static byte[] body(ServerRequest request) {
    return request.content().hasEntity()
        ? Transfer.read(request.content().inputStream())
        : new byte[0];
  }

  private static String[] path(String raw) {
    return Arrays.stream(Routes.segments(raw.isEmpty() ? "/" : raw))
        .map(Site::decoded)
        .toArray(String[]::new);
  }

  private static Map<String, List<String>> query(String raw) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    if (raw == null || raw.isEmpty()) {
      return query;
    }
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      query
          .computeIfAbsent(decoded(name.replace("+", "%20")), _ -> new ArrayList<>())
          .add(decoded(value.replace("+", "%20")));
    }
    return query;
  }

  private static String decoded(String text) {
    try {
      String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (decoded.indexOf(0) < 0) { // which no database keeps in a text
        return decoded;
      }
      throw Refusal.malformed("an address has no null characters");
    } catch (IllegalArgumentException e) {
      throw Refusal.malformed("'" + text + "' is not percent-encoded as it should be");
    }
  }

  /// Takes no new requests, tells those who follow events to come back, and lets what is under way
  /// end.
  @Override
  public void close() {
    closing = true;
    streams.close();
    server.stop();
  }
}
