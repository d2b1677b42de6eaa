package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What `metadata.skein.api` comes to.
class ApiReaderTest {
  private static final Reader READER = new Reader(_ -> null);

  private static Definition read(String api) {
    String text =
        """
        document: {dsl: 1.0.3, namespace: a, name: b, version: 1.0.0, metadata: {skein: {%s}}}
        use: {secrets: [shared]}
        do: [{a: {set: {x: 1}}}]
        """
            .formatted(api);
    return switch (READER.read(text)) {
      case Reading.Read read -> read.definition();
      case Reading.Refused(var diagnostics) -> throw new AssertionError(diagnostics.toString());
    };
  }

  @Test
  void aWorkflowThatSaysNothingIsNotPublished() {
    assertThat(read("priority: 1").api()).isNull();
  }

  @Test
  void itMeansNothingToOtherRuntimes() {
    var text =
        """
        document: {dsl: 1.0.3, namespace: a, name: b, version: 1.0.0, metadata: {skein: {api: {path: /a}}}}
        do: [{a: {set: {x: 1}}}]
        """;
    assertThat(READER.read(text))
        .isInstanceOfSatisfying(
            Reading.Read.class,
            read ->
                assertThat(read.remarks())
                    .extracting(Diagnostic::code, Diagnostic::message)
                    .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                            Code.CARRIER, "'metadata.skein.api' means nothing to other runtimes")));
  }

  @Test
  void aPathAloneIsAPostThatWaitsHalfAMinute() {
    assertThat(read("api: {path: /checkout}").api())
        .isEqualTo(
            new ApiOperation(
                "/checkout",
                "POST",
                null,
                Duration.ofSeconds(30),
                ApiOperation.Lifetime.OPEN,
                null,
                null,
                null));
  }

  @Test
  void everythingThatCanBeSaidIsRead() {
    var api =
        read("api: {path: '/carts/{id}/items', method: get, version: v1, wait: PT0S,"
                + " deprecated: 2026-01-31, sunset: '2026-12-31T12:00:00+02:00',"
                + " limit: 100/min, burst: 20, key: X-Client}")
            .api();
    assertThat(api)
        .isEqualTo(
            new ApiOperation(
                "/carts/{id}/items",
                "GET",
                "v1",
                Duration.ZERO,
                new ApiOperation.Lifetime(
                    true,
                    Instant.parse("2026-01-31T00:00:00Z"),
                    Instant.parse("2026-12-31T10:00:00Z")),
                new ApiOperation.Rate(100, Duration.ofMinutes(1), 20),
                "X-Client",
                null));
    assertThat(api.segments()).containsExactly("carts", "{id}", "items");
    assertThat(api.segments().stream().map(ApiOperation::parameter))
        .containsExactly(null, "id", null);
  }

  @Test
  void aWebhookAnswersAtOnceUnlessItIsToWait() {
    var webhook = read("api: {path: /hook, webhook: {secret: shared}}").api();
    assertThat(webhook.patience()).isZero();
    assertThat(webhook.webhook())
        .isEqualTo(
            new ApiOperation.Webhook(
                "shared",
                "X-Signature",
                ApiOperation.Algorithm.SHA256,
                "",
                ApiOperation.Encoding.HEX,
                null,
                null));
    var patient =
        read("api: {path: /hook, wait: PT5S, webhook: {secret: shared, header: X-Sig, algorithm:"
                + " sha1, prefix: sha1=, encoding: base64, timestamp: {}, id: X-Id}}")
            .api();
    assertThat(patient.patience()).isEqualTo(Duration.ofSeconds(5));
    assertThat(patient.webhook())
        .isEqualTo(
            new ApiOperation.Webhook(
                "shared",
                "X-Sig",
                ApiOperation.Algorithm.SHA1,
                "sha1=",
                ApiOperation.Encoding.BASE64,
                new ApiOperation.Timestamp("X-Timestamp", Duration.ofMinutes(5)),
                "X-Id"));
  }

  @Test
  void deprecatedMayBeSaidWithoutADate() {
    assertThat(read("api: {path: /a, deprecated: true}").api().lifetime())
        .isEqualTo(new ApiOperation.Lifetime(true, null, null));
    assertThat(read("api: {path: /a, deprecated: false}").api().lifetime())
        .isEqualTo(ApiOperation.Lifetime.OPEN);
  }

  @Test
  void aBurstIsTheWholeLimitUnlessItIsGiven() {
    assertThat(read("api: {path: /a, limit: 5/h}").api().limit())
        .isEqualTo(new ApiOperation.Rate(5, Duration.ofHours(1), 5));
  }
}
