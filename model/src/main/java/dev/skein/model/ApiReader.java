package dev.skein.model;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads how a workflow is published: `metadata.skein.api`.
final class ApiReader {
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
  private static final Set<String> WITHOUT_BODY = Set.of("get", "delete");

  /// What the server has there itself.
  private static final List<String> TAKEN =
      List.of("api", "apis", "health", "metrics", "console", "openapi.json");

  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@-]+");
  private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern RATE =
      Pattern.compile("([1-9][0-9]{0,8})/(s|m|h|second|min|minute|hour)");
  private static final Duration LONGEST_TOLERANCE = Duration.ofDays(1);

  private final Values values;
  private final List<String> secrets;

  /// @param secrets the names under `use.secrets`
  ApiReader(Values values, List<String> secrets) {
    this.values = values;
    this.secrets = secrets;
  }

  @Nullable ApiOperation operation(@Nullable At at) {
    return values
        .reports()
        .under(
            Code.METADATA,
            () -> {
              Fields fields = values.fields(at);
              return fields == null ? null : operation(fields.of("metadata.skein.api"));
            });
  }

  private ApiOperation operation(Fields fields) {
    At pathAt = fields.required("path");
    String path = path(pathAt);
    At methodAt = fields.optional("method");
    String method = values.oneOf(methodAt, METHODS, "post");
    String version = version(fields.optional("version"));
    ApiOperation.Webhook webhook = webhook(fields.optional("webhook"));
    Duration usual = webhook == null ? ApiOperation.USUAL_WAIT : Duration.ZERO;
    Duration wait =
        duration(fields.optional("wait"), Duration.ZERO, ApiOperation.LONGEST_WAIT, usual);
    var lifetime = lifetime(fields.optional("deprecated"), fields.optional("sunset"));
    var limit = limit(fields.optional("limit"), fields.optional("burst"));
    String key = header(fields.optional("key"), null);
    fields.close();
    if (webhook != null && methodAt != null && WITHOUT_BODY.contains(method)) {
      wrong(methodAt, "a webhook comes with a body, and '" + method + "' has none", "write post");
    }
    if (webhook != null && pathAt != null && path.contains("{")) {
      wrong(pathAt, "the path of a webhook is not signed, so it cannot be part of the input", null);
    }
    return new ApiOperation(
        path, method.toUpperCase(Locale.ROOT), version, wait, lifetime, limit, key, webhook);
  }

  private void wrong(At at, String message, @Nullable String hint) {
    values.reports().add(Code.METADATA, at, message, hint);
  }

  private String path(@Nullable At at) {
    String path = values.string(at, "/");
    if (at == null || !at.yaml().json().isString()) {
      return path;
    }
    if (!path.startsWith("/") || path.equals("/")) {
      wrong(at, "'path' must begin with '/' and go on, not '" + path + "'", "write it as /orders");
      return "/";
    }
    var names = new HashSet<String>();
    for (String segment : path.substring(1).split("/", -1)) {
      Matcher parameter = PARAMETER.matcher(segment);
      if (parameter.matches()) {
        if (!names.add(parameter.group(1))) {
          wrong(at, "'path' has " + segment + " twice", null);
        }
      } else if (!SEGMENT.matcher(segment).matches() || segment.matches("\\.\\.?")) {
        wrong(
            at,
            "'path' must not have the segment '" + segment + "'",
            segment.contains("{")
                ? "a {name} of letters, digits and '_' takes a whole segment"
                : null);
        return "/";
      }
    }
    String first = path.split("/", -1)[1];
    if (TAKEN.contains(first)) {
      wrong(at, "the server has something of its own at /" + first, "take another path");
    }
    return path;
  }

  private @Nullable String version(@Nullable At at) {
    String version = values.string(at);
    if (at == null || version == null) {
      return null;
    }
    if (!VERSION.matcher(version).matches() || TAKEN.contains(version)) {
      wrong(at, "'version' must be a segment of a path, not '" + version + "'", "write it as v1");
    }
    return version;
  }

  private Duration duration(@Nullable At at, Duration least, Duration most, Duration otherwise) {
    JsonNode written = values.duration(at);
    if (at == null || written == null) {
      return otherwise;
    }
    if (written.isString() && Formats.isExpression(written.stringValue())) {
      wrong(at, "'" + Values.name(at) + "' must be a duration, not an expression", null);
      return otherwise;
    }
    if (Durations.mistake(written) != null) {
      return otherwise; // which was told already
    }
    Duration duration = Durations.parse(written);
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      wrong(at, "'" + Values.name(at) + "' must be from " + least + " to " + most, null);
      return otherwise;
    }
    return duration;
  }

  private ApiOperation.Lifetime lifetime(@Nullable At deprecatedAt, @Nullable At sunsetAt) {
    boolean flag = deprecatedAt != null && deprecatedAt.yaml().json().isBoolean();
    Instant since = flag ? null : date(deprecatedAt, "true or a date such as 2026-01-31");
    boolean deprecated = flag ? values.bool(deprecatedAt, false) : since != null;
    Instant sunset = date(sunsetAt, "a date such as 2026-12-31");
    if (sunsetAt != null && since != null && sunset != null && sunset.isBefore(since)) {
      wrong(sunsetAt, "'sunset' must not be before 'deprecated'", null);
    }
    return new ApiOperation.Lifetime(deprecated, since, sunset);
  }

  /// A day begins at midnight in UTC.
  private @Nullable Instant date(@Nullable At at, String expected) {
    if (at == null) {
      return null;
    }
    JsonNode written = at.yaml().json();
    if (!written.isString()) {
      values.mistyped(at, expected);
      return null;
    }
    String text = written.stringValue();
    try {
      return text.length() == "2026-01-31".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      wrong(at, "'" + Values.name(at) + "' must be " + expected + ", not '" + text + "'", null);
      return null;
    }
  }

  private ApiOperation.@Nullable Rate limit(@Nullable At at, @Nullable At burstAt) {
    String text = values.string(at);
    Integer burst = values.integer(burstAt, 1, 1_000_000_000, Code.METADATA);
    if (at == null && burstAt != null) {
      wrong(burstAt, "'burst' goes with 'limit'", null);
    }
    if (at == null || text == null) {
      return null;
    }
    Matcher rate = RATE.matcher(text);
    if (!rate.matches()) {
      wrong(at, "'" + text + "' is no rate", "write for example 100/s");
      return null;
    }
    Duration per =
        switch (rate.group(2).charAt(0)) {
          case 'm' -> Duration.ofMinutes(1);
          case 'h' -> Duration.ofHours(1);
          default -> Duration.ofSeconds(1);
        };
    int limit = Integer.parseInt(rate.group(1));
    return new ApiOperation.Rate(limit, per, burst == null ? limit : burst);
  }

  private @Nullable String header(@Nullable At at, @Nullable String otherwise) {
    String name = values.string(at);
    if (at == null || name == null) {
      return otherwise;
    }
    if (!HEADER.matcher(name).matches()) {
      wrong(at, "'" + name + "' is no name of a header", "write for example X-Signature");
      return otherwise;
    }
    return name;
  }

  private ApiOperation.@Nullable Webhook webhook(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    String secret = secret(fields.required("secret"));
    String header = header(fields.optional("header"), "X-Signature");
    String algorithm =
        values.oneOf(fields.optional("algorithm"), List.of("sha1", "sha256", "sha512"), "sha256");
    String prefix = values.string(fields.optional("prefix"), "");
    String encoding = values.oneOf(fields.optional("encoding"), List.of("hex", "base64"), "hex");
    var timestamp = timestamp(fields.optional("timestamp"));
    String delivery = header(fields.optional("id"), null);
    fields.close();
    return new ApiOperation.Webhook(
        secret,
        Objects.requireNonNull(header),
        ApiOperation.Algorithm.valueOf(algorithm.toUpperCase(Locale.ROOT)),
        prefix,
        ApiOperation.Encoding.valueOf(encoding.toUpperCase(Locale.ROOT)),
        timestamp,
        delivery);
  }

  private String secret(@Nullable At at) {
    String name = values.string(at, "");
    if (at != null && at.yaml().json().isString() && !secrets.contains(name)) {
      String hint = Suggestions.hint(name, secrets);
      String message = "the secret '" + name + "' is not declared";
      values.reports().add(Code.REFERENCE, at, message, hint == null ? Expressions.DECLARE : hint);
    }
    return name;
  }

  private ApiOperation.@Nullable Timestamp timestamp(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    String header = header(fields.optional("header"), "X-Timestamp");
    Duration tolerance =
        duration(
            fields.optional("tolerance"),
            Duration.ofSeconds(1),
            LONGEST_TOLERANCE,
            Duration.ofMinutes(5));
    fields.close();
    return new ApiOperation.Timestamp(Objects.requireNonNull(header), tolerance);
  }
}
