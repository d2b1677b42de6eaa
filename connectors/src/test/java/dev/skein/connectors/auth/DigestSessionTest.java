package dev.skein.connectors.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestSessionTest {
  private static final String NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
  private static final String CLIENT_NONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  private static final String CHALLENGE =
      "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=%s, nonce=\""
          + NONCE
          + "\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
  private static final Policy.Digest MUFASA = new Policy.Digest("Mufasa", "Circle of Life");

  private static DigestSession session(String challenge) {
    return Objects.requireNonNull(DigestSession.of(Challenge.parse(challenge)));
  }

  private static Map<String, String> parts(String header) {
    return Challenge.parse(header).getFirst().parameters();
  }

  @ParameterizedTest
  @CsvSource({
    "MD5, 8ca523f5e9506fed4657c9700eebdbec",
    "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
  })
  void answersTheExamplesOfTheRfc(String algorithm, String response) {
    DigestSession session = session(CHALLENGE.formatted(algorithm));
    String header = session.answer(MUFASA, "GET", "/dir/index.html", CLIENT_NONCE);
    assertThat(header)
        .isEqualTo(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", nonce=\""
                + NONCE
                + "\", uri=\"/dir/index.html\", algorithm="
                + algorithm
                + ", qop=auth, nc=00000001, cnonce=\""
                + CLIENT_NONCE
                + "\", response=\""
                + response
                + "\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
  }

  /// Of section 3.9.2, with the values of erratum 4897.
  @Test
  void answersTheExampleWithAHashedUserAndOtherLetters() {
    DigestSession session =
        session(
            "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256,"
                + " nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\","
                + " opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8,"
                + " userhash=true");
    Map<String, String> parts =
        parts(
            session.answer(
                new Policy.Digest("Jäsøn Doe", "Secret, or not?"),
                "GET",
                "/doe.json",
                "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"));
    assertThat(parts.get("username"))
        .isEqualTo("793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
    assertThat(parts.get("response"))
        .isEqualTo("3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5");
    assertThat(parts).containsEntry("userhash", "true");
  }

  /// The example of RFC 2069 with the response of its erratum 749.
  @Test
  void answersTheOlderSchemeWithoutQop() {
    DigestSession session =
        session(
            "Digest realm=\"testrealm@host.com\","
                + " nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"");
    String header =
        session.answer(
            new Policy.Digest("Mufasa", "CircleOfLife"), "GET", "/dir/index.html", "unused");
    assertThat(parts(header).get("response")).isEqualTo("1949323746fe6a43ef61f9606e7febea");
    assertThat(header).doesNotContain("qop", "nc=", "cnonce");
  }

  @Test
  void everyAnswerCounts() {
    DigestSession session = session(CHALLENGE.formatted("MD5"));
    session.answer(MUFASA, "GET", "/", "a");
    assertThat(parts(session.answer(MUFASA, "GET", "/", "a"))).containsEntry("nc", "00000002");
  }

  @Test
  void aSessionAlgorithmHashesBothNoncesIn() {
    DigestSession plain = session(CHALLENGE.formatted("SHA-256"));
    DigestSession session = session(CHALLENGE.formatted("SHA-256-sess"));
    Map<String, String> parts = parts(session.answer(MUFASA, "GET", "/", "a"));
    assertThat(parts).containsEntry("algorithm", "SHA-256-sess");
    assertThat(parts.get("response"))
        .isNotEqualTo(parts(plain.answer(MUFASA, "GET", "/", "a")).get("response"));
  }

  @Test
  void quotesAndEncodesWhatANameMayHold() {
    DigestSession session = session(CHALLENGE.formatted("MD5"));
    assertThat(session.answer(new Policy.Digest("a\"b\\c", "p"), "GET", "/", "n"))
        .contains("username=\"a\\\"b\\\\c\"");
    assertThat(session.answer(new Policy.Digest("Jäsøn", "p"), "GET", "/", "n"))
        .contains("username*=UTF-8''J%C3%A4s%C3%B8n");
  }

  @Test
  void takesTheFirstChallengeItCanAnswer() {
    String header =
        "Negotiate YIIB==, Basic realm=\"a, b\", Digest realm=x, nonce=1, algorithm=SHA-3,"
            + " Digest realm=y, nonce=2, qop=\"auth-int\","
            + " Digest realm=\"z \\\"q\\\"\", nonce=\"3\", qop=\"auth\", algorithm=sha-256";
    Map<String, String> parts = parts(session(header).answer(MUFASA, "GET", "/", "n"));
    assertThat(parts).containsEntry("nonce", "3").containsEntry("realm", "z \"q\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic realm=\"x\"", "Digest realm=\"x\"", "", "Digest", "=,\"", "a=\"b"})
  void hasNoAnswerWhereNoDigestIsAsked(String header) {
    assertThat(DigestSession.of(Challenge.parse(header))).isNull();
  }
}
