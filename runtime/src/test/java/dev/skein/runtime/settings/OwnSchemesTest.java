package dev.skein.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.model.Diagnostic;
import dev.skein.model.Reading;
import dev.skein.model.Section;
import dev.skein.runtime.WorkflowText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Authentications of `skein.yaml` that the language has no words for.
class OwnSchemesTest {
  private static Section.Result<Settings> read(String auth) {
    return Settings.read(
        """
        secrets: [s]
        integrations:
          a:
            match: {hosts: [x.test]}
            auth: %s
        """
            .formatted(auth));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{apiKey: {in: query, name: k, value: '${ $secrets.s }'}}",
        "{apiKey: {name: X-Key, value: v}}",
        "{apiKey: {use: s}}",
        "{hmac: {secret: '${ $secrets.s }'}}",
        "{hmac: {secret: x, algorithm: sha512, header: H, format: base64, prefix: 'v1,',"
            + " separator: '|', timestampHeader: T, signed: [method, path, query, date, timestamp,"
            + " body, 'header:X-Id']}}",
        "{sigv4: {accessKey: a, secretKey: b, region: r, service: s}}",
        "{sigv4: {accessKey: a, secretKey: b, sessionToken: t, region: r, service: s}}",
        "{mtls: {certificate: c, key: '${ $secrets.s }', ca: d}}",
        "{mtls: {use: s}, bearer: {token: t}}",
        "{mtls: {use: s}, apiKey: {name: a, value: b}}",
        "{oauth2: {authority: 'https://l.test', grant: client_credentials,"
            + " client: {id: c, authentication: private_key_jwt, key: k, keyId: i}}}",
        "{oauth2: {authority: 'https://l.test', grant:"
            + " 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: {issuer: i, key: k}}}"
      })
  void canBeDeclared(String auth) {
    Section.Result<Settings> read = read(auth);
    assertThat(read.diagnostics()).isEmpty();
    assertThat(read.result().integrations().getFirst().blocks().auth()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{apiKey: {name: k}} | 5:20 'value' is missing in 'apiKey'",
        "{apiKey: {in: body, name: k, value: v}} | 5:25 'in' must be one of header, query, cookie,"
            + " not 'body'",
        "{apiKey: {use: t}} | 5:26 the secret 't' is not declared",
        "{hmac: {algorithm: sha256}} | 5:18 'secret' is missing in 'hmac'",
        "{hmac: {secret: x, signed: [url]}} | 5:39 'url' is nothing that can be signed",
        "{hmac: {secret: x, sign: [body]}} | 5:30 unknown property 'sign' in 'hmac'",
        "{sigv4: {accessKey: a, region: r, service: s}} | 5:19 'secretKey' is missing in 'sigv4'",
        "{oidc: {authority: 'https://l.test', grant: password, assertion: {issuer: i}}} | 5:76"
            + " 'key' is missing in 'assertion'",
        "{mtls: {certificate: c}} | 5:18 'key' is missing in 'mtls'",
        "{mtls: {use: s}, bearer: {token: t}, basic: {use: s}} | 5:11 an authentication must have"
            + " one scheme, and may have 'mtls' beside it",
        "{hmac: {secret: x}, bearer: {token: t}} | 5:11 an authentication must have one scheme, and"
            + " may have 'mtls' beside it"
      })
  void areCheckedWhereTheyStand(String auth, String mistake) {
    assertThat(read(auth).diagnostics()).extracting(OwnSchemesTest::shown).containsExactly(mistake);
  }

  private static String shown(Diagnostic d) {
    return d.line() + ":" + d.column() + " " + d.message();
  }

  @Test
  void areNotWordsOfTheLanguage() {
    Reading reading =
        WorkflowText.check(
            """
            document: {dsl: 1.0.3, namespace: test, name: t, version: 1.0.0}
            do:
              - a:
                  call: http
                  with:
                    method: get
                    endpoint:
                      uri: http://x.test
                      authentication: {apiKey: {name: k, value: v}}
            """);
    assertThat(reading)
        .isInstanceOfSatisfying(
            Reading.Refused.class,
            refused ->
                assertThat(refused.diagnostics())
                    .extracting(Diagnostic::message)
                    .contains("unknown property 'apiKey' in 'authentication'"));
  }
}
