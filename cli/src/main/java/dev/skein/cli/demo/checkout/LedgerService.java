package dev.skein.cli.demo.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.skein.cli.demo.checkout.LedgerEntry.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A small HTTP service on loopback whose every answer is in its ledger, on disk, before it is
/// given. A request with a known `Idempotency-Key` gets the recorded answer and has no effect.
///
/// One lock guards ledger and book: the entry that is written and the state it was decided on
/// belong together, and a demo needs no more than the few thousand requests/s that allows.
public final class LedgerService implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 1024 * 1024;
  private static final JsonNode NO_NOTE = JsonNodeFactory.instance.nullNode();
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final JsonMapper CANONICAL =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  static {
    // the JDK's server writes head and body apart: with Nagle's algorithm each answer takes 40 ms
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /// Where a service runs.
  ///
  /// @param port 0 for any free one
  public record Options(int port, Path ledger, ServiceConfig config) {}

  private final Service service;
  private final ServiceConfig config;
  private final Ledger ledger;
  private final OrderBook book = new OrderBook();
  private final ReentrantLock lock = new ReentrantLock();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private record Answer(int status, JsonNode body) {}

  /// What a client asks for, once it makes sense.
  ///
  /// @param release whether it undoes the order
  private record Asked(String orderId, boolean release, JsonNode body) {}

  private LedgerService(Service service, Options options) throws IOException {
    this.service = service;
    this.config = options.config();
    this.ledger = Ledger.open(options.ledger());
    ledger.replayed().forEach(this::apply);
    try {
      server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), 0);
    } catch (IOException e) {
      ledger.close();
      throw e;
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  /// Starts `inventory`, `payment` or `shipping`.
  public static LedgerService start(String name, Options options) {
    Service service =
        switch (name) {
          case "inventory" -> new Inventory(options.config().stock());
          case "payment" -> new Payment();
          case "shipping" -> new Shipping();
          default ->
              throw new IllegalArgumentException(
                  "No service '%s'; there are inventory, payment and shipping".formatted(name));
        };
    try {
      LedgerService started = new LedgerService(service, options);
      started.server.start();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("The service " + name + " can't listen", e);
    }
  }

  /// The base URL, without a slash at its end.
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// What `GET /ledger` answers.
  public ObjectNode ledger() {
    lock.lock();
    try {
      return book.toJson();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
    ledger.close();
  }

  private void apply(LedgerEntry entry) {
    book.add(entry);
    service.recorded(entry);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(exchange);
      } catch (UncheckedIOException e) {
        answer = problem(500, "Ledger failed", String.valueOf(e.getMessage()));
      }
      byte[] body = JSON.writeValueAsBytes(answer.body());
      String type = answer.status() < 400 ? "application/json" : "application/problem+json";
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getRawPath();
    byte[] sent = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES + 1);
    if (sent.length > MAX_REQUEST_BYTES) {
      return problem(
          413, "Too large", "A request has at most %d bytes".formatted(MAX_REQUEST_BYTES));
    }
    if (method.equals("GET") && path.equals("/ledger")) {
      return new Answer(200, ledger());
    }
    boolean hold = method.equals("POST") && path.equals(service.holdPath());
    boolean release = method.equals("POST") && path.equals(service.releasePath());
    String undo = service.holdPath() + "/";
    if (hold || release) {
      return posted(exchange, sent, release);
    }
    if (method.equals("DELETE") && service.releasePath() == null && path.startsWith(undo)) {
      String orderId = URLDecoder.decode(path.substring(undo.length()).replace("+", "%2B"), UTF_8);
      return asked(exchange, new Asked(orderId, true, NO_NOTE));
    }
    return problem(404, "Not found", method + " " + path + " is not served here");
  }

  private Answer posted(HttpExchange exchange, byte[] sent, boolean release) {
    JsonNode body;
    try {
      body = JSON.readTree(sent);
    } catch (JacksonException e) {
      return problem(400, "Bad request", "The body is not valid JSON");
    }
    return asked(exchange, new Asked(body.path("orderId").asString(""), release, body));
  }

  private Answer asked(HttpExchange exchange, Asked asked) {
    if (asked.orderId().isBlank()) {
      return problem(400, "Bad request", "orderId is missing");
    }
    String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
    String fingerprint = fingerprint(exchange, asked.body());
    lock.lock();
    try {
      LedgerEntry known = key == null ? null : book.answerTo(key);
      if (known == null) {
        return decided(asked, key, fingerprint);
      }
      return fingerprint.equals(known.fingerprint())
          ? new Answer(known.status(), known.answer())
          : problem(422, "Key used twice", "The Idempotency-Key came with another request before");
    } finally {
      lock.unlock();
    }
  }

  private Answer decided(Asked asked, @Nullable String key, String fingerprint) {
    if (asked.release()) {
      Event event = book.release(asked.orderId());
      ObjectNode body =
          JsonNodeFactory.instance
              .objectNode()
              .put("orderId", asked.orderId())
              .put("released", event == Event.RELEASED);
      return recorded(asked, event, key, fingerprint, new Answer(200, body), NO_NOTE);
    }
    if (book.timesUnavailable(asked.orderId())
        < config.timesUnavailable(service.name(), asked.orderId())) {
      // without its key, or the next attempt with it would be answered by this failure
      Answer answer =
          problem(503, "Service unavailable", service.name() + " is unavailable, try again");
      return recorded(asked, Event.UNAVAILABLE, null, null, answer, NO_NOTE);
    }
    return switch (service.decide(asked.body(), book.size() + 1)) {
      case Service.Decision.Accepted(ObjectNode body, JsonNode note) ->
          recorded(asked, Event.HELD, key, fingerprint, new Answer(201, body), note);
      case Service.Decision.Refused(int status, String title, String detail) ->
          recorded(asked, Event.REFUSED, key, fingerprint, problem(status, title, detail), NO_NOTE);
      case Service.Decision.Invalid(String detail) -> problem(400, "Bad request", detail);
    };
  }

  private Answer recorded(
      Asked asked,
      Event event,
      @Nullable String key,
      @Nullable String fingerprint,
      Answer answer,
      JsonNode note) {
    LedgerEntry entry =
        new LedgerEntry(
            asked.orderId(), event, key, fingerprint, answer.status(), answer.body(), note);
    ledger.append(entry);
    apply(entry);
    return answer;
  }

  private static Answer problem(int status, String title, String detail) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    return new Answer(status, body.put("status", status).put("title", title).put("detail", detail));
  }

  /// A hash, so that no card number gets into the ledger.
  private static String fingerprint(HttpExchange exchange, JsonNode body) {
    String request =
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI().getRawPath()
            + " "
            + CANONICAL.writeValueAsString(body);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(request.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
