package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.runtime.settings.Settings;
import dev.skein.server.Served.Got;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// People and programs that an issuer vouches for, over HTTP.
class OpenIdTest {
  private static final String LOGIN = "/api/v1/session/oidc";

  @TempDir private Path data;
  private Issuer issuer;
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    issuer = new Issuer();
    Served.secret(data, "console", "s3cret");
    Settings settings =
        Objects.requireNonNull(
            Settings.read(
                    """
                    secrets: [console]
                    auth:
                      jwt:
                        issuer: URL
                        audience: skein
                        roles: {grants: {shop-ops: operator@shop}}
                      oidc:
                        issuer: URL
                        clientId: console
                        clientSecret: console
                        redirect: http://skein.test/api/v1/session/oidc/callback
                        roles: {claim: groups, grants: {shop-ops: operator@shop, ops: viewer}}
                    """
                        .replace("URL", issuer.url()))
                .result());
    served = new Served(data, ServerOptions.of(settings, "127.0.0.1", 0), Timeline.system());
  }

  @AfterEach
  void close() {
    served.close();
    issuer.close();
  }

  private Got session(String token) {
    return served.get("/api/v1/session", "Authorization", "Bearer " + token);
  }

  @Test
  void aTokenOfTheIssuerStandsForTheRolesOfItsGroups() throws Exception {
    assertThat(served.get("/api/v1/runs").status()).isEqualTo(401);
    Got got = session(Issuer.signed(issuer.claims("skein").build(), issuer.key));
    assertThat(got.status()).as(got.body()).isEqualTo(200);
    assertThat(got.json().path("name").asString()).isEqualTo("token ann");
    assertThat(got.json().path("roles").toString()).isEqualTo("{\"shop\":\"operator\"}");
    issuer.group = "others";
    String stranger = Issuer.signed(issuer.claims("skein").build(), issuer.key);
    assertThat(served.get("/api/v1/runs", "Authorization", "Bearer " + stranger).status())
        .isEqualTo(403);
  }

  @Test
  void eventsAreToldForAsLongAsTheTokenCounts() throws Exception {
    // its time is over, but for the minute by which clocks may differ
    Date almost = Date.from(Instant.now().minusSeconds(54));
    String token = sign(issuer.claims("skein").expirationTime(almost));
    String[] shown = {"Authorization: Bearer " + token + "\r\n"};
    try (var listener = new Listener(served.server.url() + "/api/v1/events/stream", shown)) {
      assertThat(listener.status).isEqualTo("200");
      assertThat(listener.rest().getLast().name()).isEqualTo("unauthorized");
    }
  }

  @Test
  void aTokenThatIsNotQuiteRightStandsForNobody() throws Exception {
    JWTClaimsSet good = issuer.claims("skein").build();
    var other = new RSAKeyGenerator(2048).keyID("k1").generate();
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put("of another audience", sign(issuer.claims("console")));
    wrong.put("of another issuer", sign(issuer.claims("skein").issuer("https://evil.test")));
    wrong.put(
        "expired",
        sign(issuer.claims("skein").expirationTime(Date.from(Instant.now().minusSeconds(600)))));
    wrong.put("without an end", sign(issuer.claims("skein").expirationTime(null)));
    wrong.put("of nobody", sign(issuer.claims("skein").subject(null)));
    wrong.put("signed by another", Issuer.signed(good, other));
    wrong.put("not signed", new PlainJWT(good).serialize());
    String[] parts = Issuer.signed(good, issuer.key).split("\\.", -1);
    wrong.put(
        "with another's body",
        parts[0]
            + "."
            + new PlainJWT(issuer.claims("skein").subject("eve").build())
                .serialize()
                .split("\\.", -1)[1]
            + "."
            + parts[2]);
    wrong.forEach((how, token) -> assertThat(session(token).status()).as(how).isEqualTo(401));
  }

  private String sign(JWTClaimsSet.Builder claims) throws Exception {
    return Issuer.signed(claims.build(), issuer.key);
  }

  private static String cookie(Got got) {
    return got.header("Set-Cookie").split(";", 2)[0];
  }

  @Test
  void somebodyLogsInAtTheIssuerAndHasASession() {
    assertThat(served.get("/api/v1/session/ways").json().path("ways").toString())
        .isEqualTo("[\"key\",\"oidc\"]");
    Got sent = served.get(LOGIN);
    assertThat(sent.status()).isEqualTo(302);
    assertThat(sent.header("Location"))
        .startsWith(issuer.url() + "/authorize?")
        .contains("code_challenge_method=S256", "nonce=", "response_type=code");
    assertThat(sent.header("Set-Cookie")).contains("HttpOnly", "SameSite=Lax");
    Got back =
        served.get(
            LOGIN + "/callback" + issuer.callback(sent.header("Location")), "Cookie", cookie(sent));
    assertThat(back.status()).as(back.body()).isEqualTo(302);
    assertThat(back.header("Location")).isEqualTo("/console/");
    Got session = served.get("/api/v1/session", "Cookie", cookie(back));
    assertThat(session.json().path("name").asString()).isEqualTo("login ann");
    assertThat(session.json().path("roles").toString()).isEqualTo("{\"shop\":\"operator\"}");
    assertThat(session.json().path("csrf").asString()).isNotEmpty();
  }

  @Test
  void aLoginCountsInTheBrowserThatBeganIt() {
    Got sent = served.get(LOGIN);
    String callback = LOGIN + "/callback" + issuer.callback(sent.header("Location"));
    assertThat(served.get(callback).status()).isEqualTo(401);
    assertThat(served.get(callback, "Cookie", cookie(served.get(LOGIN))).status()).isEqualTo(401);
    assertThat(
            served.get(callback.replace("code=yes", "error=no"), "Cookie", cookie(sent)).status())
        .isEqualTo(401);
    Got wrong = served.get(LOGIN);
    String bad = issuer.callback(wrong.header("Location")).replace("code=yes", "code=no");
    assertThat(served.get(LOGIN + "/callback" + bad, "Cookie", cookie(wrong)).status())
        .isEqualTo(401);
  }

  @Test
  void whoHasNoRoleDoesNotComeIn() {
    issuer.group = "others";
    Got sent = served.get(LOGIN);
    String callback = LOGIN + "/callback" + issuer.callback(sent.header("Location"));
    Got back = served.get(callback, "Cookie", cookie(sent));
    assertThat(back.status()).isEqualTo(403);
    assertThat(back.header("Set-Cookie")).isEmpty();
  }

  @Test
  void anIssuerThatIsAwayIsToldApartFromAWrongToken() throws Exception {
    String token = Issuer.signed(issuer.claims("skein").build(), issuer.key);
    issuer.close();
    assertThat(session(token).status()).isEqualTo(503);
    assertThat(served.get(LOGIN).code()).isEqualTo("login-unavailable");
  }
}
