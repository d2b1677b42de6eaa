package dev.skein.server.published;

import dev.skein.interpreter.Json;
import dev.skein.model.DataSchema;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;

/// What a workflow's schema says of the properties of its input.
final class InputSchema {
  private static final int MOST_REFERENCES = 8;
  private static final int MOST_DIGITS = 300;
  private static final String NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?";

  private final Map<String, JsonNode> documents;
  private final Place root;

  /// Whether references lead from what is declared to the root.
  private final boolean indirect;

  /// A part of one of the documents.
  ///
  /// @param document its URI
  private record Place(JsonNode schema, String document) {}

  private InputSchema(Map<String, JsonNode> documents, String declared) {
    this.documents = documents;
    Place first = target(declared, "");
    this.root = followed(first);
    this.indirect = !root.equals(first);
  }

  /// @param schema null if anything will do
  static InputSchema of(@Nullable DataSchema schema) {
    DataSchema.Documents documents = schema == null ? null : schema.documents();
    return documents == null
        ? new InputSchema(Map.of(), "")
        : new InputSchema(documents.byUri(), documents.root());
  }

  /// The names of the properties that the schema lists.
  Set<String> properties() {
    var names = new LinkedHashSet<>(root.schema.path("properties").propertyNames());
    for (JsonNode part : root.schema.path("allOf")) {
      names.addAll(followed(at(part)).schema.path("properties").propertyNames());
    }
    return names;
  }

  /// Whether the schema itself lists the property, and not another that it refers to.
  boolean hasOwn(String name) {
    return !indirect && root.schema.path("properties").has(name);
  }

  boolean requires(String name) {
    return root.schema
        .path("required")
        .valueStream()
        .anyMatch(one -> one.asString("").equals(name));
  }

  /// What it says of a property, without references where they can be followed; missing if nothing.
  JsonNode property(String name) {
    return place(name).schema;
  }

  private Place place(String name) {
    JsonNode own = root.schema.path("properties").path(name);
    if (!own.isMissingNode()) {
      return followed(at(own));
    }
    for (JsonNode part : root.schema.path("allOf")) {
      Place followed = followed(at(part));
      JsonNode found = followed.schema.path("properties").path(name);
      if (!found.isMissingNode()) {
        return followed(new Place(found, followed.document));
      }
    }
    return at(MissingNode.getInstance());
  }

  private Place at(JsonNode schema) {
    return new Place(schema, root.document);
  }

  /// The values of a parameter as the schema wants them, as far as their text allows: what it does
  /// not is left as it is, for the schema to refuse.
  JsonNode converted(String name, List<String> values) {
    Place place = place(name);
    List<String> types = types(place.schema);
    if (types.contains("array") || values.size() > 1) {
      Place items = followed(new Place(place.schema.path("items"), place.document));
      ArrayNode array = Json.NODES.arrayNode();
      values.forEach(value -> array.add(single(value, types(items.schema))));
      return array;
    }
    return single(values.getFirst(), types);
  }

  private static List<String> types(JsonNode schema) {
    JsonNode type = schema.path("type");
    return type.isString()
        ? List.of(type.stringValue())
        : type.valueStream().map(one -> one.asString("")).toList();
  }

  private static JsonNode single(String text, List<String> types) {
    boolean number = types.contains("number") || types.contains("integer");
    if (types.contains("string")) {
      return Json.NODES.stringNode(text);
    }
    if (types.contains("boolean") && (text.equals("true") || text.equals("false"))) {
      return Json.NODES.booleanNode(text.equals("true"));
    }
    if (number && text.length() <= MOST_DIGITS && text.matches(NUMBER)) {
      return Json.parse(text);
    }
    return Json.NODES.stringNode(text);
  }

  private Place followed(Place place) {
    Place at = place;
    for (int i = 0; i < MOST_REFERENCES && at.schema.path("$ref").isString(); i++) {
      at = target(at.schema.path("$ref").stringValue(), at.document);
    }
    return at;
  }

  private Place target(String reference, String document) {
    int hash = reference.indexOf('#');
    String uri = hash < 0 ? reference : reference.substring(0, hash);
    String fragment = hash < 0 ? "" : reference.substring(hash + 1);
    String in = uri.isEmpty() && hash == 0 ? document : uri;
    JsonNode whole = documents.get(in);
    if (whole == null) {
      return new Place(MissingNode.getInstance(), in);
    }
    try {
      String pointer = URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
      return new Place(whole.at(JsonPointer.compile(pointer)), in);
    } catch (IllegalArgumentException | JacksonException e) {
      return new Place(
          MissingNode.getInstance(), in); // an anchor, which only the validator follows
    }
  }
}
