package dev.skein.server.published;

import dev.skein.model.ApiOperation;
import dev.skein.runtime.Skein;
import dev.skein.runtime.SkeinException;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Tells the deliveries of who knows the secret from all others. Thread-safe.
final class Signatures {
  private static final Logger LOG = LoggerFactory.getLogger(Signatures.class);
  private static final int MOST_DIGITS = 12;

  private final Skein skein;

  Signatures(Skein skein) {
    this.skein = skein;
  }

  /// @throws Refusal 401 for all that is not signed as it should be, or was signed long ago
  void check(ApiOperation.Webhook webhook, Request request, Instant now) {
    ApiOperation.Timestamp rule = webhook.timestamp();
    String timestamp = rule == null ? null : request.header(rule.header());
    if (rule != null && timestamp == null) {
      throw unsigned(webhook, "the header " + rule.header() + " is missing");
    }
    byte[] given = given(webhook, request);
    byte[] right = sign(webhook, timestamp, request.body());
    if (given == null || !MessageDigest.isEqual(given, right)) {
      throw unsigned(
          webhook, "the signature in " + webhook.header() + " is missing, or is another");
    }
    if (rule != null && timestamp != null && !isRecent(timestamp, rule.tolerance(), now)) {
      throw unsigned(webhook, "the time in " + rule.header() + " is too far from now");
    }
  }

  private static Refusal unsigned(ApiOperation.Webhook webhook, String detail) {
    return Refusal.of(401, "unsigned", detail)
        .with(Map.of("WWW-Authenticate", "HMAC header=\"" + webhook.header() + "\""));
  }

  private static boolean isRecent(String timestamp, Duration tolerance, Instant now) {
    if (!timestamp.matches("[0-9]{1,%d}".formatted(MOST_DIGITS))) {
      return false;
    }
    Instant signed = Instant.ofEpochSecond(Long.parseLong(timestamp));
    return Duration.between(signed, now).abs().compareTo(tolerance) <= 0;
  }

  /// Null if there is no signature, or none that could be right.
  private static byte @Nullable [] given(ApiOperation.Webhook webhook, Request request) {
    String header = request.header(webhook.header());
    if (header == null || !header.startsWith(webhook.prefix())) {
      return null;
    }
    String written = header.substring(webhook.prefix().length());
    try {
      return switch (webhook.encoding()) {
        case HEX -> HexFormat.of().parseHex(written);
        case BASE64 -> Base64.getDecoder().decode(written);
      };
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private byte[] sign(ApiOperation.Webhook webhook, @Nullable String timestamp, byte[] body) {
    String algorithm = "Hmac" + webhook.algorithm();
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret(webhook).getBytes(StandardCharsets.UTF_8), algorithm));
      if (timestamp != null) {
        mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
      }
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK cannot sign with HMAC; mend its settings", e);
    }
  }

  private String secret(ApiOperation.Webhook webhook) {
    JsonNode secret = null;
    try {
      secret = skein.secret(webhook.secret());
    } catch (SkeinException e) {
      LOG.error("a webhook cannot be checked: {}", e.getMessage());
    }
    if (secret == null || !secret.isString() || secret.stringValue().isEmpty()) {
      LOG.error("a webhook cannot be checked: '{}' is no secret with a text", webhook.secret());
      throw Refusal.of(
          500, "webhook-without-secret", "the server lacks the secret to check this with");
    }
    return secret.stringValue();
  }
}
