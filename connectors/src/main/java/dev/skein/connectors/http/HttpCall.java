package dev.skein.connectors.http;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One HTTP request, as a `call: http` task describes it. It may be invalid: [HttpConnector#send]
/// checks it and answers with a configuration error.
///
/// @param uri absolute, http or https, without user info; its own query stays and comes first
/// @param headers win over every header the connector would set, whatever their case
/// @param query added to the query of the `uri`, unencoded, in the map's order
/// @param body objects and arrays go out as JSON, a string as text, unless a content-type says else
/// @param redirect whether 300–399 is a success; redirects are never followed
/// @param connectTimeout bounds name resolution, connect and TLS handshake, each
/// @param readTimeout the longest silence of the server, not the length of the whole call
public record HttpCall(
    String method,
    URI uri,
    Map<String, String> headers,
    Map<String, List<String>> query,
    @Nullable JsonNode body,
    Output output,
    boolean redirect,
    @Nullable Credentials credentials,
    Duration connectTimeout,
    Duration readTimeout) {

  /// What the caller gets of the answer.
  public enum Output {
    /// The bytes of the body, as base64.
    RAW,
    /// The body: JSON as JSON, else a string if it is text, else base64; null if there is none.
    CONTENT,
    /// The object `{request: {method, uri, headers}, statusCode, headers, content}`.
    RESPONSE
  }

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

  public HttpCall {
    // not Map.copyOf: the order of headers and parameters is the caller's
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
  }

  /// A call without body, asking for the content, with a 10 s connect and a 60 s read timeout.
  public static HttpCall of(String method, URI uri) {
    return new HttpCall(
        method,
        uri,
        Map.of(),
        Map.of(),
        null,
        Output.CONTENT,
        false,
        null,
        CONNECT_TIMEOUT,
        READ_TIMEOUT);
  }

  public HttpCall withHeaders(Map<String, String> headers) {
    return new HttpCall(
        method,
        uri,
        headers,
        query,
        body,
        output,
        redirect,
        credentials,
        connectTimeout,
        readTimeout);
  }

  public HttpCall withQuery(Map<String, List<String>> query) {
    return new HttpCall(
        method,
        uri,
        headers,
        query,
        body,
        output,
        redirect,
        credentials,
        connectTimeout,
        readTimeout);
  }

  public HttpCall withBody(@Nullable JsonNode body) {
    return new HttpCall(
        method,
        uri,
        headers,
        query,
        body,
        output,
        redirect,
        credentials,
        connectTimeout,
        readTimeout);
  }

  public HttpCall withOutput(Output output) {
    return new HttpCall(
        method,
        uri,
        headers,
        query,
        body,
        output,
        redirect,
        credentials,
        connectTimeout,
        readTimeout);
  }

  public HttpCall withRedirect(boolean redirect) {
    return new HttpCall(
        method,
        uri,
        headers,
        query,
        body,
        output,
        redirect,
        credentials,
        connectTimeout,
        readTimeout);
  }

  public HttpCall withCredentials(@Nullable Credentials credentials) {
    return new HttpCall(
        method,
        uri,
        headers,
        query,
        body,
        output,
        redirect,
        credentials,
        connectTimeout,
        readTimeout);
  }

  public HttpCall withTimeouts(Duration connectTimeout, Duration readTimeout) {
    return new HttpCall(
        method,
        uri,
        headers,
        query,
        body,
        output,
        redirect,
        credentials,
        connectTimeout,
        readTimeout);
  }

  /// Shows neither secret headers nor the query nor the body, which may hold secrets too.
  @Override
  public String toString() {
    return "HttpCall[%s %s://%s%s, headers=%s, credentials=%s]"
        .formatted(
            method,
            uri.getScheme(),
            uri.getHost(),
            uri.getRawPath(),
            Secrets.redacted(headers),
            credentials);
  }
}
