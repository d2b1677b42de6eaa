package dev.skein.connectors.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.http.Credentials.Draft;
import dev.skein.connectors.http.Credentials.Proof;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Signatures that AWS has published: those of its test suite for Signature Version 4, and those of
/// the examples in the reference of the S3 API.
class SigV4Test {
  private static final Instant SUITE_TIME = Instant.parse("2015-08-30T12:36:00Z");
  private static final Instant S3_TIME = Instant.parse("2013-05-24T00:00:00Z");
  private static final SigV4 SUITE =
      new SigV4(
          "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null, "us-east-1", "service");
  private static final SigV4 S3 =
      new SigV4(
          "AKIAIOSFODNN7EXAMPLE",
          "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          null,
          "us-east-1",
          "s3");

  private static Draft draft(
      String method, String host, String target, Map<String, String> headers, String body) {
    var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(headers);
    all.put("Host", host);
    return new Draft(method, target, all, body.getBytes(StandardCharsets.UTF_8));
  }

  private static Draft suite(String method, String target, Map<String, String> headers) {
    return draft(method, "example.amazonaws.com", target, headers, "");
  }

  private static Draft s3(String method, String target, Map<String, String> headers, String body) {
    return draft(method, "examplebucket.s3.amazonaws.com", target, headers, body);
  }

  private static String signature(Proof proof) {
    return proof.headers().get("Authorization").replaceAll(".*Signature=", "");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "get-vanilla,                        GET,  /,"
        + " 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    "post-vanilla,                       POST, /,"
        + " 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    "get-vanilla-query-order-key-case,   GET,  /?Param2=value2&Param1=value1,"
        + " b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    "get-vanilla-query-order-encoded,    GET,  /?Param-3=Value3&Param=Value2&%E1%88%B4=Value1,"
        + " 371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
    "get-vanilla-utf8-query,             GET,  /?ሴ=bar,"
        + " 2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
    "get-slash-pointless-dot-normalized, GET,  /./example,"
        + " ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
    "get-relative-relative-normalized,   GET,  /example1/example2/../..,"
        + " 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    "get-space-normalized,               GET,  /example space/,"
        + " 652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
  })
  void signsAsTheTestSuiteDoes(String name, String method, String target, String signature) {
    assertThat(signature(SUITE.sign(suite(method, target, Map.of()), SUITE_TIME)))
        .isEqualTo(signature);
  }

  @Test
  void theWholeHeaderIsThatOfTheTestSuite() {
    Proof proof =
        SUITE.sign(
            suite("GET", "/", Map.of("My-Header1", " value1", "My-Header2", " \"a   b   c\"")),
            SUITE_TIME);
    assertThat(proof.headers())
        .isEqualTo(
            Map.of(
                "X-Amz-Date",
                "20150830T123600Z",
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                    + " SignedHeaders=host;my-header1;my-header2;x-amz-date,"
                    + " Signature=acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"));
  }

  @Test
  void aSessionTokenIsSentAndSigned() {
    String token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
    var policy =
        new SigV4(SUITE.accessKey(), SUITE.secretKey(), token, SUITE.region(), SUITE.service());
    Proof proof = policy.sign(suite("GET", "/", Map.of()), SUITE_TIME);
    assertThat(proof.headers()).containsEntry("X-Amz-Security-Token", token);
    assertThat(signature(proof))
        .isEqualTo("07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8");
  }

  @Test
  void s3IsSignedAsItsReferenceDoes() {
    assertThat(
            signature(S3.sign(s3("GET", "/test.txt", Map.of("Range", "bytes=0-9"), ""), S3_TIME)))
        .isEqualTo("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    assertThat(signature(S3.sign(s3("GET", "/?lifecycle", Map.of(), ""), S3_TIME)))
        .isEqualTo("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    assertThat(signature(S3.sign(s3("GET", "/?prefix=J&max-keys=2", Map.of(), ""), S3_TIME)))
        .isEqualTo("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  }

  @ParameterizedTest
  @CsvSource({"/test$file.text", "/test%24file.text"})
  void theBodyAndTheKeyOfAnS3ObjectAreSigned(String target) {
    var headers =
        Map.of(
            "Date", "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class", "REDUCED_REDUNDANCY");
    Proof proof = S3.sign(s3("PUT", target, headers, "Welcome to Amazon S3."), S3_TIME);
    assertThat(signature(proof))
        .isEqualTo("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    assertThat(proof.headers())
        .containsEntry(
            "X-Amz-Content-Sha256",
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
  }

  @Test
  void allServicesButS3SeeAnEncodedPathEncodedAgain() {
    assertThat(signature(SUITE.sign(suite("GET", "/a%20b", Map.of()), SUITE_TIME)))
        .isNotEqualTo(signature(SUITE.sign(suite("GET", "/a b", Map.of()), SUITE_TIME)));
    assertThat(signature(S3.sign(s3("GET", "/a%20b", Map.of(), ""), S3_TIME)))
        .isEqualTo(signature(S3.sign(s3("GET", "/a b", Map.of(), ""), S3_TIME)));
  }

  @Test
  void whatProxiesChangeIsNotSigned() {
    var headers = Map.of("User-Agent", "x", "Connection", "close", "X-Amzn-Trace-Id", "1");
    assertThat(SUITE.sign(suite("GET", "/", headers), SUITE_TIME))
        .isEqualTo(SUITE.sign(suite("GET", "/", Map.of()), SUITE_TIME));
  }
}
