package dev.skein.connectors.grpc;

import com.google.protobuf.DynamicMessage;
import dev.skein.connectors.http.Credentials;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.connectors.http.Origin;
import dev.skein.connectors.http.Reply;
import dev.skein.model.ProtoFiles;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes gRPC calls: blocking and interruptible, over connections that calls share. A call is given
/// as the HTTP request that it is on the wire, with its messages as JSON, so that all that applies
/// to HTTP calls applies to it. Thread-safe.
public final class GrpcConnector implements AutoCloseable {
  private final HttpConnector.Settings settings;
  private final Channels channels;
  private final ProtoCompiler compiler;

  /// @param settings the same as for HTTP: an answer is too large by the same measure
  public GrpcConnector(HttpConnector.Settings settings, ProtoCompiler compiler) {
    this.settings = settings;
    this.compiler = compiler;
    this.channels = new Channels(settings);
  }

  /// Finds a method in .proto files.
  ///
  /// @throws HttpCallException if the files are no valid ones, or do not have it
  public GrpcMethod method(ProtoFiles files, String service, String method)
      throws HttpCallException {
    try {
      return compiler.services(files).method(service, method);
    } catch (InvalidProto e) {
      throw Failures.invalid(e.mistake());
    }
  }

  /// Calls the method, and waits for the end of all that it answers.
  ///
  /// @param call to `/package.Service/Method`, perhaps below another path, with the arguments as
  ///   its body
  /// @return the answer as the output: an object, or an array of them where the method streams them
  /// @throws InterruptedException at once when the calling thread is interrupted; the call is
  ///   cancelled, and the server may have acted
  public Reply reply(GrpcMethod method, HttpCall call)
      throws HttpCallException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Origin origin = Origin.of(call.uri());
    if (!call.query().isEmpty() || call.uri().getRawQuery() != null) {
      throw Failures.invalid("A gRPC call has no query; remove it");
    }
    String path = call.uri().getRawPath() == null ? "" : call.uri().getRawPath();
    List<DynamicMessage> requests = method.requests(call.body());
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(call.headers());
    headers.putIfAbsent("Host", origin.authority());
    if (path.length() < 2) {
      throw Failures.invalid("A gRPC call needs a path, /package.Service/Method");
    }
    prove(call.credentials(), path, headers, requests);
    Metadata metadata = Headers.metadata(headers);
    var lane = new Channels.Lane(origin, call.route(), call.connectTimeout());
    var tracking = new Tracking();
    CallOptions options = options(call, tracking);
    String host = headers.getOrDefault("Host", origin.authority());
    if (!host.equals(origin.authority())) {
      options = options.withAuthority(host);
    }
    try (Channels.Lease lease = channels.take(lane)) {
      ClientCall<DynamicMessage, DynamicMessage> sending =
          lease.channel().newCall(method.at(path.substring(1)), options);
      String what = "%s at %s".formatted(method.operation(), origin);
      try {
        Exchange.Answer answer =
            new Exchange(sending, method, what, settings.maxAnswerBytes())
                .run(requests, metadata, tracking);
        return new Reply(200, Headers.headers(answer.headers()), answer.output());
      } catch (HttpCallException e) {
        if (e.reach() == HttpCallException.Reach.NOT_SENT) {
          lease.giveUp();
        }
        throw e;
      }
    }
  }

  private static CallOptions options(HttpCall call, Tracking tracking) {
    Duration whole = call.wholeTimeout() == null ? call.readTimeout() : call.wholeTimeout();
    return CallOptions.DEFAULT.withDeadlineAfter(whole).withStreamTracerFactory(tracking);
  }

  /// Adds to the headers what proves who calls.
  private static void prove(
      @Nullable Credentials credentials,
      String path,
      Map<String, String> headers,
      List<DynamicMessage> requests)
      throws HttpCallException {
    if (credentials == null) {
      return;
    }
    Credentials.Proof proof =
        credentials.prove(new Credentials.Draft("POST", path, headers, frames(requests)));
    if (!proof.query().isEmpty()) {
      throw Failures.invalid(
          "The authentication puts a key into the query, which a gRPC call does not have");
    }
    headers.putAll(proof.headers());
  }

  /// The body as it is sent: each message behind its length, none compressed.
  private static byte[] frames(List<DynamicMessage> requests) {
    var body = new ByteArrayOutputStream();
    for (DynamicMessage request : requests) {
      byte[] message = request.toByteArray();
      body.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(message.length).array());
      body.writeBytes(message);
    }
    return body.toByteArray();
  }

  /// Closes all connections; calls under way fail.
  @Override
  public void close() {
    channels.close();
  }
}
