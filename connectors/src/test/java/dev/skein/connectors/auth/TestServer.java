package dev.skein.connectors.auth;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// A real HTTP server on a free port whose paths answer as a test tells them.
final class TestServer implements AutoCloseable {
  record Seen(String method, URI uri, Headers headers, String body) {
    String authorization() {
      return headers.getFirst("Authorization") == null ? "" : headers.getFirst("Authorization");
    }

    /// The parameters of a form, repeated ones joined by a space.
    Map<String, String> form() {
      return Arrays.stream(body.split("&"))
          .map(pair -> pair.split("=", 2))
          .collect(
              Collectors.toMap(
                  pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                  pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                  (a, b) -> a + " " + b,
                  TreeMap::new));
    }
  }

  record Reply(int status, Map<String, String> headers, String body) {
    static Reply json(int status, String body) {
      return new Reply(status, Map.of("Content-Type", "application/json"), body);
    }

    static Reply challenge(String... challenges) {
      return new Reply(401, Map.of("WWW-Authenticate", String.join(", ", challenges)), "");
    }
  }

  interface Handler {
    Reply on(Seen request) throws Exception;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();

  TestServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  void on(String path, Handler handler) {
    handlers.put(path, handler);
  }

  List<Seen> seen(String path) {
    return seen.stream().filter(it -> it.uri().getPath().equals(path)).toList();
  }

  Seen last(String path) {
    return seen(path).getLast();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Seen request =
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              exchange.getRequestHeaders(),
              body);
      seen.add(request);
      Handler handler = handlers.get(request.uri().getPath());
      Reply reply = handler == null ? Reply.json(404, "{}") : handler.on(request);
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
