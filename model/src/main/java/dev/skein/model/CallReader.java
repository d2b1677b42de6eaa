package dev.skein.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads `call` tasks.
final class CallReader {
  private static final Set<String> UNSUPPORTED =
      Set.of("grpc", "openapi", "asyncapi", "a2a", "mcp");
  private static final List<String> OUTPUTS = List.of("raw", "content", "response");

  private final Values values;
  private final References references;
  private final Functions functions;

  CallReader(Values values, References references, Functions functions) {
    this.values = values;
    this.references = references;
    this.functions = functions;
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
    At with = fields.optional("with");
    if (UNSUPPORTED.contains(callee)) {
      values.reports().unsupported(at.position(), at.path(), "call: " + callee);
      return null;
    }
    if (callee.indexOf('@') >= 0) {
      values.reports().unsupported(at.position(), at.path(), "a function from a catalog");
      return null;
    }
    JsonNode arguments = values.object(with);
    if (with != null && arguments != null) {
      values.template(with);
    }
    Task target = functions.resolve(at, callee);
    return target == null
        ? null
        : new CallFunctionTask(draft.base(), callee, orEmpty(arguments), target);
  }

  private static JsonNode orEmpty(@Nullable JsonNode arguments) {
    return arguments == null ? JsonNodeFactory.instance.objectNode() : arguments;
  }

  private @Nullable Task http(Draft draft) {
    Fields with = values.fields(draft.fields().required("with"));
    if (with == null) {
      return null;
    }
    JsonNode method = values.templateString(with.required("method"));
    References.Endpoint endpoint = references.endpoint(with.required("endpoint"));
    JsonNode headers = values.stringMap(with.optional("headers"));
    JsonNode body = values.template(with.optional("body"));
    JsonNode query = values.stringMap(with.optional("query"));
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
