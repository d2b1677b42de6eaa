package dev.skein.connectors.auth;

import dev.skein.connectors.http.Credentials.Draft;
import dev.skein.connectors.http.Credentials.Proof;
import dev.skein.connectors.http.HttpCallException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A request signed as AWS services ask for it, Signature Version 4 in the `Authorization` header.
///
/// All headers of the call are signed but those that proxies change. The path is encoded a second
/// time and its dot segments are resolved, as all services want it but S3, which also wants the
/// hash of the body as a header. A call that sets `Authorization` itself goes out as it is.
///
/// See "Create a signed AWS API request" in the IAM user guide of AWS.
record SigV4(
    String accessKey,
    String secretKey,
    @Nullable String sessionToken,
    String region,
    String service)
    implements Policy {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int DATE_LENGTH = 8;
  private static final Set<String> UNSIGNED =
      Set.of(
          "accept-encoding",
          "authorization",
          "connection",
          "expect",
          "transfer-encoding",
          "user-agent",
          "x-amzn-trace-id");

  static SigV4 of(Properties of) throws HttpCallException {
    return new SigV4(
        of.required("accessKey"),
        of.required("secretKey"),
        of.optional("sessionToken"),
        of.required("region"),
        of.required("service"));
  }

  Proof sign(Draft request, Instant now) {
    if (request.has("Authorization")) {
      return Proof.NONE;
    }
    String time = TIME.format(now);
    String bodyHash = Macs.sha256(request.body());
    Map<String, String> added = new TreeMap<>();
    added.put("X-Amz-Date", time);
    if (sessionToken != null) {
      added.put("X-Amz-Security-Token", sessionToken);
    }
    if (isS3()) {
      added.put("X-Amz-Content-Sha256", bodyHash);
    }
    Map<String, String> signed = new TreeMap<>();
    request.headers().forEach((name, value) -> sign(signed, name, value));
    added.forEach((name, value) -> sign(signed, name, value));
    String names = String.join(";", signed.keySet());
    String canonical =
        String.join(
            "\n",
            request.method(),
            path(request.target()),
            query(request.target()),
            lines(signed),
            names,
            bodyHash);
    String scope =
        String.join("/", time.substring(0, DATE_LENGTH), region, service, "aws4_request");
    String toSign = String.join("\n", ALGORITHM, time, scope, Macs.sha256(utf8(canonical)));
    String signature = HexFormat.of().formatHex(hmac(key(scope), toSign));
    added.put(
        "Authorization",
        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(ALGORITHM, accessKey, scope, names, signature));
    return Proof.of(added);
  }

  /// From the secret key step by step to one that is good for a day, a region and a service.
  private byte[] key(String scope) {
    byte[] key = utf8("AWS4" + secretKey);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    return key;
  }

  private static void sign(Map<String, String> signed, String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!UNSIGNED.contains(lower)) {
      signed.put(lower, value.strip().replaceAll(" +", " "));
    }
  }

  private static String lines(Map<String, String> signed) {
    return signed.entrySet().stream()
        .map(header -> header.getKey() + ":" + header.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private String path(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    if (isS3()) {
      // a key of an object may hold anything, also dots and slashes without end
      return segments(List.of(path.split("/", -1)), true);
    }
    List<String> resolved = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        if (!resolved.isEmpty()) {
          resolved.removeLast();
        }
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        resolved.add(segment);
      }
    }
    boolean folder = path.endsWith("/") && !resolved.isEmpty();
    return "/" + segments(resolved, false) + (folder ? "/" : "");
  }

  private static String segments(List<String> segments, boolean decodeFirst) {
    return segments.stream()
        .map(segment -> Percent.encoded(decodeFirst ? Percent.decoded(segment) : utf8(segment)))
        .collect(Collectors.joining("/"));
  }

  /// Sorted by name and then by value, both encoded.
  private static String query(String target) {
    int at = target.indexOf('?');
    if (at < 0 || at == target.length() - 1) {
      return "";
    }
    record Parameter(String name, String value) {}
    List<Parameter> parameters = new ArrayList<>();
    for (String pair : target.substring(at + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (!pair.isEmpty()) {
        parameters.add(
            new Parameter(
                Percent.encoded(Percent.decoded(name)), Percent.encoded(Percent.decoded(value))));
      }
    }
    return parameters.stream()
        .sorted(Comparator.comparing(Parameter::name).thenComparing(Parameter::value))
        .map(parameter -> parameter.name + "=" + parameter.value)
        .collect(Collectors.joining("&"));
  }

  private boolean isS3() {
    return service.startsWith("s3");
  }

  private static byte[] hmac(byte[] key, String text) {
    return Macs.hmac("HmacSHA256", key, utf8(text));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "SigV4[%s, %s, %s]".formatted(accessKey, region, service);
  }
}
