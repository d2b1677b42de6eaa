package dev.skein.connectors.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.uri.UriInfo;
import io.helidon.common.uri.UriPath;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webclient.api.ClientUri;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientRequest;
import io.helidon.webclient.http1.Http1ClientResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// One request and its answer on one connection: the only place that speaks to Helidon, which
/// writes HTTP/1.1 and parses it.
final class Exchange {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final Http1Client codec;
  private final Connection connection;
  private final Request request;
  private final long limitBytes;

  /// An answer, and whether the connection may carry another exchange.
  record Result(Answer answer, boolean reusable) {}

  /// The peer had closed a kept connection before the request came: it did nothing, as far as TCP
  /// can tell. Only a repeatable request is sent on a kept connection, so it can go out again.
  static final class Stale extends Exception {
    private static final long serialVersionUID = 1L;

    Stale(Throwable cause) {
      super(cause);
    }
  }

  Exchange(Http1Client codec, Connection connection, Request request, long limitBytes) {
    this.codec = codec;
    this.connection = connection;
    this.request = request;
    this.limitBytes = limitBytes;
  }

  /// @param kept whether the connection has carried an exchange before
  Result run(boolean kept) throws HttpCallException, InterruptedException, Stale {
    connection.begin(limitBytes);
    try {
      return read(submitted());
    } catch (Connection.TooLarge e) {
      throw tooLarge();
    } catch (UncheckedIOException | IOException e) {
      throw broken(e, kept);
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw broken(e, kept);
    } catch (IllegalStateException
        | IllegalArgumentException
        | DataReader.IncorrectNewLineException e) {
      throw HttpCallException.invalidAnswer(
          "%s got an answer that is not valid HTTP: %s".formatted(request, e.getMessage()), e);
    }
  }

  private Http1ClientResponse submitted() {
    Http1ClientRequest sending =
        codec
            .method(Method.create(request.method()))
            .uri(uri())
            .connection(connection)
            .proxy(Proxy.noProxy())
            .readTimeout(request.call().readTimeout());
    request
        .headers()
        .forEach(
            (name, value) -> sending.header(HeaderValues.create(HeaderNames.create(name), value)));
    return request.body().length == 0 ? sending.request() : sending.submit(request.body());
  }

  /// Helidon decodes a path and encodes it again, and loses the order of query parameters; a
  /// *relative* path it leaves as it is, so the finished target goes in as one.
  private ClientUri uri() {
    Origin origin = request.origin();
    return ClientUri.create(
        UriInfo.builder()
            .scheme(origin.secure() ? "https" : "http")
            .host(origin.host())
            .port(origin.port())
            .path(UriPath.createRelative(UriPath.root(), request.target()))
            .build());
  }

  private Result read(Http1ClientResponse response) throws IOException, HttpCallException {
    int status = response.status().code();
    if (status < 200) {
      // 101: a switch of protocols that was never asked for
      throw HttpCallException.invalidAnswer(
          "%s got the status %d, which fits no call".formatted(request, status), null);
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Header header : response.headers()) {
      headers.put(header.name(), String.join(", ", header.allValues()));
    }
    boolean bodyless = request.method().equals("HEAD") || status == 204 || status == 304;
    boolean framed =
        bodyless
            || headers.containsKey("Content-Length")
            || headers.containsKey("Transfer-Encoding");
    String coding = headers.get("Transfer-Encoding");
    byte[] body =
        bodyless ? new byte[0] : coding == null ? body(response, framed) : inChunks(coding.strip());
    boolean closing =
        headers.getOrDefault("Connection", "").toLowerCase(Locale.ROOT).contains("close");
    return new Result(
        new Answer(status, response.status().reasonPhrase(), headers, body),
        framed && !closing && !connection.hasLeftovers());
  }

  private byte[] inChunks(String coding) throws HttpCallException {
    if (!coding.equalsIgnoreCase("chunked")) {
      throw HttpCallException.invalidAnswer(
          "%s got an answer in the transfer coding '%s', which it did not ask for"
              .formatted(request, coding),
          null);
    }
    return new Chunks(connection.reader(), limitBytes).read();
  }

  private byte[] body(Http1ClientResponse response, boolean framed)
      throws IOException, HttpCallException {
    if (response.headers().contentLength().orElse(0) > limitBytes) {
      throw tooLarge();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    // the client allocates as much as is asked for
    long expected = response.headers().contentLength().orElse(BUFFER_BYTES);
    byte[] buffer = new byte[Math.clamp(expected, 1, BUFFER_BYTES)];
    try (InputStream in = response.entity().inputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        body.write(buffer, 0, read);
        if (body.size() > limitBytes) {
          throw new Connection.TooLarge();
        }
      }
    } catch (DataReader.InsufficientDataAvailableException e) {
      // without a length the end of the connection is the end of the body
      if (framed) {
        throw e;
      }
    }
    return body.toByteArray();
  }

  private HttpCallException broken(Exception e, boolean kept) throws InterruptedException, Stale {
    // the JDK closes the socket of an interrupted virtual thread, and leaves the flag set
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException) {
      return HttpCallException.timeout(
          "%s got no answer within %s".formatted(request, request.call().readTimeout()), e);
    }
    if (connection.wasCut()) {
      return HttpCallException.timeout(
          "%s was not answered whole within %s".formatted(request, request.call().wholeTimeout()),
          e);
    }
    if (kept && !connection.answered()) {
      throw new Stale(e);
    }
    return HttpCallException.connectionLost(
        "%s was sent, but the connection was lost before the whole answer came".formatted(request),
        e);
  }

  private HttpCallException tooLarge() {
    return HttpCallException.tooLarge(
        "The answer to %s is larger than %d bytes".formatted(request, limitBytes));
  }
}
