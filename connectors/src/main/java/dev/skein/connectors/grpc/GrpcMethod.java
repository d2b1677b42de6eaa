package dev.skein.connectors.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.skein.connectors.http.HttpCallException;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A method of a service: how its messages are written in JSON (the mapping of protobuf itself),
/// and how it is called.
public final class GrpcMethod {
  private static final String MESSAGES = "messages";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final MethodDescriptor descriptor;
  private final TypeRegistry types;

  GrpcMethod(MethodDescriptor descriptor, TypeRegistry types) {
    this.descriptor = descriptor;
    this.types = types;
  }

  /// `package.Service/Method`
  public String operation() {
    return descriptor.getService().getFullName() + "/" + descriptor.getName();
  }

  boolean answersOnce() {
    return !descriptor.isServerStreaming();
  }

  /// The messages that the arguments stand for: one, or, where the method takes a stream of them,
  /// those of the array `messages`.
  List<DynamicMessage> requests(@Nullable JsonNode arguments) throws HttpCallException {
    if (!descriptor.isClientStreaming()) {
      return List.of(request(arguments));
    }
    JsonNode messages = arguments == null ? null : arguments.get(MESSAGES);
    boolean alone = arguments != null && arguments.size() == 1;
    if (messages == null || !messages.isArray() || !alone) {
      throw Failures.invalid(
          "%s takes a stream of messages: give them as an array, 'arguments: {messages: [...]}'"
              .formatted(operation()));
    }
    var requests = new ArrayList<DynamicMessage>();
    for (JsonNode message : messages) {
      requests.add(request(message));
    }
    return requests;
  }

  private DynamicMessage request(@Nullable JsonNode message) throws HttpCallException {
    Descriptor type = descriptor.getInputType();
    DynamicMessage.Builder request = DynamicMessage.newBuilder(type);
    if (message == null) {
      return request.build();
    }
    try {
      JsonFormat.parser().usingTypeRegistry(types).merge(JSON.writeValueAsString(message), request);
    } catch (InvalidProtocolBufferException e) {
      throw Failures.invalid(
          "The arguments make no %s: %s".formatted(type.getFullName(), e.getMessage()));
    }
    if (!request.isInitialized()) {
      throw Failures.invalid(
          "The arguments make no %s: it lacks %s"
              .formatted(type.getFullName(), request.findInitializationErrors()));
    }
    return request.build();
  }

  /// @throws BoundedText.Full if it is longer than what is left there
  JsonNode json(DynamicMessage answer, BoundedText text) throws IOException {
    text.clear();
    JsonFormat.printer()
        .usingTypeRegistry(types)
        .alwaysPrintFieldsWithNoPresence()
        .omittingInsignificantWhitespace()
        .appendTo(answer, text);
    return JSON.readTree(text.toString());
  }

  /// @param path as it is sent, without the slash before it
  io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> at(String path) {
    return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setType(type())
        .setFullMethodName(path)
        .setRequestMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(descriptor.getInputType())))
        .setResponseMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(descriptor.getOutputType())))
        .build();
  }

  private MethodType type() {
    if (descriptor.isClientStreaming()) {
      return descriptor.isServerStreaming()
          ? MethodType.BIDI_STREAMING
          : MethodType.CLIENT_STREAMING;
    }
    return descriptor.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
  }
}
