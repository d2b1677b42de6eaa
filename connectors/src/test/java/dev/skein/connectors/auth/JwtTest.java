package dev.skein.connectors.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.connectors.auth.TestServer.Reply;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tokens that are asked for with a JWT signed here.
class JwtTest {
  private static final String BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  private final TestServer server = new TestServer();
  private final HttpConnector connector = new HttpConnector();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-07-01T12:00:00Z"));
  private final Authorizer authorizer = new Authorizer(connector, now::get);

  JwtTest() throws Exception {
    server.on(
        "/oauth2/token", _ -> Reply.json(200, "{\"access_token\": \"t\", \"expires_in\": 9}"));
    server.on("/x", _ -> Reply.json(200, "1"));
  }

  @AfterEach
  void close() {
    connector.close();
    server.close();
  }

  private static String pem(KeyPair pair) {
    String base64 = Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded());
    return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
  }

  private static KeyPair pair(String algorithm, String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (curve == null) {
      generator.initialize(2048);
    } else {
      generator.initialize(new ECGenParameterSpec(curve));
    }
    return generator.generateKeyPair();
  }

  private static KeyPair rsa() throws Exception {
    return pair("RSA", null);
  }

  private ObjectNode policy(String grant) {
    ObjectNode policy = JsonMapper.shared().createObjectNode();
    policy.putObject("oauth2").put("authority", server.uri("").toString()).put("grant", grant);
    return policy;
  }

  private Map<String, String> asked(JsonNode policy) throws Exception {
    authorizer.send(HttpCall.of("GET", server.uri("/x")), policy);
    return server.last("/oauth2/token").form();
  }

  private static JsonNode part(String jwt, int index) {
    return JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[index]));
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, , RS256, SHA256withRSA",
    "EC, secp256r1, ES256, SHA256withECDSAinP1363Format",
    "EC, secp384r1, ES384, SHA384withECDSAinP1363Format",
    "EC, secp521r1, ES512, SHA512withECDSAinP1363Format",
    "EdDSA, Ed25519, EdDSA, EdDSA"
  })
  void aClientIsProvenByItsKey(String type, String curve, String algorithm, String signature)
      throws Exception {
    KeyPair pair = type.equals("EdDSA") ? ed25519() : pair(type, curve);
    ObjectNode policy = policy("client_credentials");
    policy
        .withObject("oauth2")
        .putObject("client")
        .put("id", "c1")
        .put("authentication", "private_key_jwt")
        .put("key", pem(pair))
        .put("keyId", "k1");
    Map<String, String> form = asked(policy);
    String jwt = form.get("client_assertion");
    assertThat(form.get("client_assertion_type"))
        .isEqualTo("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assertThat(part(jwt, 0))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    "{\"alg\": \"%s\", \"typ\": \"JWT\", \"kid\": \"k1\"}".formatted(algorithm)));
    assertThat(part(jwt, 1).path("sub").asString()).isEqualTo("c1");
    assertThat(part(jwt, 1).path("aud").asString())
        .isEqualTo(server.uri("/oauth2/token").toString());
    Signature verifying = Signature.getInstance(signature);
    verifying.initVerify(pair.getPublic());
    verifying.update(jwt.substring(0, jwt.lastIndexOf('.')).getBytes(StandardCharsets.UTF_8));
    assertThat(verifying.verify(Base64.getUrlDecoder().decode(jwt.split("\\.")[2]))).isTrue();
  }

  private static KeyPair ed25519() throws Exception {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  @Test
  void anAssertionSaysForWhomATokenIsAskedAnewEachTime() throws Exception {
    ObjectNode policy = policy(BEARER);
    ObjectNode assertion = policy.withObject("oauth2").putObject("assertion");
    assertion.put("issuer", "robot@shop").put("subject", "ann").put("key", pem(rsa()));
    assertion.putObject("claims").put("scope", "orders");
    String first = asked(policy).get("assertion");
    JsonNode claims = part(first, 1);
    assertThat(claims.path("iss").asString()).isEqualTo("robot@shop");
    assertThat(claims.path("sub").asString()).isEqualTo("ann");
    assertThat(claims.path("scope").asString()).isEqualTo("orders");
    assertThat(claims.path("exp").asLong()).isEqualTo(now.get().getEpochSecond() + 60);
    now.set(now.get().plusSeconds(60));
    assertThat(asked(policy).get("assertion")).isNotEqualTo(first);
    assertThat(server.seen("/oauth2/token")).hasSize(2);
  }

  @Test
  void aTokenIsKeptAsLongAsItLives() throws Exception {
    ObjectNode policy = policy(BEARER);
    policy.withObject("oauth2").putObject("assertion").put("issuer", "i").put("key", pem(rsa()));
    asked(policy);
    asked(policy.deepCopy());
    assertThat(server.seen("/oauth2/token")).hasSize(1);
  }

  @Test
  void whoReadsTheAssertionMayBeSaid() throws Exception {
    ObjectNode policy = policy(BEARER);
    policy
        .withObject("oauth2")
        .putObject("assertion")
        .put("issuer", "i")
        .put("audience", "https://login.test")
        .put("key", pem(rsa()));
    assertThat(part(asked(policy).get("assertion"), 1).path("aud").asString())
        .isEqualTo("https://login.test");
  }

  @Test
  void aKeyThatIsNoneIsToldWithoutIt() {
    ObjectNode policy = policy(BEARER);
    policy.withObject("oauth2").putObject("assertion").put("issuer", "i").put("key", "s3cr3t");
    HttpCallException e = catchThrowableOfType(HttpCallException.class, () -> asked(policy));
    assertThat(e.detail())
        .isEqualTo("'assertion.key' of the authentication 'oauth2' holds no PEM block PRIVATE KEY");
  }

  @Test
  void nothingShowsAKey() throws Exception {
    String pem = pem(rsa());
    ObjectNode policy = policy(BEARER);
    policy.withObject("oauth2").putObject("assertion").put("issuer", "i").put("key", pem);
    String shown = Policy.of(policy).toString();
    assertThat(List.of(pem.lines().toArray(String[]::new)).subList(1, 3))
        .noneMatch(shown::contains);
  }
}
