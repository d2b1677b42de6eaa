package dev.skein.connectors.auth;

import static dev.skein.connectors.auth.AuthorizerTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.connectors.auth.TestServer.Reply;
import dev.skein.connectors.auth.TestServer.Seen;
import dev.skein.connectors.http.Egress;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpConnector;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OAuth2Test {
  private static final String TOKEN = "/oauth2/token";
  private static final String CLIENT = "client: {id: c1, secret: s3cret}";

  private final TestServer server;
  private final HttpConnector connector = new HttpConnector();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-07-01T12:00:00Z"));
  private final Authorizer authorizer = new Authorizer(connector, now::get);
  private final AtomicInteger issued = new AtomicInteger();

  OAuth2Test() throws Exception {
    server = new TestServer();
    server.on(TOKEN, request -> token(3600));
    server.on("/x", request -> Reply.json(200, "1"));
  }

  @AfterEach
  void close() {
    connector.close();
    server.close();
  }

  private Reply token(int lifetimeSeconds) {
    return Reply.json(
        200,
        "{\"access_token\": \"t%d\", \"token_type\": \"bearer\", \"expires_in\": %d}"
            .formatted(issued.incrementAndGet(), lifetimeSeconds));
  }

  private HttpCall call() {
    return HttpCall.of("GET", server.uri("/x"));
  }

  private JsonNode oauth2(String properties) {
    return json("{oauth2: {authority: '%s', %s}}".formatted(server.uri("/"), properties));
  }

  private JsonNode credentials(String properties) {
    return oauth2("grant: client_credentials, " + properties);
  }

  private HttpCallException failure(JsonNode policy) {
    return catchThrowableOfType(HttpCallException.class, () -> authorizer.send(call(), policy));
  }

  private void tick(Duration time) {
    now.updateAndGet(it -> it.plus(time));
  }

  @Test
  void getsATokenAndSendsIt() throws Exception {
    Authorizer.Outcome outcome =
        authorizer.send(call(), credentials(CLIENT + ", scopes: [a, b], audiences: [w]"));
    assertThat(outcome.authorization()).isEqualTo(new Authorization("Bearer", "t1"));
    assertThat(server.last("/x").authorization()).isEqualTo("Bearer t1");
    assertThat(server.last(TOKEN).form())
        .isEqualTo(
            Map.of(
                "grant_type", "client_credentials",
                "client_id", "c1",
                "client_secret", "s3cret",
                "scope", "a b",
                "audience", "w"));
  }

  @Test
  void tellsTheAuthorizationWithoutACall() throws Exception {
    assertThat(authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE))
        .isEqualTo(new Authorization("Bearer", "t1"));
    assertThat(authorizer.send(call(), credentials(CLIENT)).authorization())
        .isEqualTo(new Authorization("Bearer", "t1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "grant: password, username: ann, password: pw"
            + "| {grant_type: password, username: ann, password: pw}",
        "grant: refresh_token, subject: {token: r0, type: t}"
            + "| {grant_type: refresh_token, refresh_token: r0}",
        "grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer', subject: {token: jw, type: t}"
            + "| {grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jw}",
        "grant: 'urn:ietf:params:oauth:grant-type:token-exchange', subject: {token: st, type: sy},"
            + " actor: {token: at, type: ay}"
            + "| {grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',"
            + " subject_token: st, subject_token_type: sy, actor_token: at, actor_token_type: ay}"
      })
  void asksByEveryGrant(String policy, String expected) throws Exception {
    authorizer.send(call(), oauth2(policy));
    assertThat(JsonMapper.shared().valueToTree(server.last(TOKEN).form()).toString())
        .satisfies(sent -> assertThat(json(sent)).isEqualTo(json(expected)));
  }

  @Test
  void provesTheClientByHeader() throws Exception {
    authorizer.send(
        call(),
        credentials("client: {id: 'c:1', secret: 'a b', authentication: client_secret_basic}"));
    assertThat(server.last(TOKEN).authorization()).isEqualTo("Basic " + base64("c%3A1:a+b"));
    assertThat(server.last(TOKEN).form()).containsOnlyKeys("grant_type");
  }

  @Test
  void provesTheClientByASignatureWithItsSecret() throws Exception {
    authorizer.send(
        call(), credentials("client: {id: c1, secret: s3cret, authentication: client_secret_jwt}"));
    Map<String, String> form = server.last(TOKEN).form();
    assertThat(form)
        .containsEntry(
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .doesNotContainKey("client_secret");
    String[] jwt = form.get("client_assertion").split("\\.");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("s3cret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    assertThat(Base64.getUrlDecoder().decode(jwt[2]))
        .isEqualTo(mac.doFinal((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.UTF_8)));
    JsonNode claims = JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(jwt[1]));
    assertThat(claims.path("aud").asString()).isEqualTo(server.uri(TOKEN).toString());
    assertThat(claims.path("iss").asString()).isEqualTo("c1");
    assertThat(claims.path("sub").asString()).isEqualTo("c1");
    assertThat(claims.path("exp").asLong()).isEqualTo(now.get().getEpochSecond() + 60);
    assertThat(claims.path("jti").asString()).isNotBlank();
  }

  @Test
  void provesTheClientByAGivenAssertion() throws Exception {
    authorizer.send(
        call(), credentials("client: {id: c1, assertion: a1, authentication: private_key_jwt}"));
    assertThat(server.last(TOKEN).form()).containsEntry("client_assertion", "a1");
  }

  @Test
  void aPublicClientSendsItsNameAlone() throws Exception {
    authorizer.send(call(), credentials("client: {id: c1, secret: s3cret, authentication: none}"));
    assertThat(server.last(TOKEN).form())
        .isEqualTo(Map.of("grant_type", "client_credentials", "client_id", "c1"));
  }

  @Test
  void asksInJsonIfTold() throws Exception {
    authorizer.send(
        call(),
        credentials(CLIENT + ", request: {encoding: 'application/json'}, audiences: [v, w]"));
    assertThat(server.last(TOKEN).headers().getFirst("Content-Type")).isEqualTo("application/json");
    assertThat(json(server.last(TOKEN).body()))
        .isEqualTo(
            json(
                "{grant_type: client_credentials, audience: [v, w], client_id: c1,"
                    + " client_secret: s3cret}"));
  }

  @Test
  void endpointsGoOnWhereTheAuthorityEnds() throws Exception {
    server.on("/realms/a/tokens", request -> token(60));
    String authority = server.uri("/realms/a").toString();
    authorizer.authorize(
        json(
            ("{oauth2: {authority: '%s', endpoints: {token: '/tokens'},"
                    + " grant: client_credentials}}")
                .formatted(authority)),
        Egress.ALSO_PRIVATE);
    assertThat(server.seen("/realms/a/tokens")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/realm", "/realm/", "/realm/.well-known/openid-configuration"})
  void oidcDiscoversItsEndpoints(String authority) throws Exception {
    server.on(
        "/realm/.well-known/openid-configuration",
        request -> Reply.json(200, "{\"token_endpoint\": \"" + server.uri("/found") + "\"}"));
    server.on("/found", request -> token(60));
    JsonNode policy =
        json(
            "{oidc: {authority: '%s', grant: client_credentials, %s}}"
                .formatted(server.uri(authority), CLIENT));
    assertThat(authorizer.send(call(), policy).authorization())
        .isEqualTo(new Authorization("Bearer", "t1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"404 | {}", "200 | {}", "200 | <html>"})
  void oidcWithoutAConfigurationIsACommunicationError(int status, String body) {
    server.on("/.well-known/openid-configuration", request -> Reply.json(status, body));
    HttpCallException e =
        failure(
            json(
                "{oidc: {authority: '%s', grant: client_credentials}}".formatted(server.uri("/"))));
    assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
    assertThat(e.detail()).contains("/.well-known/openid-configuration");
    assertThat(e.outcomeUnknown()).isFalse();
  }

  @Test
  void equalPoliciesShareOneTokenAndOthersDoNot() throws Exception {
    authorizer.send(call(), credentials(CLIENT));
    authorizer.send(call(), credentials(CLIENT));
    assertThat(server.seen(TOKEN)).hasSize(1);
    authorizer.send(call(), credentials(CLIENT + ", scopes: [a]"));
    assertThat(server.seen(TOKEN)).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"3600, 3569, 3570", "100, 89, 90"})
  void renewsATokenBeforeItExpires(int lifetime, int stillGood, int renewed) throws Exception {
    server.on(TOKEN, request -> token(lifetime));
    authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE);
    tick(Duration.ofSeconds(stillGood));
    assertThat(authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE).parameter())
        .isEqualTo("t1");
    tick(Duration.ofSeconds(renewed - stillGood));
    assertThat(authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE).parameter())
        .isEqualTo("t2");
  }

  @Test
  void aRefreshTokenIsReplacedByTheOneThatCameLast() throws Exception {
    server.on(
        TOKEN,
        request ->
            Reply.json(
                200,
                "{\"access_token\": \"t\", \"expires_in\": \"60\", \"refresh_token\": \"r%d\"}"
                    .formatted(issued.incrementAndGet())));
    JsonNode policy = oauth2("grant: refresh_token, subject: {token: r0, type: t}");
    authorizer.authorize(policy, Egress.ALSO_PRIVATE);
    tick(Duration.ofMinutes(1));
    authorizer.authorize(policy, Egress.ALSO_PRIVATE);
    assertThat(server.seen(TOKEN))
        .extracting(it -> it.form().get("refresh_token"))
        .containsExactly("r0", "r1");
  }

  @Test
  void manyCallsAtOnceMakeOneTokenRequest() throws Exception {
    int calls = 256;
    var waiting = new CountDownLatch(1);
    server.on(
        TOKEN,
        request -> {
          waiting.await();
          return token(3600);
        });
    List<Thread> threads = new ArrayList<>();
    List<FutureTask<Authorization>> tasks = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      var task =
          new FutureTask<>(() -> authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE));
      tasks.add(task);
      threads.add(Thread.ofVirtual().start(task));
    }
    // all but the one that fetches wait for it
    awaitWaiting(threads);
    waiting.countDown();
    for (FutureTask<Authorization> task : tasks) {
      assertThat(task.get().parameter()).isEqualTo("t1");
    }
    assertThat(server.seen(TOKEN)).hasSize(1);
  }

  @Test
  void aRefusalIsSharedByAllWhoWaitedForIt() throws Exception {
    var waiting = new CountDownLatch(1);
    server.on(
        TOKEN,
        request -> {
          waiting.await();
          return Reply.json(400, "{\"error\": \"invalid_client\"}");
        });
    List<Thread> threads = new ArrayList<>();
    List<FutureTask<HttpCallException>> tasks = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      var task = new FutureTask<>(() -> failure(credentials(CLIENT)));
      tasks.add(task);
      threads.add(Thread.ofVirtual().start(task));
    }
    awaitWaiting(threads);
    waiting.countDown();
    for (FutureTask<HttpCallException> task : tasks) {
      assertThat(task.get().kind()).isEqualTo(Kind.AUTHENTICATION);
    }
    assertThat(server.seen(TOKEN)).hasSize(1);
  }

  private static void awaitWaiting(List<Thread> threads) {
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.WAITING
          && thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void anInterruptedCallerOfASlowEndpointLeavesTheOthersTheirToken() throws Exception {
    var asked = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    server.on(
        TOKEN,
        request -> {
          if (server.seen(TOKEN).size() == 1) {
            asked.countDown();
            never.await();
          }
          return token(3600);
        });
    var first =
        new FutureTask<>(() -> authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE));
    Thread fetching = Thread.ofVirtual().start(first);
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    var second =
        new FutureTask<>(() -> authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE));
    awaitWaiting(List.of(Thread.ofVirtual().start(second)));
    fetching.interrupt();
    assertThatThrownBy(first::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(second.get(10, TimeUnit.SECONDS).parameter()).isEqualTo("t1");
    never.countDown();
  }

  @Test
  void anInterruptedCallerThatOnlyWaitsDoesNotDisturbWhoFetches() throws Exception {
    var asked = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    server.on(
        TOKEN,
        request -> {
          asked.countDown();
          go.await();
          return token(3600);
        });
    var first =
        new FutureTask<>(() -> authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE));
    Thread.ofVirtual().start(first);
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    var second =
        new FutureTask<>(() -> authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE));
    Thread waiting = Thread.ofVirtual().start(second);
    awaitWaiting(List.of(waiting));
    waiting.interrupt();
    assertThatThrownBy(second::get).hasCauseInstanceOf(InterruptedException.class);
    go.countDown();
    assertThat(first.get(10, TimeUnit.SECONDS).parameter()).isEqualTo("t1");
  }

  @Test
  void aTokenThatIsRefusedIsRenewedOnce() throws Exception {
    server.on(
        "/x",
        request ->
            request.authorization().equals("Bearer t2")
                ? Reply.json(200, "1")
                : Reply.json(401, "{}"));
    assertThat(authorizer.send(call(), credentials(CLIENT)).authorization())
        .isEqualTo(new Authorization("Bearer", "t2"));
    authorizer.send(call(), credentials(CLIENT));
    assertThat(server.seen(TOKEN)).hasSize(2);
    assertThat(server.seen("/x")).hasSize(3);
  }

  @Test
  void aServerThatRefusesEveryTokenIsAskedTwice() {
    server.on("/x", request -> Reply.json(401, "{}"));
    HttpCallException e = failure(credentials(CLIENT));
    assertThat(e.kind()).isEqualTo(Kind.AUTHENTICATION);
    assertThat(server.seen("/x")).hasSize(2);
    assertThat(server.seen(TOKEN)).hasSize(2);
  }

  @Test
  void manyRefusedAtOnceRenewTheTokenOnce() throws Exception {
    int calls = 64;
    var allThere = new CountDownLatch(calls);
    server.on(
        "/x",
        request -> {
          if (!request.authorization().equals("Bearer t1")) {
            return Reply.json(200, "1");
          }
          allThere.countDown();
          allThere.await();
          return Reply.json(401, "{}");
        });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Authorizer.Outcome>> all = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        all.add(threads.submit(() -> authorizer.send(call(), credentials(CLIENT))));
      }
      for (Future<Authorizer.Outcome> one : all) {
        assertThat(one.get().authorization()).isEqualTo(new Authorization("Bearer", "t2"));
      }
    }
    assertThat(server.seen(TOKEN)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 401, 403})
  void aRefusalTellsTheReasonButNoSecret(int status) {
    server.on(
        TOKEN,
        request ->
            Reply.json(
                status,
                "{\"error\": \"invalid_client\", \"error_description\":"
                    + " \"wrong secret s3cret+/= or s3cret%2B%2F%3D for pw\"}"));
    HttpCallException e =
        failure(
            oauth2(
                "grant: password, username: ann, password: pw,"
                    + " client: {id: c1, secret: 's3cret+/='}"));
    assertThat(e.kind()).isEqualTo(Kind.AUTHENTICATION);
    assertThat(e.status()).isEqualTo(401);
    assertThat(e.detail())
        .contains(server.uri(TOKEN).toString())
        .endsWith("refused: invalid_client (wrong secret *** or *** for ***)");
    assertThat(e.outcomeUnknown()).isFalse();
    assertThat(stackTrace(e)).doesNotContain("s3cret", "pw");
    assertThat(Objects.toString(e.body())).doesNotContain("s3cret");
    assertThat(server.seen("/x")).isEmpty();
  }

  @Test
  void anEndpointInTroubleIsNoRefusal() {
    server.on(
        TOKEN,
        request -> new Reply(503, Map.of("Retry-After", "7"), "we log your secret s3cret here"));
    HttpCallException e = failure(credentials(CLIENT));
    assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
    assertThat(e.status()).isEqualTo(503);
    assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(stackTrace(e)).doesNotContain("s3cret");
  }

  @Test
  void anEndpointThatCanNotBeReachedLeavesNothingUnknown() throws Exception {
    var gone = new TestServer();
    JsonNode policy =
        json("{oauth2: {authority: '%s', grant: client_credentials}}".formatted(gone.uri("/")));
    gone.close();
    HttpCallException e = failure(policy);
    assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
    assertThat(e.status()).isEqualTo(503);
    assertThat(e.outcomeUnknown()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "t0ken", "", "{\"access_token\": \"t0ken\", \"token_type\": \"mac\"}"})
  void anAnswerWithoutAUsableTokenIsACommunicationErrorThatDoesNotQuoteIt(String body) {
    server.on(TOKEN, request -> Reply.json(200, body));
    HttpCallException e = failure(credentials(CLIENT));
    assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
    assertThat(stackTrace(e)).doesNotContain("t0ken");
  }

  @Test
  void aTokenOfAnotherIssuerIsNotUsed() throws Exception {
    String jwt = "h." + base64("{\"iss\": \"http://other\"}") + ".s";
    server.on(TOKEN, request -> Reply.json(200, "{\"access_token\": \"" + jwt + "\"}"));
    HttpCallException e = failure(credentials(CLIENT + ", issuers: ['http://mine']"));
    assertThat(e.kind()).isEqualTo(Kind.AUTHENTICATION);
    assertThat(e.detail()).contains("http://other").doesNotContain(jwt);
    assertThat(server.seen("/x")).isEmpty();
    authorizer.send(call(), credentials(CLIENT + ", issuers: ['http://mine', 'http://other']"));
    assertThat(server.last("/x").authorization()).isEqualTo("Bearer " + jwt);
  }

  @Test
  void theIssuerOfATokenThatIsNoJwtIsAskedFor() throws Exception {
    server.on(
        "/oauth2/introspect",
        request -> Reply.json(200, "{\"active\": true, \"iss\": \"http://mine\"}"));
    authorizer.send(call(), credentials(CLIENT + ", issuers: ['http://mine']"));
    Seen asked = server.last("/oauth2/introspect");
    assertThat(asked.form()).containsEntry("token", "t1").containsEntry("client_id", "c1");
    server.on("/oauth2/introspect", request -> Reply.json(200, "{\"active\": true}"));
    HttpCallException e = failure(credentials(CLIENT + ", issuers: ['http://yours']"));
    assertThat(e.kind()).isEqualTo(Kind.AUTHENTICATION);
  }

  @Test
  void revokingForgetsTheTokenAndTellsTheServer() throws Exception {
    server.on("/oauth2/revoke", request -> new Reply(200, Map.of(), "whatever"));
    authorizer.revoke(credentials(CLIENT));
    assertThat(server.seen("/oauth2/revoke")).isEmpty();
    authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE);
    authorizer.revoke(credentials(CLIENT));
    assertThat(server.last("/oauth2/revoke").form()).containsEntry("token", "t1");
    assertThat(authorizer.authorize(credentials(CLIENT), Egress.ALSO_PRIVATE).parameter())
        .isEqualTo("t2");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String stackTrace(Exception e) {
    var text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void aRequestForATokenTakesNoLongerThanTheCallThatItIsFor() throws Exception {
    var over = new CountDownLatch(1);
    server.on(
        TOKEN,
        request -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return token(3600);
        });
    var timeouts =
        new HttpCall.Timeouts(
            Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(200));
    long begun = System.nanoTime();
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class,
            () -> authorizer.send(call().withTimeouts(timeouts), credentials(CLIENT)));
    over.countDown();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    assertThat(e.outcomeUnknown()).as("the call itself was not sent").isFalse();
  }

  @Test
  void whoMayNotReachTheServerGetsNoTokenThatOthersGot() throws Exception {
    var _ = authorizer.send(call(), credentials(CLIENT));
    HttpCall guest = call().withRoute(new HttpCall.Route(Egress.PUBLIC_ONLY, null));
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class, () -> authorizer.send(guest, credentials(CLIENT)));
    assertThat(e.title()).isEqualTo("Address refused");
    assertThat(issued).hasValue(1);
  }
}
