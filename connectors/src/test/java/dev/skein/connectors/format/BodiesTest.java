package dev.skein.connectors.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class BodiesTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String PROLOG = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static String written(String body, String type) throws InvalidBody {
    return new String(Bodies.write(json(body), type).bytes(), StandardCharsets.UTF_8);
  }

  private static JsonNode read(String text, String type) throws InvalidBody {
    return Bodies.read(text.getBytes(StandardCharsets.UTF_8), MediaType.parse(type));
  }

  @Test
  void xmlHasAttributesTextAndRepeatedElements() throws Exception {
    String body =
        """
        {"o:order": {"@xmlns:o": "urn:o", "@id": 7, "line": ["a", {"@n": 2, "#text": "b<c"}],
          "note": null, "paid": true, "empty": []}}\
        """;
    String xml =
        "<o:order xmlns:o=\"urn:o\" id=\"7\"><line>a</line><line n=\"2\">b&lt;c</line>"
            + "<note/><paid>true</paid></o:order>";
    assertThat(written(body, "application/xml")).isEqualTo(PROLOG + xml);
    assertThat(read(xml, "application/soap+xml"))
        .isEqualTo(
            json(
                """
                {"o:order": {"@xmlns:o": "urn:o", "@id": "7",
                  "line": ["a", {"@n": "2", "#text": "b<c"}], "note": "", "paid": "true"}}\
                """));
  }

  @Test
  void xmlReadsCommentsSectionsAndMixedText() throws Exception {
    String xml = "<!-- c --><a>\n <?p i?>x <b><![CDATA[<&]]></b> y\n</a>";
    assertThat(read(xml, "text/xml"))
        .isEqualTo(json("{\"a\": {\"b\": \"<&\", \"#text\": \"x  y\"}}"));
  }

  @Test
  void xmlIsReadInTheEncodingItOrItsTypeNames() throws Exception {
    byte[] own =
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>ß</a>"
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] typed = "<a>ß</a>".getBytes(StandardCharsets.ISO_8859_1);
    JsonNode wanted = json("{\"a\": \"ß\"}");
    assertThat(Bodies.read(own, MediaType.parse("application/xml"))).isEqualTo(wanted);
    assertThat(Bodies.read(typed, MediaType.parse("text/xml; charset=\"iso-8859-1\"")))
        .isEqualTo(wanted);
  }

  @Test
  void xmlKeepsTheNamesOfNamespaces() throws Exception {
    String xml = "<a xmlns='urn:a' xmlns:p='urn:p' p:x='1'><b xmlns='' xml:lang='de'/></a>";
    assertThat(read(xml, "text/xml"))
        .isEqualTo(
            json(
                """
                {"a": {"@xmlns": "urn:a", "@xmlns:p": "urn:p", "@p:x": "1",
                  "b": {"@xmlns": "", "@xml:lang": "de"}}}\
                """));
  }

  @Test
  void aPageIsText() throws Exception {
    assertThat(read("<p>x</p>", "application/xhtml+xml").asString()).isEqualTo("<p>x</p>");
    assertThat(read("<p>x</p>", "text/html").asString()).isEqualTo("<p>x</p>");
  }

  @Test
  void csvHasTheNamesInTheOrderTheyAreFirstSeen() throws Exception {
    String body = "[{\"b\": 1, \"a\": \"x,\\\"y\\\"\"}, {\"c\": [1], \"b\": null}]";
    String csv = "b,a,c\r\n1,\"x,\"\"y\"\"\",\r\n,,[1]\r\n";
    assertThat(written(body, "text/csv")).isEqualTo(csv);
    assertThat(read(csv, "text/csv"))
        .isEqualTo(
            json(
                "[{\"b\":\"1\",\"a\":\"x,\\\"y\\\"\",\"c\":\"\"},{\"b\":\"\",\"a\":\"\",\"c\":\"[1]\"}]"));
  }

  @Test
  void csvOfArraysIsRowsAsTheyAre() throws Exception {
    assertThat(written("[[1, \"a b\"], [\" c\"]]", "text/csv")).isEqualTo("1,a b\r\n\" c\"\r\n");
    assertThat(read("1,2\n3,4", "text/csv; header=absent"))
        .isEqualTo(json("[[\"1\",\"2\"],[\"3\",\"4\"]]"));
  }

  @Test
  void csvEndsItsLinesInAnyWayAndLeavesBlankOnesOut() throws Exception {
    JsonNode wanted = json("[{\"a\": \"1\"}, {\"a\": \"2\"}, {\"a\": \"\"}]");
    assertThat(read("\uFEFFa\r\n1\r2\n\n\"\"\n", "text/csv")).isEqualTo(wanted);
    assertThat(read("", "text/csv")).isEqualTo(json("[]"));
    assertThat(written("[]", "text/csv")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1&b=x+y%26&a=2 | {\"a\": [\"1\", \"2\"], \"b\": \"x y&\"}",
        "a&&b= | {\"a\": \"\", \"b\": \"\"}",
        "%C3%9F=%E2%82%AC | {\"ß\": \"€\"}",
      })
  void formsAreReadAsObjects(String text, String wanted) throws Exception {
    assertThat(read(text, "application/x-www-form-urlencoded")).isEqualTo(json(wanted));
  }

  @Test
  void partsAreTextJsonOrFiles() throws Exception {
    String body =
        """
        {"a\\"b": "ß", "tag": [1, null], "meta": {"x": 1},
         "file": {"filename": "r\\r\\n.csv", "contentType": "text/csv", "content": [{"n": 1}]},
         "pic": {"filename": "p", "base64": "/wA="}}\
        """;
    WrittenBody written = Bodies.write(json(body), "multipart/form-data");
    String boundary = MediaType.parse(written.contentType()).parameters().get("boundary");
    assertThat(boundary).matches("skein-[0-9a-f]{32}");
    String text = new String(written.bytes(), StandardCharsets.ISO_8859_1);
    assertThat(text.replace(boundary, "B"))
        .isEqualTo(
            """
            --B
            Content-Disposition: form-data; name="a%22b"

            \u00c3\u009f
            --B
            Content-Disposition: form-data; name="tag"

            1
            --B
            Content-Disposition: form-data; name="tag"


            --B
            Content-Disposition: form-data; name="meta"
            Content-Type: application/json

            {"x":1}
            --B
            Content-Disposition: form-data; name="file"; filename="r%0D%0A.csv"
            Content-Type: text/csv

            n\r
            1\r

            --B
            Content-Disposition: form-data; name="pic"; filename="p"
            Content-Type: application/octet-stream

            \u00ff\u0000
            --B--
            """
                .replace("\r\n", "\n")
                .replace("\n", "\r\n"));
    assertThat(Bodies.read(written.bytes(), MediaType.parse(written.contentType())))
        .isEqualTo(
            json(
                """
                {"a\\"b": "ß", "tag": ["1", ""],
                 "meta": {"contentType": "application/json", "content": "{\\"x\\":1}"},
                 "file": {"filename": "r\\r\\n.csv", "contentType": "text/csv", "content": "n\\r\\n1\\r\\n"},
                 "pic": {"filename": "p", "contentType": "application/octet-stream", "base64": "/wA="}}\
                """));
  }

  @Test
  void partsAreTheSameToTheByteEachTimeAndOthersHaveAnotherBoundary() throws Exception {
    WrittenBody one = Bodies.write(json("{\"a\": \"1\"}"), "multipart/form-data");
    WrittenBody again = Bodies.write(json("{\"a\": \"1\"}"), "multipart/form-data");
    WrittenBody other = Bodies.write(json("{\"a\": \"2\"}"), "multipart/form-data");
    assertThat(again.bytes()).isEqualTo(one.bytes());
    assertThat(again.contentType()).isEqualTo(one.contentType());
    assertThat(other.contentType()).isNotEqualTo(one.contentType());
  }

  @Test
  void aBoundaryThatIsGivenIsKept() throws Exception {
    assertThat(written("{\"a\": 1}", "multipart/form-data; boundary=\"x y\""))
        .startsWith("--x y\r\n")
        .endsWith("\r\n--x y--\r\n");
    assertThat(written("\"--B--\"", "multipart/form-data; boundary=B")).isEqualTo("--B--");
  }

  @Test
  void bytesAreGivenInBase64AndTextGoesOutAsItIs() throws Exception {
    assertThat(Bodies.write(json("{\"base64\": \"/wA=\"}"), "application/octet-stream").bytes())
        .containsExactly(0xff, 0);
    assertThat(Bodies.write(json("{\"base64\": \"/wA=\"}"), "image/png").bytes()).hasSize(2);
    assertThat(written("\"/wA=\"", "application/octet-stream")).isEqualTo("/wA=");
    assertThat(written("{\"base64\": \"/wA=\"}", "application/json"))
        .isEqualTo("{\"base64\":\"/wA=\"}");
    assertThat(written("{\"a\": 1}", "text/plain")).isEqualTo("{\"a\":1}");
  }

  @Test
  void whatIsWrittenAlreadyGoesOutAsItIs() throws Exception {
    for (String type :
        List.of("text/csv", "application/xml", "application/x-www-form-urlencoded")) {
      assertThat(written("\"a<,\"", type)).isEqualTo("a<,");
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsWrittenIsReadBack(int seed) throws Exception {
    var random = new SplittableRandom(seed);
    ObjectNode document = NODES.objectNode();
    ObjectNode root = document.putObject("x:root").put("@xmlns:x", "urn:x");
    root.set("x:in", element(random, 4));
    comesBack(document, "application/xml");
    comesBack(document, "text/xml; charset=utf-16");
    comesBack(rows(random), "text/csv; charset=utf-8");
    comesBack(
        fields(random, "application/x-www-form-urlencoded"), "application/x-www-form-urlencoded");
    comesBack(fields(random, "multipart/form-data"), "multipart/form-data");
  }

  private static void comesBack(JsonNode value, String type) throws InvalidBody {
    WrittenBody written = Bodies.write(value, type);
    assertThat(Bodies.read(written.bytes(), MediaType.parse(written.contentType())))
        .as(type)
        .isEqualTo(value);
  }

  private static String text(SplittableRandom random) {
    String characters = "ab \t\r\n\"'<>&,;=-+ß€\uD83D\uDE00%]";
    var text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      int at = characters.offsetByCodePoints(0, random.nextInt(characters.length() - 1));
      text.appendCodePoint(characters.codePointAt(at));
    }
    // those stand for other characters in the names of parts
    return text.toString().replaceAll("%(?=22|0D|0A)", "");
  }

  private static JsonNode element(SplittableRandom random, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return NODES.stringNode(text(random));
    }
    ObjectNode element = NODES.objectNode();
    for (int i = random.nextInt(3); i > 0; i--) {
      element.put("@a" + i, text(random));
    }
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      JsonNode child = element(random, depth - 1);
      element.set(
          "x:e" + i,
          random.nextBoolean() ? child : NODES.arrayNode().add(child).add(element(random, 0)));
    }
    if (random.nextBoolean()) {
      element.put("#text", "t" + random.nextInt(9));
    }
    return element;
  }

  private static ArrayNode rows(SplittableRandom random) {
    List<String> names = new ArrayList<>(List.of("b", "a\"", " c", ""));
    names = names.subList(0, 1 + random.nextInt(4));
    ArrayNode rows = NODES.arrayNode();
    for (int i = random.nextInt(5); i > 0; i--) {
      ObjectNode row = rows.addObject();
      names.forEach(name -> row.put(name, text(random)));
    }
    return rows;
  }

  private static ObjectNode fields(SplittableRandom random, String type) {
    ObjectNode fields = NODES.objectNode();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      String name = text(random) + i;
      fields.put(name, text(random));
      if (random.nextInt(3) == 0) {
        fields.set(name, NODES.arrayNode().add(text(random)).add(text(random)));
      } else if (type.startsWith("multipart") && random.nextBoolean()) {
        byte[] bytes = {(byte) 0xff, (byte) random.nextInt(256), '\r', '\n', '-', '-'};
        fields
            .putObject(name)
            .put("filename", text(random))
            .put("contentType", "image/png")
            .put("base64", Bodies.base64(bytes));
      }
    }
    return fields;
  }
}
