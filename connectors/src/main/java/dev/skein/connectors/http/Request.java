package dev.skein.connectors.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A checked call, ready to be written: nothing in it can fail any more but the network.
///
/// @param target path and query, encoded, as they stand in the request line
/// @param headers by name, without regard to case, `Host` included
/// @param proof what of it nobody is to see
@SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
record Request(
    HttpCall call,
    String method,
    Origin origin,
    String target,
    Map<String, String> headers,
    byte[] body,
    Credentials.Proof proof) {

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Set<String> REPEATABLE_METHODS =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
  // they say how the message is framed, which is the connector's affair
  private static final Set<String> REFUSED_HEADERS =
      Set.of("transfer-encoding", "upgrade", "expect", "trailer", "te");
  private static final Set<String> FRAMING = Set.of("host", "connection", "content-length");

  static Request of(HttpCall call) throws HttpCallException {
    String method = call.method().toUpperCase(Locale.ROOT);
    if (!TOKEN.matcher(method).matches() || method.equals("CONNECT")) {
      throw HttpCallException.configuration("'%s' is not an HTTP method to call".formatted(method));
    }
    checkTimeouts(call);
    Origin origin = Origin.of(call.uri());
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, String> header : call.headers().entrySet()) {
      checkHeader(header.getKey(), header.getValue());
      headers.put(header.getKey(), header.getValue());
    }
    // computed from the body; a wrong one would let the rest be read as a second request
    headers.remove("Content-Length");
    RequestBody body = RequestBody.of(call.body(), headers.get("Content-Type"));
    if (body.contentType() != null) {
      headers.put("Content-Type", body.contentType()); // which may have got a boundary
    }
    if (method.equals("HEAD") && body.bytes().length > 0) {
      throw HttpCallException.configuration("A HEAD request has no body; remove it");
    }
    headers.putIfAbsent("Host", origin.authority());
    headers.putIfAbsent("User-Agent", "Skein");
    return new Request(
            call, method, origin, target(call), headers, body.bytes(), Credentials.Proof.NONE)
        .proven();
  }

  /// This request with the proof of who sends it.
  private Request proven() throws HttpCallException {
    Credentials credentials = call.credentials();
    if (credentials == null) {
      return this;
    }
    Map<String, String> shown = Collections.unmodifiableMap(headers);
    Credentials.Proof given = credentials.prove(new Credentials.Draft(method, target, shown, body));
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(headers);
    for (Map.Entry<String, String> header : given.headers().entrySet()) {
      checkHeader(header.getKey(), header.getValue());
      if (FRAMING.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        throw HttpCallException.configuration(
            "The header %s can't be set by an authentication".formatted(header.getKey()));
      }
      all.put(header.getKey(), header.getValue());
    }
    return new Request(
        call, method, origin, appended(target, given.query(), Request::encoded), all, body, given);
  }

  /// Whether sending it twice has the effect of sending it once.
  boolean repeatable() {
    return REPEATABLE_METHODS.contains(method) || headers.containsKey("Idempotency-Key");
  }

  /// The URI as sent, query included, but for what proves who sends it.
  String shownUri() {
    return origin + appended(target(call), proof.query(), _ -> Secrets.REDACTED);
  }

  /// The headers as sent, but for secrets.
  Map<String, String> shownHeaders() {
    Map<String, String> shown = Secrets.redacted(headers);
    for (String name : proof.headers().keySet()) {
      shown.replaceAll((it, value) -> it.equalsIgnoreCase(name) ? Secrets.REDACTED : value);
    }
    return shown;
  }

  /// For sentences: without the query, where secrets hide.
  @Override
  public String toString() {
    int query = target.indexOf('?');
    return method + " " + origin + (query < 0 ? target : target.substring(0, query));
  }

  private static void checkTimeouts(HttpCall call) throws HttpCallException {
    @Nullable Duration whole = call.wholeTimeout();
    if (!call.connectTimeout().isPositive()
        || !call.readTimeout().isPositive()
        || (whole != null && !whole.isPositive())) {
      throw HttpCallException.configuration("The timeouts of a call must be positive");
    }
  }

  private static void checkHeader(String name, String value) throws HttpCallException {
    if (!TOKEN.matcher(name).matches()) {
      throw HttpCallException.configuration("A header name contains characters that HTTP forbids");
    }
    if (REFUSED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw HttpCallException.configuration("The header %s can't be set by a call".formatted(name));
    }
    // a line break would start another header, or another request
    if (value.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c >= 0x7f)) {
      throw HttpCallException.configuration(
          "The value of the header %s holds a control or non-ASCII character; encode it"
              .formatted(name));
    }
  }

  private static String target(HttpCall call) {
    // leaves what is encoded as it is, so that %2F in a path stays %2F
    URI ascii = URI.create(call.uri().toASCIIString());
    String path = ascii.getRawPath();
    StringBuilder target = new StringBuilder(path == null || path.isEmpty() ? "/" : path);
    List<String> parts = new ArrayList<>();
    if (ascii.getRawQuery() != null && !ascii.getRawQuery().isEmpty()) {
      parts.add(ascii.getRawQuery());
    }
    call.query()
        .forEach(
            (name, values) -> values.forEach(v -> parts.add(encoded(name) + "=" + encoded(v))));
    if (!parts.isEmpty()) {
      target.append('?').append(String.join("&", parts));
    }
    return target.toString();
  }

  private static String appended(
      String target, Map<String, String> query, UnaryOperator<String> value) {
    StringBuilder longer = new StringBuilder(target);
    query.forEach((name, plain) ->
        longer
            .append(longer.indexOf("?") < 0 ? '?' : '&')
            .append(encoded(name))
            .append('=')
            .append(value.apply(plain)));
    return longer.toString();
  }

  /// Percent-encodes all but the unreserved characters (RFC 3986): a space is %20, never a plus.
  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append('%').append(String.format("%02X", (int) c));
      }
    }
    return encoded.toString();
  }
}
