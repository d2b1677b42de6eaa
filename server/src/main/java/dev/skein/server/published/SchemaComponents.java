package dev.skein.server.published;

import dev.skein.interpreter.Json;
import dev.skein.model.DataSchema;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Schemas of workflows as components of an OpenAPI document. Each document of a schema becomes a
/// component, and references between them lead from component to component: tools know no others.
/// Owned by one thread.
final class SchemaComponents {
  static final String HERE = "#/components/schemas/";

  private final ObjectNode components;

  SchemaComponents(ObjectNode components) {
    this.components = components;
  }

  /// Adds a schema, once for each name, and returns the reference to it.
  ///
  /// @param name for the component, unique for the schema
  /// @return null if there is no schema that could be shown
  @Nullable String add(String name, @Nullable DataSchema schema) {
    DataSchema.Documents documents = schema == null ? null : schema.documents();
    if (schema == null || documents == null) {
      return null;
    }
    int hash = documents.root().indexOf('#');
    String root = hash < 0 ? documents.root() : documents.root().substring(0, hash);
    var names = new LinkedHashMap<String, String>();
    documents
        .byUri()
        .keySet()
        .forEach(uri -> names.put(uri, uri.equals(root) ? name : name + "." + (names.size() + 1)));
    var bundle = new Bundle(documents.byUri(), names);
    names.forEach((uri, component) -> {
      if (!components.has(component)) {
        components.set(component, bundle.component(uri, schema.dialect()));
      }
    });
    return HERE + name + (hash < 0 ? "" : documents.root().substring(hash + 1));
  }

  /// Documents that refer to each other.
  ///
  /// @param names of their components, by URI
  private record Bundle(Map<String, JsonNode> documents, Map<String, String> names) {
    JsonNode component(String uri, @Nullable String dialect) {
      JsonNode document = documents.getOrDefault(uri, Json.NODES.booleanNode(true));
      JsonNode component = rewritten(document, uri, false);
      boolean foreign = dialect != null && !dialect.equals(DataSchema.NEWEST);
      if (foreign && component instanceof ObjectNode object && !object.has("$schema")) {
        object.put("$schema", dialect);
      }
      return component;
    }

    /// @param named whether the properties are names of the author's
    private JsonNode rewritten(JsonNode node, String uri, boolean named) {
      if (node instanceof ArrayNode array) {
        ArrayNode items = Json.NODES.arrayNode();
        array.forEach(item -> items.add(rewritten(item, uri, false)));
        return items;
      }
      if (!(node instanceof ObjectNode object)) {
        return node;
      }
      ObjectNode copy = Json.NODES.objectNode();
      object
          .properties()
          .forEach(field -> {
            String key = field.getKey();
            JsonNode value = field.getValue();
            if (named) {
              copy.set(key, rewritten(value, uri, false));
            } else if (key.equals("$ref") && value.isString()) {
              copy.put(key, reference(value.stringValue(), uri));
            } else if (DataSchema.DATA.contains(key)) {
              copy.set(key, value);
            } else if (!key.equals("$id")) { // which would make references inside lead elsewhere
              copy.set(key, rewritten(value, uri, DataSchema.NAMED.contains(key)));
            }
          });
      return copy;
    }

    private String reference(String written, String from) {
      int hash = written.indexOf('#');
      String target = hash == 0 ? from : hash < 0 ? written : written.substring(0, hash);
      String fragment = hash < 0 ? "" : written.substring(hash + 1);
      String component = names.get(target);
      if (component == null) {
        return written; // a dialect's own schema, which everybody has
      }
      boolean pointer = fragment.isEmpty() || fragment.startsWith("/");
      String place = pointer ? fragment : anchored(documents.get(target), fragment, "", false);
      return place == null ? written : HERE + component + place;
    }

    /// The pointer to the schema with that anchor; null if there is none.
    private static @Nullable String anchored(
        @Nullable JsonNode node, String anchor, String pointer, boolean named) {
      if (node instanceof ArrayNode array) {
        for (int i = 0; i < array.size(); i++) {
          String found = anchored(array.get(i), anchor, pointer + "/" + i, false);
          if (found != null) {
            return found;
          }
        }
      }
      if (!(node instanceof ObjectNode object)) {
        return null;
      }
      if (!named && object.path("$anchor").asString("").equals(anchor)) {
        return pointer;
      }
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        String key = field.getKey();
        if (named || !DataSchema.DATA.contains(key)) {
          boolean names = !named && DataSchema.NAMED.contains(key);
          String found = anchored(field.getValue(), anchor, pointer + "/" + segment(key), names);
          if (found != null) {
            return found;
          }
        }
      }
      return null;
    }
  }

  /// A name as a segment of a pointer in the fragment of a URI.
  static String segment(String name) {
    String pointer = name.replace("~", "~0").replace("/", "~1");
    return URLEncoder.encode(pointer, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%24", "$");
  }
}
