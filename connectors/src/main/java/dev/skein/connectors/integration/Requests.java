package dev.skein.connectors.integration;

import dev.skein.connectors.http.Egress;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.policy.Policy;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What a policy makes of a request.
final class Requests {
  private static final String TIME_LEFT = "Request-Timeout";

  private Requests() {}

  /// With the key that makes it one call however often it is sent, and the version it asks for.
  static HttpCall keyed(HttpCall call, Policy policy, String key) {
    Map<String, String> more = new LinkedHashMap<>();
    String header = policy.idempotency().header();
    if (header != null) {
      more.put(header, key);
    }
    if (policy.version() != null && policy.version().header() != null) {
      more.put(policy.version().header().getKey(), policy.version().header().getValue());
    }
    return with(call, more);
  }

  /// As it goes to that endpoint: under its own name, so that the endpoint can tell for whom.
  static HttpCall at(Policy.Endpoint endpoint, HttpCall call, Policy policy, long leftNanos) {
    Duration attempt =
        Duration.ofNanos(Math.min(policy.timeout().attempt().toNanos(), Math.max(1, leftNanos)));
    HttpCall sent =
        call.withTimeouts(new HttpCall.Timeouts(policy.timeout().connect(), attempt, attempt))
            .withRoute(new HttpCall.Route(new Egress(policy.egress().privateNetworks()), null));
    if (policy.timeout().propagate()) {
      double seconds = attempt.toNanos() / 1e9;
      sent = with(sent, Map.of(TIME_LEFT, String.format(Locale.ROOT, "%.3f", seconds)));
    }
    return policy.endpoints().isEmpty() ? sent : moved(sent, endpoint.url());
  }

  /// The call as people are told of it: without user and query, which may hold secrets.
  static String about(HttpCall call) {
    URI uri = call.uri();
    String authority = String.valueOf(uri.getRawAuthority());
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    return "%s %s://%s%s".formatted(call.method(), uri.getScheme(), host, uri.getRawPath());
  }

  private static HttpCall moved(HttpCall call, URI base) {
    URI uri = call.uri();
    String prefix = base.getRawPath() == null ? "" : base.getRawPath();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String joined = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return with(call, Map.of("Host", uri.getRawAuthority()))
        .withUri(
            URI.create(base.getScheme() + "://" + base.getRawAuthority() + joined + path + query));
  }

  /// Headers that the call sets itself stay.
  private static HttpCall with(HttpCall call, Map<String, String> more) {
    if (more.isEmpty()) {
      return call;
    }
    Map<String, String> headers = new LinkedHashMap<>(call.headers());
    more.forEach((name, value) -> {
      if (headers.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
        headers.put(name, value);
      }
    });
    return call.withHeaders(headers);
  }
}
