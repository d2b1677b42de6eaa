package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads `call` tasks.
final class CallReader {
  static final List<String> OUTPUTS = List.of("raw", "content", "response");

  private final Values values;
  private final References references;
  private final Functions functions;
  private final OtherCallReader others;
  private final GrpcReader grpc;
  private final OpenApiReader openApi;

  CallReader(Values values, References references, Functions functions, OtherCallReader others) {
    this.values = values;
    this.references = references;
    this.functions = functions;
    this.others = others;
    this.grpc = new GrpcReader(values, references);
    this.openApi = new OpenApiReader(values, references);
  }

  @Nullable Task call(Draft draft) {
    Fields fields = draft.fields();
    At at = fields.required("call");
    String callee = values.string(at);
    if (at == null || callee == null) {
      fields.optional("with");
      return null;
    }
    if (callee.equals("http")) {
      return http(draft);
    }
    if (callee.equals("grpc")) {
      return grpc.call(draft);
    }
    if (callee.equals("openapi")) {
      return openApi.call(draft);
    }
    if (OtherCallReader.PROTOCOLS.contains(callee)) {
      values.reports().notRun(at, "call " + callee + " is");
      JsonNode with = others.with(callee, fields.required("with"));
      return new CallOtherTask(draft.base(), callee, orEmpty(with));
    }
    JsonNode with = orEmpty(values.objectTemplate(fields.optional("with")));
    if (CatalogReader.isPublished(callee) && !functions.declares(callee)) {
      Task published = functions.published(at, callee);
      return published == null
          ? new CallOtherTask(draft.base(), callee, with)
          : new CallFunctionTask(draft.base(), callee, with, published);
    }
    Task target = functions.resolve(at, callee);
    return target == null ? null : new CallFunctionTask(draft.base(), callee, with, target);
  }

  private static JsonNode orEmpty(@Nullable JsonNode arguments) {
    return arguments == null ? JsonNodeFactory.instance.objectNode() : arguments;
  }

  private @Nullable Task http(Draft draft) {
    Fields with = values.fields(draft.fields().required("with"));
    if (with == null) {
      return null;
    }
    with.of("call http");
    JsonNode method = values.templateString(with.required("method"));
    References.Endpoint endpoint = references.endpoint(with.required("endpoint"));
    JsonNode headers = values.stringMapOrExpression(with.optional("headers"));
    JsonNode body = values.template(with.optional("body"));
    JsonNode query = values.stringMapOrExpression(with.optional("query"));
    String output = values.oneOf(with.optional("output"), OUTPUTS, "content");
    boolean redirect = values.bool(with.optional("redirect"), false);
    with.close();
    if (method == null || endpoint == null) {
      return null;
    }
    HttpArguments arguments =
        new HttpArguments(
            method,
            endpoint.uri(),
            endpoint.authentication(),
            headers,
            body,
            query,
            output,
            redirect);
    return new CallHttpTask(draft.base(), arguments);
  }
}
