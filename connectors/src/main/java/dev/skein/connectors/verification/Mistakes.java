package dev.skein.connectors.verification;

import dev.skein.connectors.openapi.InvalidApi;
import dev.skein.connectors.openapi.MediaRanges;
import dev.skein.connectors.openapi.Operation;
import dev.skein.connectors.openapi.OperationRequest;
import dev.skein.connectors.openapi.Parameter;
import dev.skein.connectors.openapi.References;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests that an API has to refuse, made from one that it takes.
final class Mistakes {
  private static final int MOST = 5;
  private static final String WRONG = "skein-wrong";
  private static final Set<String> NOT_TEXT = Set.of("integer", "number", "boolean");

  private final References references;

  /// @param what is wrong, for the sentence: `without the query parameter limit`
  record Mistake(String what, Operation operation, ObjectNode given) {}

  Mistakes(References references) {
    this.references = references;
  }

  /// @param given what the operation takes
  /// @param others names of headers that are given anyway, in lower case
  List<Mistake> of(Operation operation, ObjectNode given, Set<String> others) throws InvalidApi {
    var mistakes = new ArrayList<Mistake>();
    for (Parameter parameter : operation.parameters()) {
      if (Arguments.isAmong(others, parameter)) {
        continue;
      }
      if (parameter.required() && parameter.in() != Parameter.In.PATH) {
        ObjectNode less = given.deepCopy();
        less.remove(parameter.name());
        List<Parameter> rest =
            operation.parameters().stream().filter(it -> !it.equals(parameter)).toList();
        Operation lax = operation.at(operation.servers().getFirst(), rest);
        mistakes.add(new Mistake("without the " + parameter, lax, less));
      }
      if (isTyped(parameter.schema())) {
        ObjectNode other = given.deepCopy().put(parameter.name(), WRONG);
        mistakes.add(
            new Mistake("with '%s' as the %s".formatted(WRONG, parameter), operation, other));
      }
    }
    if (operation.body() != null && given.path(operation.body().name()).isObject()) {
      body(operation, operation.body(), given, mistakes);
    }
    return mistakes.stream().limit(MOST).toList();
  }

  /// Whether text is none of its values.
  private boolean isTyped(JsonNode written) throws InvalidApi {
    JsonNode schema = references.followed(written);
    return NOT_TEXT.contains(schema.path("type").asString(""))
        || (schema.path("enum").isArray()
            && schema.path("enum").valueStream().noneMatch(it -> it.asString("").equals(WRONG)));
  }

  private void body(
      Operation operation, Operation.Body body, ObjectNode given, List<Mistake> mistakes)
      throws InvalidApi {
    String type = OperationRequest.mediaType(body.content().keySet());
    JsonNode declared = MediaRanges.schema(body.content(), type);
    JsonNode schema = references.followed(declared == null ? MissingNode.getInstance() : declared);
    ObjectNode sent = (ObjectNode) given.path(body.name());
    for (JsonNode name : schema.path("required")) {
      if (sent.has(name.asString(""))) {
        ObjectNode less = sent.deepCopy();
        less.remove(name.asString(""));
        mistakes.add(
            with("without /%s in the body".formatted(name.asString()), operation, given, less));
        break;
      }
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      if (isTyped(property.getValue())) {
        ObjectNode other = sent.deepCopy().put(property.getKey(), WRONG);
        String what = "with '%s' as /%s in the body".formatted(WRONG, property.getKey());
        mistakes.add(with(what, operation, given, other));
        break;
      }
    }
  }

  private static Mistake with(String what, Operation operation, ObjectNode given, ObjectNode sent) {
    ObjectNode all = given.deepCopy();
    if (operation.body() != null) {
      all.set(operation.body().name(), sent);
    }
    return new Mistake(what, operation, all);
  }
}
