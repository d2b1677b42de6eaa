package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.RunFilter;
import dev.skein.server.Served.Got;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Deliveries that somebody signs.
class WebhookTest {
  private static final String BODY = "{\"amount\": 5}";

  @TempDir private Path data;
  private final TurnedTime time = new TurnedTime();
  private Served served;

  @BeforeEach
  void serve() throws IOException {
    Served.secret(data, "shared", "It's a Secret to Everybody\n");
    served = new Served(data, time);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private void deploy(String webhook) {
    served.deploy(
        """
        document:
          dsl: 1.0.3
          namespace: shop
          name: hook
          version: 1.0.0
          metadata: {skein: {api: {path: /hook, %s}}}
        use: {secrets: [shared]}
        do: [{answer: {set: "${ {got: .} }"}}]
        """
            .formatted(webhook));
  }

  private static byte[] mac(String algorithm, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    byte[] key = "It's a Secret to Everybody".getBytes(StandardCharsets.UTF_8);
    mac.init(new SecretKeySpec(key, algorithm));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(String text) throws GeneralSecurityException {
    return HexFormat.of().formatHex(mac("HmacSHA256", text));
  }

  private int runs() {
    return served.skein.list(new RunFilter(Set.of(), null, null, 100)).size();
  }

  @Test
  void theSignatureOfGitHubsOwnExampleIsRight() {
    deploy("wait: PT20S, webhook: {secret: shared, header: X-Hub-Signature-256, prefix: sha256=}");
    Got got =
        served.post(
            "/hook",
            "Hello, World!",
            "X-Hub-Signature-256",
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    // signed well, and no JSON
    assertThat(got.code()).isEqualTo("malformed");
  }

  @Test
  void aSignedDeliveryStartsARunWithItsBody() throws Exception {
    deploy("webhook: {secret: shared}");
    Got got = served.post("/hook?extra=1", BODY, "X-Signature", hex(BODY));
    assertThat(got.status()).isEqualTo(202);
    var run = served.skein.await(got.header("Skein-Run"), Duration.ofSeconds(20));
    assertThat(run.output()).isEqualTo(Json.parse("{\"got\": {\"amount\": 5}}"));
  }

  @Test
  void whatIsNotSignedAsItShouldBeIsRefused() throws Exception {
    deploy("webhook: {secret: shared, prefix: sha256=}");
    String right = "sha256=" + hex(BODY);
    for (String wrong :
        new String[] {
          "sha256=" + hex(BODY + " "),
          hex(BODY),
          "sha256=",
          "sha256=zz",
          right.substring(0, right.length() - 2),
          "sha256=" + HexFormat.of().formatHex(mac("HmacSHA1", BODY))
        }) {
      Got got = served.post("/hook", BODY, "X-Signature", wrong);
      assertThat(got.status()).as(wrong).isEqualTo(401);
      assertThat(got.code()).isEqualTo("unsigned");
      assertThat(got.header("WWW-Authenticate")).isNotEmpty();
    }
    assertThat(served.post("/hook", BODY).status()).isEqualTo(401);
    assertThat(served.post("/hook", "{\"amount\": 6}", "X-Signature", right).status())
        .isEqualTo(401);
    assertThat(runs()).isZero();
    assertThat(served.post("/hook", BODY, "X-Signature", right).status()).isEqualTo(202);
  }

  @Test
  void aDeliveryIsGoodForAWhile() throws Exception {
    deploy("webhook: {secret: shared, timestamp: {header: X-Time, tolerance: PT1M}}");
    long now = time.now().getEpochSecond();
    String signed = hex(now + "." + BODY);
    String[] headers = {"X-Signature", signed, "X-Time", Long.toString(now)};
    assertThat(served.post("/hook", BODY, headers).status()).isEqualTo(202);
    assertThat(served.post("/hook", BODY, "X-Signature", signed).status()).isEqualTo(401);
    assertThat(
            served
                .post("/hook", BODY, "X-Signature", signed, "X-Time", Long.toString(now + 1))
                .status())
        .isEqualTo(401);
    time.turn(Duration.ofSeconds(60));
    assertThat(served.post("/hook", BODY, headers).status()).isEqualTo(202);
    time.turn(Duration.ofSeconds(1));
    Got late = served.post("/hook", BODY, headers);
    assertThat(late.status()).isEqualTo(401);
    assertThat(late.json().path("detail").asString()).contains("X-Time");
    time.turn(Duration.ofSeconds(-122));
    assertThat(served.post("/hook", BODY, headers).status()).isEqualTo(401);
  }

  @Test
  void aDeliveryThatComesAgainIsTheSameRun() throws Exception {
    deploy("wait: PT20S, webhook: {secret: shared, algorithm: sha512, encoding: base64, id: X-Id}");
    String signature = Base64.getEncoder().encodeToString(mac("HmacSHA512", BODY));
    Got first = served.post("/hook", BODY, "X-Signature", signature, "X-Id", "d1");
    assertThat(first.status()).isEqualTo(200);
    Got again = served.post("/hook", BODY, "X-Signature", signature, "X-Id", "d1");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("Skein-Run")).isEqualTo(first.header("Skein-Run"));
    assertThat(runs()).isEqualTo(1);
    assertThat(served.post("/hook", BODY, "X-Signature", signature).status()).isEqualTo(400);
    assertThat(served.post("/hook", BODY, "X-Signature", signature, "X-Id", "d2").status())
        .isEqualTo(200);
    assertThat(runs()).isEqualTo(2);
  }

  @Test
  void whoCannotSignDoesNotUseUpTheLimitOfOthers() throws Exception {
    deploy("limit: 1/h, webhook: {secret: shared}");
    for (int i = 0; i < 3; i++) {
      assertThat(served.post("/hook", BODY).status()).isEqualTo(401);
    }
    assertThat(served.post("/hook", BODY, "X-Signature", hex(BODY)).status()).isEqualTo(202);
    assertThat(served.post("/hook", BODY, "X-Signature", hex(BODY)).status()).isEqualTo(429);
  }

  @Test
  void withoutTheSecretNothingPasses() throws Exception {
    served.deploy(
        """
        document:
          dsl: 1.0.3
          namespace: shop
          name: other
          version: 1.0.0
          metadata: {skein: {api: {path: /other, webhook: {secret: missing}}}}
        use: {secrets: [missing]}
        do: [{answer: {set: {n: 1}}}]
        """);
    Got got = served.post("/other", BODY, "X-Signature", hex(BODY));
    assertThat(got.status()).isEqualTo(500);
    assertThat(got.code()).isEqualTo("webhook-without-secret");
    assertThat(got.body()).doesNotContain("missing");
  }
}
