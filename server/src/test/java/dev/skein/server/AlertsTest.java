package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Alerts over the API.
class AlertsTest {
  private static final String ALERTS = "/api/v1/alerts";

  @TempDir private Path data;
  private Served served;

  @BeforeEach
  void serve() {
    Settings settings =
        Settings.read(
                """
                alerts:
                  every: {milliseconds: 50}
                  rules:
                    starts:
                      when: ${ [.metrics.skein_runs_started_total[]? | select(.labels.workflow == "shop/done") | .value] | add > 2 }
                      summary: too many
                    never: {when: '${ .runs.open.all > 1000 }'}
                """)
            .result();
    Skein skein = Skein.open(data, EngineOptions.DEFAULT, Objects.requireNonNull(settings));
    served = new Served(skein, ServerOptions.at("127.0.0.1", 0), Timeline.system());
    served.deploy(
        """
        document: {dsl: 1.0.3, namespace: shop, name: done, version: 1.0.0}
        do: [{count: {set: {n: 1}}}]
        """);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private JsonNode alert(String state) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofSeconds(20));
    JsonNode alert;
    do {
      alert = served.get(ALERTS).json().path("alerts").get(0);
      TimeUnit.MILLISECONDS.sleep(20);
    } while (!alert.path("state").asString().equals(state) && Instant.now().isBefore(end));
    assertThat(alert.path("state").asString()).isEqualTo(state);
    return alert;
  }

  private void fire() {
    for (int i = 0; i < 3; i++) {
      served.skein.start("shop/done", Map.of());
    }
  }

  @Test
  void anAlertOverWhatIsMeasuredFiresAndIsAnIncident() throws Exception {
    assertThat(alert("ok").path("run").isNull()).isTrue();
    fire();
    JsonNode firing = alert("firing");
    assertThat(firing.path("name").asString()).isEqualTo("starts");
    assertThat(firing.path("summary").asString()).isEqualTo("too many");
    JsonNode incident = served.get("/api/v1/incidents").json().path("incidents").get(0);
    assertThat(incident.path("kind").asString()).isEqualTo("alert");
    assertThat(incident.path("run")).isEqualTo(firing.path("run"));
    String id = incident.path("id").asString();
    Served.Got retried = served.post("/api/v1/incidents/" + id + "/retry", "{}");
    assertThat(retried.status()).isEqualTo(409);
    assertThat(retried.json().path("detail").asString()).contains("silenced");
    assertThat(served.post("/api/v1/incidents/" + id + "/resolve", "{}").status()).isEqualTo(202);
    assertThat(served.get("/api/v1/incidents").json().path("incidents")).isEmpty();
    alert("firing");
  }

  @Test
  void isSilencedForAWhileAndHeardAgain() {
    Served.Got silenced =
        served.post(ALERTS + "/starts/silence", "{\"for\": \"PT2H\", \"reason\": \"known\"}");
    assertThat(silenced.status()).as(silenced.body()).isEqualTo(200);
    Instant until = Instant.parse(silenced.json().at("/alerts/0/silencedUntil").asString());
    assertThat(until).isBetween(Instant.now().plusSeconds(7_100), Instant.now().plusSeconds(7_201));
    assertThat(silenced.json().at("/alerts/1/silencedUntil").isNull()).isTrue();
    Served.Got heard = served.post(ALERTS + "/starts/unsilence", "{}");
    assertThat(heard.json().at("/alerts/0/silencedUntil").isNull()).isTrue();
  }

  @Test
  void whatIsAskedWronglyIsRefused() {
    for (String body :
        new String[] {
          "{}",
          "{\"for\": \"long\"}",
          "{\"for\": \"PT-1H\"}",
          "{\"for\": \"P1000D\"}",
          "{\"until\": \"2020-01-01T00:00:00Z\"}",
          "{\"for\": \"PT1H\", \"until\": \"2099-01-01T00:00:00Z\"}"
        }) {
      assertThat(served.post(ALERTS + "/starts/silence", body).status()).as(body).isEqualTo(400);
    }
    for (String verb : new String[] {"silence", "unsilence", "test"}) {
      Served.Got unknown = served.post(ALERTS + "/other/" + verb, "{\"for\": \"PT1H\"}");
      assertThat(unknown.status()).as(verb).isEqualTo(404);
      assertThat(unknown.code()).isEqualTo("no-such-alert");
    }
  }

  @Test
  void aTestIsARunOfItsOwn() {
    Served.Got test = served.post(ALERTS + "/never/test", "{}");
    assertThat(test.status()).isEqualTo(202);
    assertThat(test.json().at("/workflow/name").asString()).isEqualTo("alert");
  }
}
