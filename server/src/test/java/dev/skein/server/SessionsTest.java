package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.runtime.access.Keys;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.Served.Got;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// People who log in to the console, over HTTP.
class SessionsTest {
  private static final String PATH = "/api/v1/session";

  @TempDir private Path data;
  private final TurnedTime time = new TurnedTime();
  private Served served;
  private Keys.Made key;

  @BeforeEach
  void serve() {
    served = new Served(data, time);
    key = served.skein.access().keys().make("ann", Roles.everywhere(Role.OPERATOR), null);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private Got login(String shown, String... headers) {
    return served.post(PATH, "{\"key\": \"" + shown + "\"}", headers);
  }

  private static String cookie(Got login) {
    return login.header("Set-Cookie").split(";", 2)[0];
  }

  private Got suspend(String... headers) {
    return served.post("/api/v1/runs/none/suspend", "", headers);
  }

  @Test
  void aSessionStandsForItsKey() {
    assertThat(served.get(PATH).status()).isEqualTo(401);
    Got login = login(key.shown());
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.header("Set-Cookie"))
        .contains("HttpOnly", "SameSite=Strict", "Path=/")
        .doesNotContain(key.shown().substring(20));
    String cookie = cookie(login);
    assertThat(served.get("/api/v1/runs", "Cookie", cookie).status()).isEqualTo(200);
    Got session = served.get(PATH, "Cookie", "other=1; " + cookie);
    assertThat(session.json().path("roles").path("*").asString()).isEqualTo("operator");
    assertThat(session.json().path("csrf")).isEqualTo(login.json().path("csrf"));
    assertThat(served.get("/api/v1/keys", "Cookie", cookie).status()).isEqualTo(403);
  }

  @Test
  void changesByASessionNeedItsToken() {
    Got login = login(key.shown());
    String cookie = cookie(login);
    String csrf = login.json().path("csrf").asString();
    assertThat(suspend("Cookie", cookie).code()).isEqualTo("csrf");
    assertThat(suspend("Cookie", cookie, "X-Skein-CSRF", "x").code()).isEqualTo("csrf");
    assertThat(suspend("Cookie", cookie, "X-Skein-CSRF", csrf).status()).isEqualTo(404);
    Got other = login(key.shown());
    assertThat(suspend("Cookie", cookie(other), "X-Skein-CSRF", csrf).code()).isEqualTo("csrf");
  }

  @Test
  void aSessionOutlivesItsServer() {
    String cookie = cookie(login(key.shown()));
    served.close();
    served = new Served(data, time);
    assertThat(served.get("/api/v1/runs", "Cookie", cookie).status()).isEqualTo(200);
    served.send("DELETE", PATH, "", "Cookie", cookie);
    served.close();
    served = new Served(data, time);
    assertThat(served.get("/api/v1/runs", "Cookie", cookie).status()).isEqualTo(401);
  }

  @Test
  void aSessionEndsByLogoutByTimeAndWithItsKey() {
    String first = cookie(login(key.shown()));
    Got out = served.send("DELETE", PATH, "", "Cookie", first);
    assertThat(out.header("Set-Cookie")).contains("Max-Age=0");
    assertThat(served.get("/api/v1/runs", "Cookie", first).status()).isEqualTo(401);
    String second = cookie(login(key.shown()));
    time.turn(Duration.ofHours(13));
    assertThat(served.get("/api/v1/runs", "Cookie", second).status()).isEqualTo(401);
    String third = cookie(login(key.shown()));
    served.skein.access().keys().revoke(key.key().id());
    assertThat(served.get("/api/v1/runs", "Cookie", third).status()).isEqualTo(401);
  }

  @Test
  void wrongKeysAndOtherSitesDoNotLogIn() {
    assertThat(login(key.shown(), "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
    for (int i = 0; i < 10; i++) {
      assertThat(login("sk_nonsense").status()).isEqualTo(401);
    }
    assertThat(login("sk_nonsense").status()).isEqualTo(429);
    assertThat(login(key.shown()).status()).isEqualTo(200);
  }
}
