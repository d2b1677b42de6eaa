package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reader and schema agree on values that stand just inside or outside of what a format, a pattern
/// or a range takes, in all kinds of places: mutants rarely bring the one to the other.
class BordersTest {
  /// Every so many of all pairs of a place and a value; 1 tries them all.
  private static final int STRIDE = Integer.getInteger("stride", 7);

  private static final JsonNode BORDERS =
      new JsonMapper()
          .readTree(
              """
              [null, true, "", " ", {}, [], [[]], [{}], {"a": {}}, [null], ["a"], {"": 1},
               0, 1, -1, 1.0, 1.5, 1e3, 65535, 65536, 2147483648, 12345678901234567890,
               "0", "true", "null", "P", "PT", "P1D", "P1Y2M", "P1W", "P1.5D", "PT1.5H", "PT1S ",
               "pt1s", "-PT1S", "P1DT", "PT1H1H", "1s", "PT 1S", "P1Y2M3W4DT5H6M7.8S", "P١D",
               "1.0", "1.0.0", "1.0.x", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0-a.b", "1.0.0+",
               "2.0.0", "1.0.0+a+b", "1.0.0-a+b.1", "1.0.12", " 1.0.0", "v1.0.0", "1.0.0\\n",
               "a-b", "-a", "a-", "a_b", "a.b", "Ä", "a b", "a/b", "a~b",
               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
               "${ .a }", " ${ .a } ", "${ }", "${}", "${ .a", "x${ .a }", "${ .a }x",
               "${ .a } ${ .b }", "${ .a\\n| .b }", "$ { .a }", ".a", "$item", "}", "${",
               "https://a.example", "https://a.example/{b}", "https://a.example/{b", "http://[",
               "http://a b", "%zz", "a%20b", "://", ":", "#", "#a#b", "?", "//", "a:b:c", "urn:a:b",
               "{", "{}", "{+a}", "{a,b*}", "{a b}", "http://a.example:x", "ftp://a|b", "<a>", "\\"",
               "^", "é", "http://é.example/é", "http://a.example/\\u0001", "\\t/a", "/a\\n",
               "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+01:00", "2026-01-02",
               "2026-13-02T03:04:05Z", "2026-01-02T03:04:05", "2026-01-02t03:04:05z",
               "2026-01-02T24:00:00Z", "2026-01-02T03:04:05.123456789Z", "2026-02-30T00:00:00Z",
               "2026-01-02T03:04Z", "2026-01-02T03:04:05+25:00", "2026-01-02T03:04:05-00:00",
               "2016-12-31T23:59:60Z", "2017-01-01T00:59:60+01:00", "2015-06-30T23:59:60.5Z",
               "2026-01-02T03:04:60Z", "2026-03-31T23:59:60Z",
               "/do/0", "do/0", "/", "/a~0b", "/a~2b", "/a~", "* * *", "61 * * * *", "|\\n|"]
              """);

  @Test
  void areDrawnWhereTheSchemaDrawsThem() {
    List<String> disagreements = new ArrayList<>();
    int pair = 0;
    for (Map.Entry<String, ObjectNode> place : places().entrySet()) {
      for (JsonNode border : BORDERS) {
        if (pair++ % STRIDE == 0) {
          ObjectNode document = place.getValue().deepCopy();
          put(document, place.getKey(), border);
          boolean accepted = SchemaTest.SCHEMA.validate(document).isEmpty();
          List<Diagnostic> errors = schemaErrors(document);
          if (accepted != errors.isEmpty() && !isExplained(document, errors)) {
            disagreements.add(place.getKey() + " = " + border + ": " + errors);
          }
        }
      }
    }
    assertThat(disagreements).isEmpty();
  }

  /// Pointers to all that is different in the corpus, however often it is there, and where it is.
  private static Map<String, ObjectNode> places() {
    Map<String, ObjectNode> places = new TreeMap<>();
    Map<String, String> kinds = new TreeMap<>();
    for (ObjectNode document : Corpus.documents()) {
      for (String pointer : pointers(document, "", new ArrayList<>())) {
        if (kinds.putIfAbsent(pointer.replaceAll("/[0-9]+(/[^/]+)?", "/*"), pointer) == null) {
          places.put(pointer, document);
        }
      }
    }
    return places;
  }

  private static List<String> pointers(JsonNode node, String at, List<String> found) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String pointer = at + "/" + At.escape(entry.getKey());
      found.add(pointer);
      pointers(entry.getValue(), pointer, found);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      found.add(at + "/" + i);
      pointers(node.get(i), at + "/" + i, found);
    }
    return found;
  }

  private static void put(ObjectNode document, String pointer, JsonNode value) {
    int last = pointer.lastIndexOf('/');
    String name = pointer.substring(last + 1).replace("~1", "/").replace("~0", "~");
    JsonNode parent = document.at(pointer.substring(0, last));
    if (parent instanceof ObjectNode object) {
      object.set(name, value.deepCopy());
    } else {
      parent.asArray().set(Integer.parseInt(name), value.deepCopy());
    }
  }

  private static List<Diagnostic> schemaErrors(JsonNode document) {
    return switch (SchemaTest.READER.read(document.toPrettyString())) {
      case Reading.Read _ -> List.of();
      case Reading.Refused(List<Diagnostic> diagnostics) ->
          diagnostics.stream()
              .filter(Diagnostic::isError)
              .filter(error -> error.code().origin() == Code.Origin.SCHEMA)
              .toList();
    };
  }

  /// The validator takes spaces in URI templates; RFC 6570 does not.
  private static boolean isExplained(JsonNode document, List<Diagnostic> errors) {
    return !errors.isEmpty()
        && errors.stream()
            .allMatch(error ->
                error.path().contains("/oauth2/endpoints/")
                    && document.at(error.path()).asString("").contains(" "));
  }
}
