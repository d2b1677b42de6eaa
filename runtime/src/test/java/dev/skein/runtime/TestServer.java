package dev.skein.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A real HTTP server that remembers its requests. What it answers is in the path:
///
/// - `/flaky/N/…` 503 to the first N requests of that path, then `{"attempt": n}`
/// - `/status/S/…` that status
/// - `/problem` 409 as problem details of its own
/// - `/redirect` 302
/// - `/text` plain text
/// - `/mirror/…` the body that came, of the type that came
/// - `/drop/…` nothing: reads the request and closes the connection
/// - `/hang/…` nothing before the test is over
/// - `/hold/…` nothing to the first request of that path before the test is over
/// - anything else: the request as JSON
final class TestServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Guarded by itself.
  private final List<Seen> seen = new ArrayList<>();

  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /// One request.
  record Seen(String line, String path, String key) {}

  TestServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// What came in, in order: `POST /path?query body`.
  List<String> requests() {
    synchronized (seen) {
      return seen.stream().map(Seen::line).toList();
    }
  }

  /// The idempotency keys, in order.
  List<String> keys() {
    synchronized (seen) {
      return seen.stream().map(Seen::key).toList();
    }
  }

  void awaitRequest(String line) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    synchronized (seen) {
      while (seen.stream().noneMatch(one -> one.line.equals(line))) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("no request '" + line + "' but " + seen);
        }
        seen.wait(left);
      }
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    String body = new String(bytes, StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().getPath();
    String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    long times;
    synchronized (seen) {
      seen.add(new Seen(body.isEmpty() ? line : line + " " + body, path, key == null ? "" : key));
      times = seen.stream().filter(one -> one.path.equals(path)).count();
      seen.notifyAll();
    }
    String[] parts = path.split("/", -1);
    switch (parts[1]) {
      case "flaky" -> {
        boolean fails = times <= Integer.parseInt(parts[2]);
        send(exchange, fails ? 503 : 200, "application/json", "{\"attempt\":" + times + "}");
      }
      case "status" ->
          send(exchange, Integer.parseInt(parts[2]), "application/json", "{\"no\":true}");
      case "problem" ->
          send(
              exchange,
              409,
              "application/problem+json",
              """
              {"type":"https://shop.example/errors/sold-out","status":409,"title":"Sold out"}\
              """);
      case "redirect" -> {
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        send(exchange, 302, "application/json", "{\"moved\":true}");
      }
      case "text" -> send(exchange, 200, "text/plain", "plain");
      case "mirror" ->
          send(exchange, 200, exchange.getRequestHeaders().getFirst("Content-Type"), bytes);
      case "drop" -> exchange.close();
      case "hang" -> hold(exchange);
      case "hold" -> {
        if (times == 1) {
          hold(exchange);
        } else {
          send(exchange, 200, "application/json", "{\"request\":" + times + "}");
        }
      }
      default ->
          send(exchange, 200, "application/json", JSON.writeValueAsString(echo(exchange, body)));
    }
  }

  private void hold(HttpExchange exchange) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private static ObjectNode echo(HttpExchange exchange, String body) {
    ObjectNode echo = JsonNodeFactory.instance.objectNode();
    echo.put("method", exchange.getRequestMethod());
    echo.put("path", exchange.getRequestURI().getRawPath());
    echo.put("query", exchange.getRequestURI().getRawQuery());
    ObjectNode headers = echo.putObject("headers");
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    if (!body.isEmpty()) {
      echo.set("body", JSON.readTree(body));
    }
    return echo;
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    send(exchange, status, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] bytes)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.close();
  }
}
