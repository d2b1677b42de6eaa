package dev.skein.connectors.auth;

import static dev.skein.connectors.auth.AuthorizerTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.connectors.auth.TestServer.Reply;
import dev.skein.connectors.http.Egress;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpConnector;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The authentications that the language has no words for, to a real server.
class SignedCallsTest {
  private final TestServer server;
  private final HttpConnector connector = new HttpConnector();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T08:00:00Z"));
  private final Authorizer authorizer = new Authorizer(connector, now::get);

  SignedCallsTest() throws Exception {
    server = new TestServer();
    server.on("/x", request -> Reply.json(200, "1"));
  }

  @AfterEach
  void close() {
    connector.close();
    server.close();
  }

  private HttpCall post(String path, String body) {
    return HttpCall.of("POST", server.uri(path)).withBody(json(body));
  }

  private TestServer.Seen sent(HttpCall call, String policy) throws Exception {
    authorizer.send(call, json(policy));
    return server.last("/x");
  }

  private String header(TestServer.Seen seen, String name) {
    return seen.headers().getFirst(name);
  }

  private static byte[] hmac(String algorithm, String text) throws Exception {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec("s3cret".getBytes(StandardCharsets.UTF_8), algorithm));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(String text) throws Exception {
    return HexFormat.of().formatHex(hmac("HmacSHA256", text));
  }

  @Test
  void anApiKeyGoesOutAsHeaderQueryParameterOrCookie() throws Exception {
    HttpCall call = post("/x?a=1", "{}");
    assertThat(header(sent(call, "{apiKey: {name: X-Key, value: s3cret}}"), "X-Key"))
        .isEqualTo("s3cret");
    assertThat(
            sent(call, "{apiKey: {in: query, name: key, value: 's3 cret&'}}").uri().getRawQuery())
        .isEqualTo("a=1&key=s3%20cret%26");
    assertThat(sent(post("/x", "{}"), "{apiKey: {in: query, name: key, value: k}}").uri())
        .hasToString("/x?key=k");
    HttpCall eating = call.withHeaders(Map.of("cookie", "a=b"));
    assertThat(header(sent(eating, "{apiKey: {in: cookie, name: k, value: s3cret}}"), "Cookie"))
        .isEqualTo("a=b; k=s3cret");
    assertThat(header(sent(call, "{apiKey: {in: cookie, name: k, value: 'a;b'}}"), "Cookie"))
        .isEqualTo("k=a%3Bb");
  }

  @Test
  void aHeaderOfTheCallsOwnStays() throws Exception {
    HttpCall call = post("/x", "{}").withHeaders(Map.of("x-key", "mine", "x-signature", "own"));
    TestServer.Seen keyed = sent(call, "{apiKey: {name: X-Key, value: s3cret}}");
    assertThat(keyed.headers().get("X-Key")).containsExactly("mine");
    TestServer.Seen signed = sent(call, "{hmac: {secret: s3cret}}");
    assertThat(signed.headers().get("X-Signature")).containsExactly("own");
    assertThat(header(signed, "X-Timestamp")).isNull();
    HttpCall own = post("/x", "{}").withHeaders(Map.of("authorization", "Custom 1"));
    TestServer.Seen aws = sent(own, "{sigv4: {accessKey: a, secretKey: b, region: r, service: s}}");
    assertThat(aws.authorization()).isEqualTo("Custom 1");
    assertThat(header(sent(own, "{apiKey: {name: X-Key, value: k}}"), "X-Key")).isEqualTo("k");
  }

  @Test
  void hmacSignsTimeAndBodyUnlessToldElse() throws Exception {
    TestServer.Seen seen = sent(post("/x", "{\"a\": 1}"), "{hmac: {secret: s3cret}}");
    assertThat(header(seen, "X-Timestamp")).isEqualTo("1772352000");
    assertThat(header(seen, "X-Signature")).isEqualTo(hex("1772352000.{\"a\":1}"));
  }

  @Test
  void hmacSignsWhatItIsTold() throws Exception {
    HttpCall call =
        post("/x?b=%C3%A4&a", "[]")
            .withQuery(Map.of("c", List.of("d e")))
            .withHeaders(Map.of("X-Id", "7"));
    TestServer.Seen seen =
        sent(
            call,
            "{hmac: {secret: s3cret, algorithm: sha512, format: base64, header: Signed,"
                + " prefix: 'v1,', separator: '|',"
                + " signed: [method, path, query, date, 'header:x-id', body]}}");
    String text = "POST|/x|b=%C3%A4&a&c=d%20e|Sun, 01 Mar 2026 08:00:00 GMT|7|[]";
    assertThat(header(seen, "Signed"))
        .isEqualTo("v1," + Base64.getEncoder().encodeToString(hmac("HmacSHA512", text)));
    assertThat(header(seen, "Date")).isEqualTo("Sun, 01 Mar 2026 08:00:00 GMT");
    assertThat(header(seen, "X-Timestamp")).isNull();
  }

  @Test
  void aBodyAloneIsSignedAsWebhooksOfForgesAre() throws Exception {
    TestServer.Seen seen =
        sent(
            post("/x", "[1]"),
            "{hmac: {secret: s3cret, header: X-Hub-Signature-256, prefix: 'sha256=',"
                + " signed: [body]}}");
    assertThat(header(seen, "X-Hub-Signature-256")).isEqualTo("sha256=" + hex("[1]"));
  }

  @Test
  void everyAttemptIsSignedAnew() throws Exception {
    HttpCall call = post("/x", "[1]");
    String hmac = "{hmac: {secret: s3cret}}";
    String aws = "{sigv4: {accessKey: a, secretKey: b, region: r, service: s}}";
    TestServer.Seen first = sent(call, hmac);
    TestServer.Seen firstOfAws = sent(call, aws);
    now.set(now.get().plusSeconds(60));
    assertThat(header(sent(call, hmac), "X-Signature")).isEqualTo(hex("1772352060.[1]"));
    assertThat(header(first, "X-Signature")).isEqualTo(hex("1772352000.[1]"));
    assertThat(header(firstOfAws, "X-Amz-Date")).isEqualTo("20260301T080000Z");
    assertThat(header(sent(call, aws), "X-Amz-Date")).isEqualTo("20260301T080100Z");
    assertThat(server.last("/x").authorization()).isNotEqualTo(firstOfAws.authorization());
  }

  @Test
  void sigV4SignsTheHostAndTheTypeThatAreSent() throws Exception {
    TestServer.Seen seen =
        sent(
            post("/x?b=2&a=1", "[1]"),
            "{sigv4: {accessKey: AK, secretKey: s3cret, region: eu-1, service: sqs}}");
    assertThat(seen.authorization())
        .startsWith(
            "AWS4-HMAC-SHA256 Credential=AK/20260301/eu-1/sqs/aws4_request,"
                + " SignedHeaders=content-type;host;x-amz-date, Signature=");
    String canonical =
        String.join(
            "\n",
            "POST",
            "/x",
            "a=1&b=2",
            "content-type:application/json",
            "host:" + server.uri("/").getAuthority(),
            "x-amz-date:20260301T080000Z",
            "",
            "content-type;host;x-amz-date",
            Macs.sha256("[1]".getBytes(StandardCharsets.UTF_8)));
    assertThat(header(seen, "Host")).isEqualTo(server.uri("/").getAuthority());
    byte[] key = ("AWS4" + "s3cret").getBytes(StandardCharsets.UTF_8);
    for (String part :
        List.of(
            "20260301",
            "eu-1",
            "sqs",
            "aws4_request",
            "AWS4-HMAC-SHA256\n20260301T080000Z\n20260301/eu-1/sqs/aws4_request\n"
                + Macs.sha256(canonical.getBytes(StandardCharsets.UTF_8)))) {
      key = Macs.hmac("HmacSHA256", key, part.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(seen.authorization()).endsWith("Signature=" + HexFormat.of().formatHex(key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{apiKey: {name: X-Custom, value: s3cret}}",
        "{apiKey: {in: query, name: q, value: s3cret}}",
        "{apiKey: {in: cookie, name: c, value: s3cret}}",
        "{hmac: {secret: s3cret, header: X-Sum}}",
        "{sigv4: {accessKey: a, secretKey: s3cret, sessionToken: s3cret, region: r, service: s}}"
      })
  void theResponseShowsThatItWasProvenButNotHow(String policy) throws Exception {
    HttpCall call = post("/x?a=1", "{}").withOutput(HttpCall.Output.RESPONSE);
    JsonNode output = authorizer.send(call, json(policy)).output();
    assertThat(output.toString()).doesNotContain("s3cret").contains("***");
    TestServer.Seen seen = server.last("/x");
    for (String name : List.of("X-Sum", "X-Custom", "Authorization", "X-Amz-Security-Token")) {
      String value = header(seen, name);
      if (value != null) {
        assertThat(output.toString()).doesNotContain(value);
      }
    }
    assertThat(Policy.of(json(policy)).toString()).doesNotContain("s3cret");
    if (policy.contains("query")) {
      assertThat(output.at("/request/uri").asString()).endsWith("/x?a=1&q=***");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{apiKey: {name: X-Key}}",
        "{apiKey: {value: s3cret}}",
        "{apiKey: {in: body, name: a, value: s3cret}}",
        "{apiKey: {name: 'X Key', value: s3cret}}",
        "{apiKey: {name: Content-Length, value: s3cret}}",
        "{apiKey: {name: X-Key, value: 's3cret\n'}}",
        "{hmac: {algorithm: sha256}}",
        "{hmac: {secret: ''}}",
        "{hmac: {secret: s3cret, algorithm: md5}}",
        "{hmac: {secret: s3cret, format: hexa}}",
        "{hmac: {secret: s3cret, signed: [url]}}",
        "{hmac: {secret: s3cret, signed: body}}",
        "{hmac: {secret: s3cret, signed: ['header:X-None']}}",
        "{sigv4: {accessKey: a, secretKey: s3cret, region: r}}",
        "{sigv4: {accessKey: a, region: r, service: s}}",
        "{mtls: {certificate: s3cret, key: s3cret}}",
        "{mtls: {certificate: s3cret}}"
      })
  void whatIsMissingOrWrongIsAConfigurationError(String policy) {
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class,
            () -> authorizer.send(post("/x", "{}"), json(policy.replace("\n", "\\n"))));
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(e.getMessage()).doesNotContain("s3cret");
    assertThat(server.seen("/x")).isEmpty();
  }

  @Test
  void noneOfThemHasAnAuthorizationHeaderBeforehand() {
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class,
            () -> authorizer.authorize(json("{hmac: {secret: s3cret}}"), Egress.ALSO_PRIVATE));
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
  }
}
