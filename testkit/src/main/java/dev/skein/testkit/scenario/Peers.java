package dev.skein.testkit.scenario;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.skein.connectors.http.Detour;
import dev.skein.testkit.scenario.Scenario.Failure;
import dev.skein.testkit.scenario.Scenario.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Stands in for all systems that a workflow calls: one server on the loopback address, to which
/// every connection is led, and which answers by the host that the request names. Thread-safe.
final class Peers implements Detour, AutoCloseable {
  private static final Set<String> NOT_PASSED_ON =
      Set.of("connection", "content-length", "expect", "host", "upgrade", "transfer-encoding");

  private final Map<String, Peer> peers;
  private final Map<String, StandIn> standIns = new ConcurrentHashMap<>();
  private final Map<String, Cassette> recording = new ConcurrentHashMap<>();
  private final Map<String, Boolean> secure = new ConcurrentHashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final List<String> unanswered = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final InetSocketAddress nowhere;
  private final HttpClient real =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// @param secrets of the case, which no cassette may hold
  /// @param record whether the real systems answer, and what they say is recorded
  Peers(Map<String, Peer> peers, Map<String, String> secrets, boolean record) throws IOException {
    this.peers = peers;
    for (Map.Entry<String, Peer> entry : peers.entrySet()) {
      Path file = entry.getValue().cassette();
      if (file != null && record) {
        recording.put(entry.getKey(), new Cassette(secrets.values()));
      } else {
        Cassette cassette =
            file == null || !Files.exists(file) ? null : Cassette.load(file, secrets.values());
        standIns.put(entry.getKey(), new StandIn(entry.getValue(), cassette));
      }
    }
    this.nowhere = closedPort();
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private static InetSocketAddress closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
  }

  @Override
  public InetSocketAddress instead(boolean isSecure, String host, int port) {
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    String authority = port == (isSecure ? 443 : 80) ? bracketed : bracketed + ":" + port;
    secure.put(authority, isSecure);
    Peer peer = peers.get(authority);
    return peer != null && peer.down() ? nowhere : server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String host = exchange.getRequestHeaders().getFirst("Host");
    var asked =
        new Cassette.Asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            new String(body, StandardCharsets.UTF_8));
    note(calls, asked, host);
    Cassette tape = recording.get(host);
    StandIn standIn = standIns.get(host);
    StandIn.Reply reply =
        tape != null
            ? passedOn(exchange, host, asked, body, tape)
            : standIn == null
                ? null
                : standIn.reply(
                    asked,
                    StandIn.meant(body, exchange.getRequestHeaders().getFirst("Content-Type")));
    if (reply == null) {
      note(unanswered, asked, host);
      exchange.sendResponseHeaders(501, -1);
      exchange.close();
    } else {
      send(exchange, reply);
    }
  }

  private static void note(List<String> where, Cassette.Asked asked, @Nullable String host) {
    synchronized (where) {
      where.add(asked.method() + " " + host + asked.target());
    }
  }

  private void send(HttpExchange exchange, StandIn.Reply reply) throws IOException {
    try {
      if (reply.failure() == Failure.HANG) {
        over.await();
      }
      Thread.sleep(reply.delay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (reply.failure() == Failure.RESET || reply.failure() == Failure.HANG) {
      exchange.close();
      return;
    }
    byte[] body = reply.body();
    reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    if (reply.failure() == Failure.GARBAGE) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      body = "{\"this is\": no json".getBytes(StandardCharsets.UTF_8);
    }
    boolean cut = reply.failure() == Failure.CUT;
    exchange.sendResponseHeaders(
        reply.status(), cut ? body.length + 1_000 : body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private StandIn.@Nullable Reply passedOn(
      HttpExchange exchange, String host, Cassette.Asked asked, byte[] body, Cassette tape) {
    String scheme = secure.getOrDefault(host, true) ? "https" : "http";
    var request =
        HttpRequest.newBuilder(URI.create(scheme + "://" + host + asked.target()))
            .method(asked.method(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> request.header(name, value));
          }
        });
    try {
      HttpResponse<byte[]> answer =
          real.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      var headers = new TreeMap<String, String>();
      for (String name : List.of("content-type", "content-encoding", "retry-after", "location")) {
        answer.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
      }
      tape.record(asked, new Cassette.Answered(answer.statusCode(), headers, answer.body()));
      return new StandIn.Reply(Duration.ZERO, null, answer.statusCode(), headers, answer.body());
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /// All requests in order, `METHOD host/path?query`.
  List<String> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /// Those that nobody answered.
  List<String> unanswered() {
    synchronized (unanswered) {
      return List.copyOf(unanswered);
    }
  }

  /// Writes down what was recorded.
  void save() throws IOException {
    for (Map.Entry<String, Cassette> entry : recording.entrySet()) {
      Peer peer = peers.get(entry.getKey());
      if (peer != null && peer.cassette() != null) {
        entry.getValue().save(peer.cassette());
      }
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
    real.close();
  }
}
