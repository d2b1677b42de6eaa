package dev.skein.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Valid documents, read by the YAML library instead of the reader under test.
final class Corpus {
  static final JsonMapper JSON = JsonMapper.shared();
  private static final String HEAD =
      """
      {"dsl": "1.0.0", "namespace": "test", "name": "corpus", "version": "1.0.0"}\
      """;

  private Corpus() {}

  static List<ObjectNode> documents() {
    List<ObjectNode> documents = new ArrayList<>();
    for (JsonNode read : yaml("corpus.yaml")) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.set("document", JSON.readTree(HEAD));
      document.setAll((ObjectNode) read);
      documents.add(document);
    }
    return documents;
  }

  static List<JsonNode> yaml(String resource) {
    List<JsonNode> documents = new ArrayList<>();
    for (Object read :
        new Load(LoadSettings.builder().build()).loadAllFromString(ReaderTest.text(resource))) {
      documents.add(json(read));
    }
    return documents;
  }

  private static JsonNode json(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        map.forEach((name, entry) -> object.set(String.valueOf(name), json(entry)));
        yield object;
      }
      case Collection<?> list -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        list.forEach(item -> array.add(json(item)));
        yield array;
      }
      case null, default -> JSON.valueToTree(value);
    };
  }
}
