package dev.skein.connectors.auth;

import dev.skein.connectors.http.Credentials;
import dev.skein.connectors.http.HttpCallException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A key that goes out with every request as it is. A header or cookie of that name that the call
/// sets itself stays.
record ApiKey(Place in, String name, String value) implements Policy, Credentials {
  enum Place {
    HEADER,
    QUERY,
    COOKIE
  }

  static ApiKey of(Properties of) throws HttpCallException {
    return new ApiKey(
        of.choice("in", Place.class, Place.HEADER), of.required("name"), of.required("value"));
  }

  @Override
  public Proof prove(Draft request) {
    return switch (in) {
      case HEADER -> request.has(name) ? Proof.NONE : Proof.of(Map.of(name, value));
      case QUERY -> new Proof(Map.of(), Map.of(name, value));
      case COOKIE -> cookie(request.headers().getOrDefault("Cookie", ""));
    };
  }

  private Proof cookie(String others) {
    for (String other : others.split(";", -1)) {
      if (other.strip().startsWith(name + "=")) {
        return Proof.NONE;
      }
    }
    // what a cookie may not hold (RFC 6265, 4.1.1) goes out encoded
    String own = name + "=" + encoded(value);
    return Proof.of(Map.of("Cookie", others.isBlank() ? own : others + "; " + own));
  }

  private static String encoded(String value) {
    boolean plain = value.chars().allMatch(c -> c > 0x20 && c < 0x7f && "\",;\\".indexOf(c) < 0);
    return plain ? value : URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return "ApiKey[" + in + " " + name + "]";
  }
}
