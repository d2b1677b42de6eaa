package dev.skein.connectors.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.skein.model.ProtoFiles;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;

/// A real gRPC server on the loopback address. What it does with an order depends on its item:
/// `hang` gets no answer, `fail` fails with the status of the number `count`, `many` is answered
/// without end, `big` with `count` letters; anything else is told back.
final class Shop implements AutoCloseable {
  static final String PROTO =
      """
      syntax = "proto3";
      package shop.v1;
      import "google/protobuf/timestamp.proto";

      service Shop {
        rpc Buy (Order) returns (Receipt);
        rpc Watch (Order) returns (stream Receipt);
        rpc Sum (stream Order) returns (Receipt);
        rpc Chat (stream Order) returns (stream Receipt);
      }
      message Order {
        string item = 1;
        int32 count = 2;
        optional string note = 3;
        google.protobuf.Timestamp at = 4;
        map<string, int64> prices = 5;
        Size size = 6;
        oneof paid { string card = 7; bytes token = 8; }
        repeated Order parts = 9;
        enum Size { ANY = 0; LARGE = 1; }
      }
      message Receipt {
        string text = 1;
        int32 total = 2;
        Order order = 3;
      }
      """;
  static final ProtoFiles FILES = new ProtoFiles("shop.proto", Map.of("shop.proto", PROTO));

  final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();
  final BlockingQueue<String> authorities = new LinkedBlockingQueue<>();
  final BlockingQueue<Long> deadlineMillis = new LinkedBlockingQueue<>();
  final Set<SocketAddress> clients = Collections.synchronizedSet(new HashSet<>());
  final CountDownLatch begun = new CountDownLatch(1);
  final CountDownLatch cancelled = new CountDownLatch(1);
  final Metadata trailers = new Metadata();
  private final Server server;
  private final int port;

  Shop() throws Exception {
    this(null);
  }

  /// @param key null for one without TLS
  Shop(KeyManagerFactory key) throws Exception {
    this(key, 0);
  }

  Shop(KeyManagerFactory key, int port) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    NettyServerBuilder builder = NettyServerBuilder.forAddress(address).addService(service());
    if (key != null) {
      builder.sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(key)).build());
    }
    this.server = builder.build().start();
    this.port = server.getPort();
  }

  int port() {
    return port;
  }

  private ServerServiceDefinition service() throws Exception {
    Services services = new ProtoCompiler().services(FILES);
    var definition = ServerServiceDefinition.builder("shop.v1.Shop");
    for (String name : services.methods("shop.v1.Shop")) {
      GrpcMethod method = services.method("shop.v1.Shop", name);
      definition.addMethod(method.at(method.operation()), this::answering);
    }
    return definition.build();
  }

  private ServerCall.Listener<DynamicMessage> answering(
      ServerCall<DynamicMessage, DynamicMessage> call, Metadata metadata) {
    headers.add(metadata);
    authorities.add(call.getAuthority());
    clients.add(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    var deadline = Context.current().getDeadline();
    deadlineMillis.add(deadline == null ? -1 : deadline.timeRemaining(TimeUnit.MILLISECONDS));
    call.request(Integer.MAX_VALUE);
    return new Answering(call);
  }

  /// One call.
  private final class Answering extends ServerCall.Listener<DynamicMessage> {
    private final ServerCall<DynamicMessage, DynamicMessage> call;
    private final Descriptor receipt;
    private DynamicMessage last;
    private int total;
    private boolean headersSent;

    Answering(ServerCall<DynamicMessage, DynamicMessage> call) {
      this.call = call;
      var marshaller =
          (PrototypeMarshaller<DynamicMessage>) call.getMethodDescriptor().getResponseMarshaller();
      this.receipt = marshaller.getMessagePrototype().getDescriptorForType();
    }

    @Override
    public void onMessage(DynamicMessage order) {
      last = order;
      total += (Integer) value(order, "count");
      begun.countDown();
      if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
        return;
      }
      for (int i = 0; endless() || i < Math.max(1, (Integer) value(order, "count")); i++) {
        if (call.isCancelled()) {
          return;
        }
        send(item());
      }
    }

    private boolean endless() {
      return item().equals("many");
    }

    private String item() {
      return last == null ? "" : (String) value(last, "item");
    }

    private static Object value(DynamicMessage message, String field) {
      return message.getField(message.getDescriptorForType().findFieldByName(field));
    }

    private void send(String text) {
      if (!headersSent) {
        headersSent = true;
        var answered = new Metadata();
        answered.put(Metadata.Key.of("shop", Metadata.ASCII_STRING_MARSHALLER), "open");
        call.sendHeaders(answered);
      }
      DynamicMessage.Builder message = DynamicMessage.newBuilder(receipt);
      message.setField(field("text"), text);
      message.setField(field("total"), total);
      if (last != null) {
        message.setField(field("order"), last);
      }
      call.sendMessage(message.build());
    }

    private FieldDescriptor field(String name) {
      return receipt.findFieldByName(name);
    }

    @Override
    public void onHalfClose() {
      switch (item()) {
        case "hang" -> {}
        case "fail" ->
            call.close(
                Status.fromCodeValue((Integer) value(last, "count")).withDescription("as asked"),
                trailers);
        case "none" -> call.close(Status.OK, new Metadata());
        default -> {
          if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
            send(item().equals("big") ? "x".repeat(total) : item());
          }
          call.close(Status.OK, new Metadata());
        }
      }
    }

    @Override
    public void onCancel() {
      cancelled.countDown();
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
