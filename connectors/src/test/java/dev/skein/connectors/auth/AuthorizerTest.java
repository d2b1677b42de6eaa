package dev.skein.connectors.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.connectors.auth.TestServer.Reply;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpConnector;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuthorizerTest {
  private static final String DIGEST = "{digest: {username: ann, password: s3cret}}";

  private final TestServer server;
  private final HttpConnector connector = new HttpConnector();
  private final Authorizer authorizer = new Authorizer(connector, InstantSource.system());

  AuthorizerTest() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void close() {
    connector.close();
    server.close();
  }

  static JsonNode json(String text) {
    return JsonMapper.builder()
        .enable(tools.jackson.core.json.JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
        .enable(tools.jackson.core.json.JsonReadFeature.ALLOW_SINGLE_QUOTES)
        .build()
        .readTree(text.replaceAll("([:{,\\[] ?)([A-Za-z_][\\w:/.-]*)(?=[,}\\]])", "$1'$2'"));
  }

  private HttpCall call(String path) {
    return HttpCall.of("GET", server.uri(path));
  }

  private HttpCallException failure(HttpCall call, String policy) {
    return catchThrowableOfType(HttpCallException.class, () -> authorizer.send(call, json(policy)));
  }

  @Test
  void basicAndBearerGoOutWithTheFirstRequest() throws Exception {
    server.on("/x", request -> Reply.json(200, "1"));
    Authorizer.Outcome basic =
        authorizer.send(call("/x"), json("{basic: {username: ann, password: s3cret}}"));
    assertThat(server.last("/x").authorization()).isEqualTo("Basic YW5uOnMzY3JldA==");
    assertThat(basic.authorization()).isEqualTo(new Authorization("Basic", "YW5uOnMzY3JldA=="));
    assertThat(basic.output()).isEqualTo(json("1"));
    Authorizer.Outcome bearer = authorizer.send(call("/x"), json("{bearer: {token: abc}}"));
    assertThat(server.last("/x").authorization()).isEqualTo("Bearer abc");
    assertThat(bearer.authorization()).isEqualTo(new Authorization("Bearer", "abc"));
  }

  @Test
  void aCallKeepsItsOwnHeader() throws Exception {
    server.on("/x", request -> Reply.json(200, "1"));
    HttpCall call = call("/x").withHeaders(Map.of("authorization", "Custom 1"));
    assertThat(authorizer.send(call, json("{bearer: {token: abc}}")).authorization()).isNull();
    assertThat(server.last("/x").authorization()).isEqualTo("Custom 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256"})
  void digestAnswersAChallengeOnceAndLaterOnesUnasked(String algorithm) throws Exception {
    server.on("/x", request -> digestProtected(request, algorithm, "n1", "s3cret"));
    HttpCall call = call("/x?a=b%20c").withQuery(Map.of("d", java.util.List.of("é")));
    Authorizer.Outcome first = authorizer.send(call, json(DIGEST));
    assertThat(first.output()).isEqualTo(json("1"));
    assertThat(server.seen("/x")).hasSize(2);
    authorizer.send(call, json(DIGEST));
    assertThat(server.seen("/x")).hasSize(3);
    assertThat(server.last("/x").authorization()).contains("nc=00000002");
    assertThat(first.authorization().scheme()).isEqualTo("Digest");
    assertThat(first.authorization().parameter()).contains("nc=00000001", "username=\"ann\"");
  }

  @Test
  void digestSendsTheBodyAgainWithItsAnswer() throws Exception {
    server.on("/x", request -> digestProtected(request, "SHA-256", "n1", "s3cret"));
    authorizer.send(HttpCall.of("POST", server.uri("/x")).withBody(json("[7]")), json(DIGEST));
    assertThat(server.seen("/x")).extracting(TestServer.Seen::body).containsExactly("[7]", "[7]");
  }

  @Test
  void digestFollowsANewNonce() throws Exception {
    var nonce = new AtomicReference<>("n1");
    server.on("/x", request -> digestProtected(request, "SHA-256", nonce.get(), "s3cret"));
    authorizer.send(call("/x"), json(DIGEST));
    nonce.set("n2");
    assertThat(authorizer.send(call("/x"), json(DIGEST)).output()).isEqualTo(json("1"));
    assertThat(server.seen("/x")).hasSize(4);
    assertThat(server.last("/x").authorization()).contains("nonce=\"n2\"", "nc=00000001");
  }

  @Test
  void digestWithAWrongPasswordIsRefusedAfterOneAnswer() throws Exception {
    server.on("/x", request -> digestProtected(request, "SHA-256", "n1", "other"));
    HttpCallException e = failure(call("/x"), DIGEST);
    assertThat(e.kind()).isEqualTo(Kind.AUTHENTICATION);
    assertThat(e.status()).isEqualTo(401);
    assertThat(server.seen("/x")).hasSize(2);
    assertThat(e.toString()).doesNotContain("s3cret");
  }

  @Test
  void digestLeavesAChallengeItCanNotAnswerAsTheErrorItIs() throws Exception {
    server.on("/x", request -> Reply.challenge("Basic realm=\"x\""));
    assertThat(failure(call("/x"), DIGEST).challenge()).isEqualTo("Basic realm=\"x\"");
    assertThat(server.seen("/x")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{kerberos: {a: b}}",
        "{basic: secret}",
        "{basic: {username: ann}}",
        "{bearer: {token: {}}}",
        "{digest: {password: s3cret}}",
        "{oauth2: {grant: client_credentials}}",
        "{oauth2: {authority: 'http://x', grant: authorization_code}}",
        "{oauth2: {authority: 'http://x', grant: password, username: ann}}",
        "{oauth2: {authority: 'http://x', grant: refresh_token}}",
        "{oauth2: {authority: 'http://x', grant: client_credentials, client: {secret: s3cret}}}",
        "{oauth2: {authority: 'http://x', grant: client_credentials, scopes: s3cret}}",
        "{oidc: {authority: ': //', grant: client_credentials}}"
      })
  void aPolicyThatLacksSomethingIsAConfigurationError(String policy) {
    HttpCallException e = failure(call("/x"), policy);
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(e.getMessage()).doesNotContain("s3cret");
    assertThat(server.seen("/x")).isEmpty();
  }

  @Test
  void noToStringShowsASecret() throws Exception {
    assertThat(new Authorization("Bearer", "s3cret").toString()).doesNotContain("s3cret");
    assertThat(Policy.of(json(DIGEST)).toString()).doesNotContain("s3cret");
    assertThat(Policy.of(json("{bearer: {token: s3cret}}")).toString()).doesNotContain("s3cret");
    assertThat(
            Policy.of(
                    json(
                        "{oauth2: {authority: 'http://x', grant: password, username: ann,"
                            + " password: s3cret, client: {id: c, secret: s3cret,"
                            + " assertion: s3cret}, subject: {token: s3cret, type: t}}}"))
                .toString())
        .doesNotContain("s3cret");
  }

  /// Checks an answer by the formula of RFC 7616, 3.4, written down once more.
  private static Reply digestProtected(
      TestServer.Seen request, String algorithm, String nonce, String password) throws Exception {
    Reply challenge =
        Reply.challenge(
            "Digest realm=\"r\", qop=\"auth\", algorithm=%s, nonce=\"%s\""
                .formatted(algorithm, nonce));
    if (!request.authorization().startsWith("Digest ")) {
      return challenge;
    }
    Map<String, String> given = Challenge.parse(request.authorization()).getFirst().parameters();
    String hash =
        switch (algorithm) {
          case "MD5", "MD5-sess" -> "MD5";
          case "SHA-512-256" -> "SHA-512/256";
          default -> "SHA-256";
        };
    String a1 = hex(hash, "ann:r:" + password);
    if (algorithm.endsWith("-sess")) {
      a1 = hex(hash, a1 + ":" + nonce + ":" + given.get("cnonce"));
    }
    String a2 = hex(hash, request.method() + ":" + request.uri());
    String middle = ":" + nonce + ":" + given.get("nc") + ":" + given.get("cnonce") + ":auth:";
    boolean right =
        given.get("response").equals(hex(hash, a1 + middle + a2))
            && given.get("uri").equals(request.uri().toString());
    return right ? Reply.json(200, "1") : challenge;
  }

  private static String hex(String hash, String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance(hash).digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
