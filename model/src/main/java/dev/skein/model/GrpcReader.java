package dev.skein.model;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads calls of gRPC services, and holds them against the .proto files if these can be read.
final class GrpcReader {
  private static final int MAX_PORT = 65_535;
  private static final int PORT = 80;
  private static final int TLS_PORT = 443;

  private final Values values;
  private final References references;

  GrpcReader(Values values, References references) {
    this.values = values;
    this.references = references;
  }

  @Nullable Task call(Draft draft) {
    Fields with = values.fields(draft.fields().required("with"));
    if (with == null) {
      return null;
    }
    with.of("call grpc");
    At protoAt = with.required("proto");
    ExternalResource proto = references.resource(protoAt);
    At serviceAt = with.required("service");
    Fields service = values.fields(serviceAt);
    At nameAt = service == null ? null : service.required("name");
    GrpcArguments.Service called =
        service == null ? null : service(service, nameAt, draft.base().metadata());
    At methodAt = with.required("method");
    JsonNode method = values.templateString(methodAt);
    JsonNode arguments = values.objectTemplate(with.optional("arguments"));
    with.close();
    if (protoAt == null || proto == null || called == null || method == null) {
      return null;
    }
    ProtoFiles files =
        new ProtoReader(values.reports(), references.outside().resources(), protoAt).read(proto);
    if (files != null && nameAt != null && methodAt != null) {
      check(files, protoAt, nameAt, methodAt);
    }
    return new CallGrpcTask(
        draft.base(), new GrpcArguments(proto, files, called, method, arguments));
  }

  private GrpcArguments.@Nullable Service service(
      Fields service, @Nullable At nameAt, JsonNode metadata) {
    JsonNode name = values.templateString(nameAt);
    At hostAt = service.required("host");
    String host = values.string(hostAt);
    if (hostAt != null && host != null && !Formats.isHost(host)) {
      values.reports().add(Code.FORMAT, hostAt, "'host' must be the name of a host", null);
    }
    Integer port = values.integer(service.optional("port"), 0, MAX_PORT, Code.VALUE);
    JsonNode authentication = references.authentication(service.optional("authentication"));
    service.close();
    if (name == null || host == null) {
      return null;
    }
    boolean standard = port != null && port == TLS_PORT;
    boolean tls = metadata.path("skein").path("tls").asBoolean(standard);
    int open = port == null ? (tls ? TLS_PORT : PORT) : port;
    return new GrpcArguments.Service(name, host, open, tls, authentication);
  }

  private void check(ProtoFiles files, At protoAt, At serviceAt, At methodAt) {
    switch (references.outside().protos().judge(files)) {
      case ProtoSyntax.Judgement.Unread() -> {}
      case ProtoSyntax.Judgement.Invalid(String mistake) ->
          values.reports().add(Code.RESOURCE, protoAt, mistake, null);
      case ProtoSyntax.Judgement.Valid(ProtoSyntax.Services services) ->
          check(services, serviceAt, methodAt);
    }
  }

  private void check(ProtoSyntax.Services services, At serviceAt, At methodAt) {
    String service = literal(serviceAt);
    Collection<String> methods = service == null ? null : services.methods(service);
    if (service == null) {
      return;
    }
    if (methods == null) {
      missing(serviceAt, "the proto has no service '" + service + "'", service, services.names());
      return;
    }
    String method = literal(methodAt);
    if (method != null && !methods.contains(method)) {
      missing(methodAt, service + " has no method '" + method + "'", method, methods);
    }
  }

  private void missing(At at, String message, String written, Collection<String> known) {
    String hint = Suggestions.hint(written, known);
    String all = known.isEmpty() ? null : "there are: " + String.join(", ", known);
    values.reports().add(Code.RESOURCE, at, message, hint == null ? all : hint);
  }

  /// What is known before a run.
  private static @Nullable String literal(At at) {
    return Template.of(at.yaml().json().stringValue()) instanceof Template.Literal(String text)
        ? text
        : null;
  }
}
