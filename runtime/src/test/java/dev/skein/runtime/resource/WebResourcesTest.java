package dev.skein.runtime.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import dev.skein.interpreter.Policies;
import dev.skein.interpreter.SecretSource;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.model.Resources;
import dev.skein.model.Resources.Found;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Servers answer as they like; a deployment gets a document within its limits, or a sentence.
class WebResourcesTest {
  private static final FetchLimits SMALL = limits(Duration.ofSeconds(20));
  private static final SecretSource SECRETS =
      name -> name.equals("door") ? Json.parse("{\"username\":\"ada\",\"password\":\"pw\"}") : null;

  private final CountDownLatch over = new CountDownLatch(1);
  private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private HttpServer other;

  private static FetchLimits limits(Duration time) {
    return new FetchLimits(10, 1_000, 5_000, time, Duration.ofSeconds(60));
  }

  @BeforeEach
  void start() throws IOException {
    server = server();
    other = server();
  }

  private HttpServer server() throws IOException {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    started.createContext("/", this::answer);
    started.start();
    return started;
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    other.stop(0);
  }

  private static String url(HttpServer of, String path) {
    return "http://127.0.0.1:" + of.getAddress().getPort() + path;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    seen.add(path + (authorization == null ? "" : " authorized"));
    switch (path) {
      case "/plain" -> send(exchange, 200, "hello");
      case "/large" -> send(exchange, 200, "x".repeat(1_001));
      case "/endless" -> endless(exchange);
      case "/trickle" -> trickle(exchange);
      case "/hang" -> await();
      case "/bytes" -> {
        exchange.sendResponseHeaders(200, 1);
        exchange.getResponseBody().write(0xff);
      }
      case "/none" -> send(exchange, 404, "not here, secret pw");
      case "/broken" -> send(exchange, 500, "stack trace");
      case "/loop" -> redirect(exchange, "/loop");
      case "/moved" -> redirect(exchange, "plain");
      case "/lost" -> send(exchange, 302, "");
      case "/away" -> redirect(exchange, url(other, "/door"));
      case "/door" -> {
        boolean known = "Basic YWRhOnB3".equals(authorization);
        send(exchange, known ? 200 : 401, known ? "inside" : "pw");
      }
      default -> throw new AssertionError(path);
    }
    exchange.close();
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
  }

  private static void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      for (int i = 0; i < 1_000_000; i++) {
        body.write("all work and no play\n".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /// A byte now and then, so that the connection never falls silent.
  private void trickle(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    OutputStream body = exchange.getResponseBody();
    try {
      while (!over.await(50, TimeUnit.MILLISECONDS)) {
        body.write('x');
        body.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static UnaryOperator<JsonNode> policies(List<String> secrets) {
    return Policies.atDeployment(secrets, SECRETS, new Jq(Limits.defaults()), Instant.EPOCH);
  }

  private static FetchedResources resources(FetchLimits limits) {
    return new FetchedResources(null, WebAccess.own(policies(List.of("door"))), limits);
  }

  private static String fetched(Resources from, String url, @Nullable String policy) {
    JsonNode authentication = policy == null ? null : Json.parse(policy);
    return switch (from.find(new Resources.Wanted(URI.create(url), authentication))) {
      case Found.Text(String text) -> text;
      case Found.Unread() -> "unread";
      case Found.Failed(String reason, _) -> "it " + reason;
    };
  }

  private String fetched(String path) {
    return fetched(path, null);
  }

  private String fetched(String path, @Nullable String policy) {
    try (var resources = resources(SMALL)) {
      return fetched(resources, url(server, path), policy);
    }
  }

  @Test
  void eachIsFetchedOnceAndKeptByItsUri() {
    try (var resources = resources(SMALL)) {
      String url = url(server, "/plain");
      assertThat(fetched(resources, url, null)).isEqualTo("hello");
      assertThat(fetched(resources, url, null)).isEqualTo("hello");
      assertThat(fetched(resources, url(server, "/none"), null)).startsWith("it does not");
      assertThat(resources.contents()).containsOnlyKeys(url);
    }
    assertThat(seen).containsExactly("/plain", "/none");
  }

  @Test
  void whatIsTooLargeIsNotReadToItsEnd() {
    assertThat(fetched("/large")).isEqualTo("it is larger than 1000 bytes");
    assertThat(fetched("/endless")).isEqualTo("it is larger than 1000 bytes");
  }

  @Test
  void whatIsTooSlowIsGivenUpWhetherItIsSilentOrNot() {
    try (var resources = resources(limits(Duration.ofMillis(500)))) {
      for (String path : List.of("/hang", "/trickle")) {
        assertThat(fetched(resources, url(server, path), null))
            .isEqualTo("it did not come within 0.5 s");
      }
    }
  }

  @Test
  void allTogetherHaveALimitToo() {
    var little = new FetchLimits(10, 1_000, 7, Duration.ofSeconds(20), Duration.ofSeconds(30));
    try (var resources = resources(little)) {
      assertThat(fetched(resources, url(server, "/plain"), null)).isEqualTo("hello");
      assertThat(fetched(resources, url(server, "/moved"), null)).contains("7 bytes at most");
    }
    var late = new FetchLimits(10, 1_000, 5_000, Duration.ofSeconds(20), Duration.ofMillis(300));
    try (var resources = resources(late)) {
      assertThat(fetched(resources, url(server, "/hang"), null))
          .startsWith("it did not come within");
      assertThat(fetched(resources, url(server, "/plain"), null)).startsWith("it comes too late");
    }
  }

  @Test
  void whatTheServerDoesNotGiveIsToldWithoutTheServersWords() {
    assertThat(fetched("/none")).isEqualTo("it does not exist: the answer was 404");
    assertThat(fetched("/broken")).isEqualTo("it cannot be fetched: the answer was 500");
    assertThat(fetched("/bytes")).isEqualTo("it is not text in UTF-8");
    assertThat(fetched("/lost")).isEqualTo("it cannot be fetched: the answer was 302");
  }

  @Test
  void aServerThatIsNotThereIsToldAsSuch() throws IOException {
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    try (var resources = resources(SMALL)) {
      assertThat(fetched(resources, "http://127.0.0.1:" + closed + "/x", null))
          .startsWith("it cannot be fetched: ")
          .contains("127.0.0.1 can't be reached on port " + closed);
    }
  }

  @Test
  void aFewRedirectsAreFollowedAndALoopIsNot() {
    assertThat(fetched("/moved")).isEqualTo("hello");
    seen.clear();
    assertThat(fetched("/loop")).isEqualTo("it is redirected more than 5 times");
    assertThat(seen).hasSize(6);
  }

  @Test
  void anAuthenticationOpensTheDoorAndGoesNowhereElse() {
    assertThat(fetched("/door")).isEqualTo("it is not for us to read: the answer was 401");
    String inline =
        "{\"basic\":{\"username\":\"ada\",\"password\":\"${ $secrets.door.password }\"}}";
    assertThat(fetched("/door", inline)).isEqualTo("inside");
    assertThat(fetched("/door", "{\"basic\":{\"use\":\"door\"}}")).isEqualTo("inside");
    seen.clear();
    assertThat(fetched("/away", "{\"basic\":{\"use\":\"door\"}}"))
        .isEqualTo("it is not for us to read: the answer was 401");
    assertThat(seen).containsExactly("/away authorized", "/door");
  }

  @Test
  void aSecretThatIsNotThereIsToldByItsName() {
    try (var resources =
        new FetchedResources(null, WebAccess.own(policies(List.of("door", "gone"))), SMALL)) {
      assertThat(fetched(resources, url(server, "/door"), "{\"basic\":{\"use\":\"gone\"}}"))
          .isEqualTo("it cannot be authenticated for: there is no secret 'gone'");
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void theWebIsLeftAloneWhereNobodyAsksForIt() {
    try (var files = new FetchedResources(null, null, SMALL)) {
      assertThat(fetched(files, url(server, "/plain"), null)).isEqualTo("unread");
    }
    assertThat(seen).isEmpty();
  }
}
