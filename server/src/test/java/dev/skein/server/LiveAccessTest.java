package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.http.Detour;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Location;
import dev.skein.runtime.Outside;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Keys;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.runtime.settings.Settings;
import dev.skein.server.Listener.Event;
import dev.skein.server.Served.Got;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events are told for as long as what their stream was opened with counts.
class LiveAccessTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final String ALL = "/api/v1/events/stream";
  private static final String ONE = "/api/v1/runs/r/events";
  private static final String WAITS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: waits, version: 1.0.0}
      do: [{paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}}]
      """;

  @TempDir private Path data;
  private final TurnedTime time = new TurnedTime();
  private final TurnedClock clock = new TurnedClock();
  private Served served;

  @BeforeEach
  void serve() {
    Skein skein =
        Skein.open(
            Location.in(data),
            EngineOptions.DEFAULT,
            Settings.NONE,
            UnaryOperator.identity(),
            new Outside(clock, Detour.NONE));
    served = new Served(skein, ServerOptions.at("127.0.0.1", 0), time);
    served.deploy(WAITS);
    skein.start("shop/waits", "", "r");
  }

  @AfterEach
  void close() {
    served.close();
  }

  private Keys keys() {
    return served.skein.access().keys();
  }

  private Keys.Made key(String name, Duration validity) {
    return keys().make(name, Roles.everywhere(Role.VIEWER), validity);
  }

  private Listener listen(String path, String... headers) throws IOException {
    var listener = new Listener(served.server.url() + path, headers);
    assertThat(listener.status).isEqualTo("200");
    return listener;
  }

  private static String shows(Keys.Made key) {
    return "Authorization: Bearer " + key.shown() + "\r\n";
  }

  private String session(Keys.Made key) {
    Got login = served.post("/api/v1/session", "{\"key\": \"" + key.shown() + "\"}");
    return login.header("Set-Cookie").split(";", 2)[0];
  }

  /// That the stream ends by itself soon, and says why.
  private static void assertEnds(Listener listener) throws IOException {
    long begun = System.nanoTime();
    List<Event> rest = listener.rest();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
    assertThat(rest.getLast().name()).isEqualTo("unauthorized");
  }

  @Test
  void aKeyThatIsRevokedEndsItsStreamsAndNoOthers() throws Exception {
    Keys.Made ann = key("ann", null);
    Keys.Made bob = key("bob", null);
    try (var all = listen(ALL, shows(ann));
        var one = listen(ONE, shows(ann));
        var others = listen(ALL, shows(bob))) {
      keys().revoke(ann.key().id());
      assertEnds(all);
      assertEnds(one);
      served.skein.start("shop/waits", "", "later");
      assertThat(others.until("run", "running").data().path("run").asString()).isEqualTo("later");
    }
    try (var again = new Listener(served.server.url() + ALL, shows(ann))) {
      assertThat(again.status).isEqualTo("401");
    }
  }

  @Test
  void aKeyThatAnotherNodeRevokesEndsThemToo() throws Exception {
    Keys.Made ann = key("ann", null);
    try (var all = listen(ALL, shows(ann))) {
      revokeElsewhere(ann);
      assertEnds(all);
    }
  }

  private void revokeElsewhere(Keys.Made key) throws SQLException {
    String url = "jdbc:sqlite:" + data.resolve("skein.db") + "?busy_timeout=10000";
    try (var connection = DriverManager.getConnection(url);
        var update =
            connection.prepareStatement("UPDATE api_key SET revoked_at = 1 WHERE id = ?")) {
      update.setString(1, key.key().id());
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  @Test
  void aKeyThatExpiresEndsThem() throws Exception {
    Keys.Made ann = key("ann", Duration.ofHours(1));
    try (var all = listen(ALL, shows(ann));
        var session = listen(ONE, "Cookie: " + session(ann) + "\r\n")) {
      clock.turn(Duration.ofMinutes(61));
      assertEnds(all);
      assertEnds(session);
    }
  }

  @Test
  void whoLogsOutHearsNoMoreInThatSession() throws Exception {
    Keys.Made ann = key("ann", null);
    String first = session(ann);
    String second = session(ann);
    try (var all = listen(ALL, "Cookie: " + first + "\r\n");
        var one = listen(ONE, "Cookie: " + first + "\r\n");
        var other = listen(ALL, "Cookie: " + second + "\r\n")) {
      served.send("DELETE", "/api/v1/session", "", "Cookie", first);
      assertEnds(all);
      assertEnds(one);
      served.skein.start("shop/waits", "", "later");
      assertThat(other.until("run", "running")).isNotNull();
    }
  }

  @Test
  void aSessionWhoseTimeIsOverHearsNoMore() throws Exception {
    try (var all = listen(ALL, "Cookie: " + session(key("ann", null)) + "\r\n")) {
      time.turn(Duration.ofHours(13));
      assertEnds(all);
    }
  }

  @Test
  void theFirstKeyEndsWhatWasOpenToAll() throws Exception {
    try (var all = listen(ALL)) {
      key("ann", null);
      assertEnds(all);
    }
  }
}
