package dev.skein.connectors.http;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One HTTP request, as a `call: http` task describes it. It may be invalid: [HttpConnector#send]
/// checks it and answers with a configuration error.
///
/// @param uri absolute, http or https, without user info; its own query stays and comes first
public record HttpCall(String method, URI uri, Message message, Options options) {
  /// What the request carries beside its target.
  ///
  /// @param headers win over every header the connector would set, whatever their case
  /// @param query added to the query of the `uri`, unencoded, in the map's order
  /// @param body objects and arrays go out as JSON, a string as text, unless a content-type says
  ///   else
  public record Message(
      Map<String, String> headers, Map<String, List<String>> query, @Nullable JsonNode body) {
    static final Message EMPTY = new Message(Map.of(), Map.of(), null);

    public Message {
      // not Map.copyOf: the order of headers and parameters is the caller's
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
      query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    }

    /// Shows neither query nor body, which may hold secrets, nor secret headers.
    @Override
    public String toString() {
      return "Message[headers=" + Secrets.redacted(headers) + "]";
    }
  }

  /// How the call is made and what of its answer counts.
  ///
  /// @param redirect whether 300–399 is a success; redirects are never followed
  public record Options(
      Output output,
      boolean redirect,
      @Nullable Credentials credentials,
      Timeouts timeouts,
      Route route) {
    /// The content, no redirects, no credentials, 10 s to connect and 60 s to read, any route.
    public static final Options DEFAULT =
        new Options(
            Output.CONTENT,
            false,
            null,
            new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), null),
            Route.DEFAULT);
  }

  /// @param connect bounds name resolution, connect and TLS handshake, each
  /// @param read the longest silence of the server, not the length of the whole call
  /// @param whole the length of the whole call, with its connection; null for any
  public record Timeouts(Duration connect, Duration read, @Nullable Duration whole) {}

  /// Over which connections it may go: those of one route carry no call of another.
  ///
  /// @param tls with the certificate that identifies this client; null for the connector's own
  public record Route(Egress egress, @Nullable SSLContext tls) {
    public static final Route DEFAULT = new Route(Egress.ALSO_PRIVATE, null);
  }

  /// What the caller gets of the answer.
  public enum Output {
    /// The bytes of the body, as base64.
    RAW,
    /// The body: a value if it is JSON, XML, CSV or a form, else a string if it is text, else
    /// base64; null if there is none.
    CONTENT,
    /// The object `{request: {method, uri, headers}, statusCode, headers, content}`.
    RESPONSE
  }

  /// A call without headers and body, with the default options.
  public static HttpCall of(String method, URI uri) {
    return new HttpCall(method, uri, Message.EMPTY, Options.DEFAULT);
  }

  public HttpCall withHeaders(Map<String, String> headers) {
    return with(new Message(headers, query(), body()));
  }

  public HttpCall withQuery(Map<String, List<String>> query) {
    return with(new Message(headers(), query, body()));
  }

  public HttpCall withBody(@Nullable JsonNode body) {
    return with(new Message(headers(), query(), body));
  }

  public HttpCall withOutput(Output output) {
    return with(new Options(output, redirect(), credentials(), options.timeouts(), route()));
  }

  public HttpCall withRedirect(boolean redirect) {
    return with(new Options(output(), redirect, credentials(), options.timeouts(), route()));
  }

  public HttpCall withCredentials(@Nullable Credentials credentials) {
    return with(new Options(output(), redirect(), credentials, options.timeouts(), route()));
  }

  public HttpCall withTimeouts(Duration connect, Duration read) {
    return withTimeouts(new Timeouts(connect, read, null));
  }

  public HttpCall withTimeouts(Timeouts timeouts) {
    return with(new Options(output(), redirect(), credentials(), timeouts, route()));
  }

  public HttpCall withRoute(Route route) {
    return with(new Options(output(), redirect(), credentials(), options.timeouts(), route));
  }

  /// The same to another place.
  public HttpCall withUri(URI other) {
    return new HttpCall(method, other, message, options);
  }

  private HttpCall with(Message message) {
    return new HttpCall(method, uri, message, options);
  }

  private HttpCall with(Options options) {
    return new HttpCall(method, uri, message, options);
  }

  public Map<String, String> headers() {
    return message.headers();
  }

  public Map<String, List<String>> query() {
    return message.query();
  }

  public @Nullable JsonNode body() {
    return message.body();
  }

  public Output output() {
    return options.output();
  }

  public boolean redirect() {
    return options.redirect();
  }

  public @Nullable Credentials credentials() {
    return options.credentials();
  }

  public Duration connectTimeout() {
    return options.timeouts().connect();
  }

  public Duration readTimeout() {
    return options.timeouts().read();
  }

  public @Nullable Duration wholeTimeout() {
    return options.timeouts().whole();
  }

  public Route route() {
    return options.route();
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
            Secrets.redacted(headers()),
            credentials());
  }
}
