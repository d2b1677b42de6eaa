package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunFilter;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Alerts of the settings, told by every way there is: to a real server, by real mail, by a real
/// process, by a run.
class AlertingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path data;
  private final BlockingQueue<JsonNode> posted = new LinkedBlockingQueue<>();
  private final GreenMail mail =
      new GreenMail(ServerSetup.SMTP.dynamicPort()).withConfiguration(loginDemanded());
  private HttpServer server;

  private static GreenMailConfiguration loginDemanded() {
    return new GreenMailConfiguration().withUser("ops@example.com", "skein", "s3cr3t");
  }

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hook",
        exchange -> {
          posted.add(Json.parse(new String(exchange.getRequestBody().readAllBytes())));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    mail.start();
    Files.createDirectories(data.resolve("secrets"));
    Files.writeString(data.resolve("secrets").resolve("mail"), "s3cr3t\n");
  }

  @AfterEach
  void stop() {
    server.stop(0);
    mail.stop();
  }

  private Skein open(String rule) {
    String settings =
        """
        alerts:
          every: {milliseconds: 50}
          mail: {host: localhost, port: %d, security: none, from: skein@example.com, user: skein, password: mail}
          rules:
            waiting:
              when: ${ .runs.open.waiting > 0 }
              severity: critical
              summary: ${ "\\(.runs.open.waiting) waits" }
              %s
        """
            .formatted(mail.getSmtp().getPort(), rule);
    Settings read = Objects.requireNonNull(Settings.read(settings).result(), settings);
    Skein skein = Skein.open(data, EngineOptions.DEFAULT, read);
    skein.deploy(
        """
        document: {dsl: 1.0.3, namespace: shop, name: waits, version: 1.0.0}
        do: [{hear: {listen: {to: {one: {with: {type: com.example.never}}}}}}]
        """);
    return skein;
  }

  private String hook() {
    return "http://localhost:" + server.getAddress().getPort() + "/hook";
  }

  private JsonNode posted() throws InterruptedException {
    return Objects.requireNonNull(posted.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  private static void awaitState(Skein skein, String state) throws InterruptedException {
    eventually(() -> skein.alerts().all().getFirst().state().equals(state));
  }

  private static void eventually(BooleanSupplier condition) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean() && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void anAlertIsPostedToAWebhookWhenItFiresAndWhenItEnds() throws Exception {
    try (Skein skein = open("notify: [{webhook: '%s'}]".formatted(hook()))) {
      String id = skein.start("shop/waits", Map.of());
      JsonNode firing = posted();
      assertThat(firing.path("alert").asString()).isEqualTo("waiting");
      assertThat(firing.path("state").asString()).isEqualTo("firing");
      assertThat(firing.path("severity").asString()).isEqualTo("critical");
      assertThat(firing.path("summary").asString()).isEqualTo("1 waits");
      assertThat(skein.run(firing.path("run").asString()).incidents())
          .singleElement()
          .satisfies(it -> assertThat(it.summary()).isEqualTo("waiting: 1 waits"));
      skein.cancel(id, "enough");
      JsonNode resolved = posted();
      assertThat(resolved.path("state").asString()).isEqualTo("resolved");
      assertThat(resolved.path("since")).isEqualTo(firing.path("since"));
      awaitState(skein, "ok");
      assertThat(skein.act().incidents(null, 10)).isEmpty();
    }
  }

  @Test
  void mailIsSentWithItsLogin() throws Exception {
    try (Skein skein = open("notify: [{email: [ops@example.com, boss@example.com]}]")) {
      skein.start("shop/waits", Map.of());
      eventually(() -> mail.getReceivedMessages().length == 2);
      MimeMessage sent = mail.getReceivedMessages()[0];
      assertThat(sent.getSubject()).isEqualTo("[FIRING] waiting: 1 waits");
      assertThat(sent.getFrom()[0].toString()).isEqualTo("skein@example.com");
      assertThat(GreenMailUtil.getBody(sent)).contains("severity  critical");
      assertThat(sent.getMessageID()).endsWith("@example.com>");
    }
  }

  @Test
  void aCommandGetsTheMessage() throws Exception {
    Path told = data.resolve("told");
    String command = "cat > %s.new; echo $SKEIN_ALERT_STATE >> %s.new; mv %s.new %s";
    String notify = command.formatted(told, told, told, told);
    try (Skein skein = open("notify: [{command: '%s'}]".formatted(notify))) {
      skein.start("shop/waits", Map.of());
      eventually(() -> Files.exists(told));
      assertThat(Files.readString(told)).contains("\"alert\":\"waiting\"").endsWith("firing\n");
    }
  }

  @Test
  void anotherWorkflowIsStartedOnce() throws Exception {
    try (Skein skein = open("notify: [{workflow: ops/page}]")) {
      skein.deploy(
          """
          document: {dsl: 1.0.3, namespace: ops, name: page, version: 1.0.0}
          do: [{say: {set: {said: '${ .summary }'}}}]
          """);
      skein.start("shop/waits", Map.of());
      awaitState(skein, "firing");
      var pages = new RunFilter(Set.of(RunStatus.COMPLETED), "page", null, 10);
      eventually(() -> skein.list(pages).size() == 1);
      RunView page = skein.run(skein.list(pages).getFirst().id());
      assertThat(Json.text(page.output())).isEqualTo("{\"said\":\"1 waits\"}");
    }
  }

  @Test
  void conditionsSeeHowEverythingIsAndWas() throws Exception {
    try (Skein skein = open("notify: [{webhook: '%s'}]".formatted(hook()))) {
      JsonNode now = skein.overview().get();
      assertThat(now.at("/runs/open/running").asInt(-1)).isZero();
      assertThat(now.at("/runs/minutes")).hasSize(60);
      assertThat(now.at("/incidents/open").asInt(-1)).isZero();
      assertThat(now.at("/nodes/0/alive").asBoolean()).isTrue();
      assertThat(now.at("/store/failed").asBoolean(true)).isFalse();
      assertThat(now.path("integrations").isObject()).isTrue();
      assertThat(now.path("schedules").isArray()).isTrue();
    }
  }

  @Test
  void wrongRulesAreRefusedWhereTheyStand() {
    for (Map.Entry<String, String> one :
        Map.of(
                "{when: true}", "'when' must be an expression",
                "{}", "'when' must say when the alert fires",
                "{when: '${ .a', notify: [{webhook: 'http://h'}]}", "never closed",
                "{when: '${ .a }', notify: [{email: [a@b]}]}", "without 'alerts.mail'",
                "{when: '${ .a }', notify: [{webhook: 'http://h', command: c}]}", "one way",
                "{when: '${ .a }', notify: [{webhook: nowhere}]}", "is no address",
                "{when: '${ .a }', severity: loud}", "severity")
            .entrySet()) {
      var read = Settings.read("alerts: {rules: {r: %s}}".formatted(one.getKey()));
      assertThat(read.result()).as(one.getKey()).isNull();
      assertThat(read.diagnostics().toString()).as(one.getKey()).contains(one.getValue());
    }
    assertThat(List.of(Settings.read("alerts: {rules: {r: {when: '${ .a }'}}}").result()))
        .doesNotContainNull();
  }
}
