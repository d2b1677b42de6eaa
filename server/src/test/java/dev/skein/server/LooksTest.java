package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What there is to look at besides runs.
class LooksTest {
  @TempDir private Path data;
  private Served served;

  @BeforeEach
  void serve() {
    served = new Served(data);
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void aScheduleTellsItsNextStarts() {
    served.deploy(
        """
        document: {dsl: 1.0.3, namespace: shop, name: hourly, version: 1.0.0}
        schedule: {every: {hours: 1}}
        do: [{count: {set: {n: 1}}}]
        """);
    JsonNode hourly = served.get("/api/v1/schedules").json().path("schedules").get(0);
    assertThat(hourly.path("when").asString()).isEqualTo("every hour");
    List<Instant> starts = new ArrayList<>();
    hourly.path("upcoming").forEach(at -> starts.add(Instant.parse(at.asString())));
    assertThat(starts).hasSize(5).isSorted();
    assertThat(starts.getFirst()).isEqualTo(Instant.parse(hourly.path("next").asString()));
    assertThat(Duration.between(starts.getFirst(), starts.getLast()))
        .isEqualTo(Duration.ofHours(4));
  }

  @Test
  void theLogOfEventsTellsWhoHasTakenWhich() throws Exception {
    served.deploy(
        """
        document: {dsl: 1.0.3, namespace: shop, name: takes, version: 1.0.0}
        do: [{paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}}]
        """);
    served.skein.start("takes", java.util.Map.of(), "taker");
    for (String type : List.of("com.example.paid", "com.example.lost")) {
      served.skein.publish(
          Json.parse(
              "{\"specversion\": \"1.0\", \"id\": \"1-%s\", \"source\": \"/t\", \"type\": \"%s\"}"
                  .formatted(type, type)));
    }
    served.skein.await("taker", Duration.ofSeconds(10));
    JsonNode lost = served.get("/api/v1/events?type=com.example.l").json().path("events");
    assertThat(lost).hasSize(1);
    assertThat(lost.get(0).path("takenBy")).isEmpty();
    JsonNode first = served.get("/api/v1/events?type=com.example&limit=1").json();
    assertThat(first.path("events").get(0).at("/event/type").asString())
        .isEqualTo("com.example.lost");
    String next = first.path("next").asString();
    JsonNode second = served.get("/api/v1/events?type=com.example&cursor=" + next).json();
    assertThat(second.path("events").get(0).path("takenBy").toString()).isEqualTo("[\"taker\"]");
    assertThat(second.has("next")).isFalse();
    served.skein.start("takes", java.util.Map.of(), "later");
    String replay = "/api/v1/events/" + second.at("/events/0/number").asLong() + "/replay";
    Served.Got replayed = served.post(replay, "{\"reason\": \"it was not there yet\"}");
    assertThat(replayed.status()).as(replayed.body()).isEqualTo(202);
    assertThat(served.skein.await("later", Duration.ofSeconds(10)).status()).isEqualTo("completed");
    JsonNode copy = served.get("/api/v1/events?type=com.example.paid&limit=1").json();
    assertThat(copy.at("/events/0/event/skeinreplayof").asString()).isEqualTo("1-com.example.paid");
    assertThat(copy.at("/events/0/event/id")).isEqualTo(replayed.json().path("id"));
    assertThat(served.post("/api/v1/events/999999/replay", "{}").code()).isEqualTo("no-such-event");
    assertThat(served.post("/api/v1/events/x/replay", "{}").status()).isEqualTo(404);
    served.skein.start("takes", java.util.Map.of(), "third");
    served.skein.signal("third", "com.example.paid", "sent");
    served.skein.await("third", Duration.ofSeconds(10));
    long sent = served.get("/api/v1/events?limit=1").json().at("/events/0/number").asLong();
    assertThat(served.post("/api/v1/events/" + sent + "/replay", "{}").code())
        .isEqualTo("not-replayable");
  }
}
