package dev.skein.connectors.verification;

import dev.skein.connectors.openapi.ApiDocument;
import dev.skein.connectors.openapi.ApiSchemas.Direction;
import dev.skein.connectors.openapi.InvalidApi;
import dev.skein.connectors.openapi.MediaRanges;
import dev.skein.connectors.openapi.Operation;
import dev.skein.connectors.openapi.OperationRequest;
import dev.skein.connectors.openapi.Parameter;
import dev.skein.connectors.openapi.References;
import dev.skein.connectors.openapi.SchemaChecks;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Chooses what an operation is called with: all that it requires. Owned by one check.
final class Arguments {
  private final JsonNode root;
  private final References references;
  private final Samples samples;
  private final SchemaChecks checks;
  private final Found found = new Found();

  Arguments(ApiDocument api, SchemaChecks checks) {
    this.root = api.root();
    this.references = new References(root);
    this.samples = new Samples(references);
    this.checks = checks;
  }

  /// There is nothing to call an operation with.
  static final class None extends Exception {
    private static final long serialVersionUID = 1L;

    None(String why) {
      super(why);
    }
  }

  /// Keeps what an answer tells of things that are there.
  void learn(Operation operation, JsonNode answer) {
    found.keep(operation.path(), operation.method(), answer);
  }

  /// @param others names of headers that are given anyway, in lower case
  /// @return values by the names of parameters, as [OperationRequest] takes them
  ObjectNode of(Operation operation, Set<String> others) throws None, InvalidApi {
    ObjectNode given = JsonNodeFactory.instance.objectNode();
    JsonNode item = item(operation);
    JsonNode written = item.path(operation.method().toLowerCase(Locale.ROOT));
    for (Parameter parameter : operation.parameters()) {
      if (parameter.required() && !isAmong(others, parameter)) {
        given.set(parameter.name(), value(operation, parameter, holder(item, written, parameter)));
      }
    }
    if (operation.body() != null) {
      body(operation.body(), references.followed(written.path("requestBody")), given);
    }
    return given;
  }

  static boolean isAmong(Set<String> headers, Parameter parameter) {
    return parameter.in() == Parameter.In.HEADER
        && headers.contains(parameter.name().toLowerCase(Locale.ROOT));
  }

  private JsonNode item(Operation operation) throws InvalidApi {
    String pointer = operation.pointer();
    return references.followed(root.at(pointer.substring(0, pointer.lastIndexOf('/'))));
  }

  /// Where examples of a parameter stand.
  private JsonNode holder(JsonNode item, JsonNode operation, Parameter parameter)
      throws InvalidApi {
    for (JsonNode at : List.of(operation, item)) {
      for (JsonNode reference : at.path("parameters")) {
        JsonNode written = references.followed(reference);
        if (written.path("name").asString("").equals(parameter.name())
            && written.path("in").asString("").equalsIgnoreCase(parameter.in().name())) {
          return parameter.mediaType() == null
              ? written
              : written.path("content").path(parameter.mediaType());
        }
      }
    }
    return MissingNode.getInstance();
  }

  private JsonNode value(Operation operation, Parameter parameter, JsonNode holder)
      throws None, InvalidApi {
    JsonNode value = samples.named(holder, parameter.schema());
    if (value.isMissingNode()) {
      // a place that was made up leads nowhere
      value =
          parameter.in() == Parameter.In.PATH
              ? found.value(operation.path(), parameter.name())
              : samples.made(parameter.schema());
    }
    String name = parameter.in() == Parameter.In.PATH ? "{" + parameter.name() + "}" : null;
    return fitting(value, parameter.schema(), name == null ? "the " + parameter : name);
  }

  private JsonNode fitting(JsonNode value, JsonNode schema, String what) throws None {
    if (value.isMissingNode()) {
      throw new None("no example for " + what);
    }
    List<String> violations = checks.violations(schema, Direction.REQUEST, value);
    if (!violations.isEmpty()) {
      throw new None(
          "no example for %s; %s does not fit: %s".formatted(what, value, violations.getFirst()));
    }
    return value;
  }

  private void body(Operation.Body body, JsonNode written, ObjectNode given)
      throws None, InvalidApi {
    String type = OperationRequest.mediaType(body.content().keySet());
    JsonNode schema = MediaRanges.schema(body.content(), type);
    JsonNode whole = schema == null ? MissingNode.getInstance() : schema;
    try {
      JsonNode value = samples.named(written.path("content").path(type), whole);
      JsonNode chosen = value.isMissingNode() ? samples.made(whole) : value;
      JsonNode fitting = fitting(chosen, whole, "the body");
      if (!body.name().isEmpty()) {
        given.set(body.name(), fitting);
      } else if (fitting instanceof ObjectNode fields) {
        given.setAll(fields);
      }
    } catch (None e) {
      if (body.required()) {
        throw e;
      }
    }
  }
}
