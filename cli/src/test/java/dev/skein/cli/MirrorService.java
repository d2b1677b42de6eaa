package dev.skein.cli;

import com.google.common.io.ByteStreams;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A gRPC server that sends every message back as it came, after so many refusals.
final class MirrorService extends HandlerRegistry implements AutoCloseable {
  static final String PROTO =
      """
      syntax = "proto3";
      package mirror;
      service Mirror {
        rpc Show (Face) returns (Face);
        rpc Follow (stream Face) returns (stream Face);
      }
      message Face { string name = 1; int32 age = 2; }
      """;

  /// What is not known as a proto here: bytes.
  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    MARSHALLER;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return ByteStreams.toByteArray(stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  final List<Metadata> seen = new CopyOnWriteArrayList<>();
  final AtomicInteger refusals = new AtomicInteger();
  private final Server server;

  MirrorService() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    this.server =
        NettyServerBuilder.forAddress(address).fallbackHandlerRegistry(this).build().start();
  }

  int port() {
    return server.getPort();
  }

  List<String> sent(String header) {
    return seen.stream()
        .map(it -> it.get(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER)))
        .toList();
  }

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
    var method =
        MethodDescriptor.newBuilder(Bytes.MARSHALLER, Bytes.MARSHALLER)
            .setFullMethodName(name)
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .build();
    return ServerMethodDefinition.create(method, this::mirror);
  }

  private ServerCall.Listener<byte[]> mirror(ServerCall<byte[], byte[]> call, Metadata metadata) {
    seen.add(metadata);
    if (refusals.getAndDecrement() > 0) {
      call.close(Status.UNAVAILABLE.withDescription("not yet"), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    call.sendHeaders(new Metadata());
    call.request(Integer.MAX_VALUE);
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(byte[] message) {
        call.sendMessage(message);
      }

      @Override
      public void onHalfClose() {
        call.close(Status.OK, new Metadata());
      }
    };
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
