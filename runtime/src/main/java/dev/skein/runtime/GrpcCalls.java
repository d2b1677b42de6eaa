package dev.skein.runtime;

import dev.skein.connectors.grpc.GrpcConnector;
import dev.skein.connectors.grpc.GrpcMethod;
import dev.skein.connectors.grpc.ProtoCompiler;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.interpreter.GrpcPort;
import dev.skein.interpreter.HttpPort;
import dev.skein.model.ProtoFiles;
import dev.skein.model.ProtoSyntax;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The interpreter's gRPC calls, made under the policies that HTTP calls have. Loads nothing of
/// gRPC before the first of them. Thread-safe: its own lock guards the connector.
final class GrpcCalls implements GrpcPort, AutoCloseable {
  private final HttpCalls calls;
  private @Nullable GrpcConnector connector;
  private boolean closed;

  /// All that is compiled here, deployments and runs alike.
  private static final class Compiled {
    static final ProtoCompiler PROTOS = new ProtoCompiler();
  }

  GrpcCalls(HttpCalls calls) {
    this.calls = calls;
  }

  /// What .proto files describe, or what is wrong with them.
  static ProtoSyntax.Judgement judge(ProtoFiles files) {
    return Compiled.PROTOS.judge(files);
  }

  @Override
  public JsonNode call(Request request, HttpPort.Site site) throws InterruptedException {
    GrpcConnector made = connector();
    GrpcMethod method;
    try {
      method = made.method(request.files(), request.service(), request.method());
    } catch (HttpCallException e) {
      throw HttpCalls.fault(e);
    }
    URI uri =
        URI.create(
            "%s://%s:%d/%s"
                .formatted(
                    request.tls() ? "https" : "http",
                    request.host(),
                    request.port(),
                    method.operation()));
    HttpCall call = HttpCall.of("POST", uri).withBody(request.arguments());
    var out =
        new HttpCalls.Outgoing(
            call,
            method.operation(),
            request.authentication(),
            attempt -> made.reply(method, attempt));
    return calls.call(out, site);
  }

  private synchronized GrpcConnector connector() {
    GrpcConnector made = connector;
    if (made == null) {
      made = new GrpcConnector(calls.settings(), Compiled.PROTOS);
      if (closed) {
        made.close();
      }
      connector = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (connector != null) {
      connector.close();
    }
  }
}
