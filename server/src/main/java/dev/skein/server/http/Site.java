package dev.skein.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
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

  private static final int LARGEST_BODY_BYTES = 16 * 1024 * 1024;
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final String REQUEST_ID = "X-Request-Id";
  private static final int LONGEST_REQUEST_ID = 100;

  private final Routes routes;
  private final Function<RuntimeException, @Nullable Refusal> refusals;
  private final WebServer server;

  /// Begins to serve.
  ///
  /// @param port 0 for any that is free
  /// @param refusals what an error of a handler is to the client
  public Site(
      String host,
      int port,
      Routes routes,
      Function<RuntimeException, @Nullable Refusal> refusals) {
    LIBRARY.setLevel(Level.WARNING);
    this.routes = routes;
    this.refusals = refusals;
    this.server =
        WebServer.builder()
            .host(host)
            .port(port)
            .shutdownGracePeriod(GRACE)
            .shutdownHook(false)
            .routing(routing -> routing.any(this::serve))
            .build()
            .start();
  }

  public int port() {
    return server.port();
  }

  private void serve(ServerRequest request, ServerResponse response) {
    String id = requestId(request);
    Answer answer;
    try {
      String[] path = path(request.path().rawPath());
      answer = routes.serve(read(request, path), path);
    } catch (Refusal refusal) {
      answer = refusal.answer(id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer = Refusal.of(503, "closing", "the server is being closed").answer(id);
    } catch (RuntimeException e) {
      answer = refusal(e, id).answer(id);
    }
    response.status(Status.create(answer.status()));
    response.header(HeaderNames.create(REQUEST_ID), id);
    answer.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    if (answer.body().length == 0) {
      response.send();
    } else {
      response.send(answer.body());
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
    request
        .headers()
        .forEach(header -> headers.put(header.name(), String.join(", ", header.allValues())));
    return new Request(
        request.prologue().method().text(),
        "/" + String.join("/", path),
        Map.of(),
        query(request.query().rawValue()),
        headers,
        request.remotePeer().host(),
        body(request));
  }

  private static byte[] body(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream in = request.content().inputStream()) {
      byte[] body = in.readNBytes(LARGEST_BODY_BYTES + 1);
      if (body.length > LARGEST_BODY_BYTES) {
        throw Refusal.of(
            413, "too-large", "a body may have %d bytes at most".formatted(LARGEST_BODY_BYTES));
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.malformed("'" + text + "' is not percent-encoded as it should be");
    }
  }

  /// Takes no new requests, and lets those under way end.
  @Override
  public void close() {
    server.stop();
  }
}
