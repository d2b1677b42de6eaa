package dev.skein.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/// Gathers a JSON schema and all documents it refers to. They are fetched here, at deployment, and
/// get absolute URIs for each other, so that the validator has nothing to resolve or to fetch. Used
/// once.
final class SchemaDocuments {
  static final String DRAFT_4 = "http://json-schema.org/draft-04/schema";

  /// The dialects' own schemas, which every validator has.
  private static final String DIALECTS = "json-schema.org";

  private final Reports reports;
  private final At at;
  private final Map<URI, JsonNode> documents = new LinkedHashMap<>();
  private final Set<URI> identified = new HashSet<>();
  private final ArrayDeque<URI> wanted = new ArrayDeque<>();
  private final Map<String, JsonNode> absolute = new LinkedHashMap<>();
  private boolean complete = true;

  /// Ends the gathering: a URI in a schema is none.
  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /// @param at where mistakes are reported
  SchemaDocuments(Reports reports, At at) {
    this.reports = reports;
    this.at = at;
  }

  /// @param uri of the schema, with a fragment if it is part of the document
  /// @param authentication for what lies on the same host as the schema
  /// @return null if not all of it could be had
  DataSchema.@Nullable Documents with(
      URI uri, JsonNode schema, ResourceReader resources, @Nullable JsonNode authentication) {
    try {
      add(ResourceReader.withoutFragment(uri), schema);
      while (!wanted.isEmpty()) {
        URI next = wanted.remove();
        if (!documents.containsKey(next) && !identified.contains(next)) {
          fetch(next, resources, sameHost(uri, next) ? authentication : null);
        }
      }
      documents.forEach((at, document) -> absolute.put(name(at), absolute(document, at)));
    } catch (Malformed e) {
      reports.add(Code.RESOURCE, at, String.valueOf(e.getMessage()), null);
      return null;
    }
    return complete ? new DataSchema.Documents(reference(uri), absolute) : null;
  }

  private static boolean sameHost(URI one, URI other) {
    return Objects.equals(one.getScheme(), other.getScheme())
        && Objects.equals(one.getRawAuthority(), other.getRawAuthority());
  }

  private void add(URI uri, JsonNode document) {
    documents.put(uri, document);
    gather(document, uri, new Keywords(document), false);
  }

  private void fetch(URI uri, ResourceReader resources, @Nullable JsonNode authentication) {
    ResourceReader.Document found = resources.read(at, uri, authentication);
    JsonNode document = found == null ? null : resources.json(at, found);
    if (document == null) {
      documents.put(uri, BooleanNode.TRUE); // asked for once
      complete = false;
    } else {
      add(uri, document);
    }
  }

  /// How a document of its dialect says what it is.
  ///
  /// @param id the keyword that gives a schema its URI
  private record Keywords(String id) {
    Keywords(JsonNode document) {
      this(document.path("$schema").asString("").startsWith(DRAFT_4) ? "id" : "$id");
    }
  }

  /// Finds the schemas with a URI of their own, and the references.
  ///
  /// @param names whether the properties are names of the author's
  private void gather(JsonNode node, URI around, Keywords keywords, boolean names) {
    if (node instanceof ArrayNode array) {
      array.forEach(item -> gather(item, around, keywords, false));
    }
    if (!(node instanceof ObjectNode object)) {
      return;
    }
    URI base = names ? around : base(object, around, keywords);
    if (!base.equals(around)) {
      identified.add(base);
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = field.getValue();
      if (names || !isReference(field)) {
        if (names || !DataSchema.DATA.contains(field.getKey())) {
          gather(value, base, keywords, !names && DataSchema.NAMED.contains(field.getKey()));
        }
      } else {
        URI target = ResourceReader.withoutFragment(resolved(base, value.stringValue()));
        if (!target.equals(base) && !DIALECTS.equals(target.getHost())) {
          wanted.add(target);
        }
      }
    }
  }

  private static boolean isReference(Map.Entry<String, JsonNode> field) {
    return field.getValue().isString()
        && (field.getKey().equals("$ref") || field.getKey().equals("$dynamicRef"))
        && !field.getValue().stringValue().startsWith("#");
  }

  private static URI base(ObjectNode schema, URI around, Keywords keywords) {
    String id = schema.path(keywords.id).asString("");
    return id.isEmpty() || id.startsWith("#")
        ? around
        : ResourceReader.withoutFragment(resolved(around, id));
  }

  /// The same with absolute URIs.
  private JsonNode absolute(JsonNode document, URI uri) {
    return absolute(document, uri, new Keywords(document), false);
  }

  private JsonNode absolute(JsonNode node, URI around, Keywords keywords, boolean names) {
    if (node instanceof ArrayNode array) {
      ArrayNode items = array.arrayNode(array.size());
      array.forEach(item -> items.add(absolute(item, around, keywords, false)));
      return items;
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    URI base = names ? around : base(object, around, keywords);
    ObjectNode copy = object.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String key = field.getKey();
      JsonNode value = field.getValue();
      if (!names && DataSchema.DATA.contains(key)) {
        copy.set(key, value);
      } else if (!names && isReference(field)) {
        copy.put(key, reference(resolved(base, value.stringValue())));
      } else if (!names && key.equals(keywords.id) && !base.equals(around)) {
        copy.put(key, name(base));
      } else {
        copy.set(key, absolute(value, base, keywords, !names && DataSchema.NAMED.contains(key)));
      }
    }
    if (!base.equals(around)) {
      absolute.putIfAbsent(name(base), copy);
    }
    return copy;
  }

  private static URI resolved(URI base, String text) {
    try {
      return ResourceReader.resolved(base, new URI(text));
    } catch (URISyntaxException e) {
      throw new Malformed("the schema refers to '" + text + "', which is no URI");
    }
  }

  private static String reference(URI target) {
    String fragment = target.getRawFragment();
    return name(ResourceReader.withoutFragment(target)) + (fragment == null ? "" : "#" + fragment);
  }

  /// What a document is called among the others: absolute, also where the workflow's own place is
  /// not known.
  private static String name(URI uri) {
    return uri.isAbsolute()
        ? uri.toString()
        : DataSchema.Documents.RELATIVE + URLEncoder.encode(uri.toString(), StandardCharsets.UTF_8);
  }
}
