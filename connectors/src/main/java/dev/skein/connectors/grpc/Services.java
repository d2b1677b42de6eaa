package dev.skein.connectors.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.TypeRegistry;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.model.ProtoSyntax;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The services of a compiled proto and of all that it imports.
final class Services implements ProtoSyntax.Services {
  private final Map<String, ServiceDescriptor> byName = new LinkedHashMap<>();
  private final TypeRegistry types;

  Services(FileDescriptor main) {
    TypeRegistry.Builder all = TypeRegistry.newBuilder();
    for (FileDescriptor file : ProtoCompiler.all(main)) {
      file.getServices().forEach(service -> byName.put(service.getFullName(), service));
      file.getMessageTypes().forEach(all::add); // with the types inside of them
    }
    this.types = all.build();
  }

  @Override
  public Collection<String> names() {
    return List.copyOf(byName.keySet());
  }

  @Override
  public @Nullable Collection<String> methods(String service) {
    ServiceDescriptor descriptor = byName.get(service);
    return descriptor == null
        ? null
        : descriptor.getMethods().stream().map(MethodDescriptor::getName).toList();
  }

  GrpcMethod method(String service, String name) throws HttpCallException {
    ServiceDescriptor descriptor = byName.get(service);
    if (descriptor == null) {
      throw Failures.invalid(
          "The proto has no service '%s'; it has %s".formatted(service, names()));
    }
    MethodDescriptor method = descriptor.findMethodByName(name);
    if (method == null) {
      throw Failures.invalid(
          "The service %s has no method '%s'; it has %s"
              .formatted(service, name, methods(service)));
    }
    return new GrpcMethod(method, types);
  }
}
