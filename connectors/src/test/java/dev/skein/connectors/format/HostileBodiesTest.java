package dev.skein.connectors.format;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// What does not fit its type, or is made to hurt, ends in a sentence.
class HostileBodiesTest {
  private static final String MULTIPART = "multipart/form-data; boundary=B";
  private static final String BOMB =
      "<!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><l>&b;</l>";

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static Arguments row(String type, String body, String words) {
    return Arguments.of(type, body, words);
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        row("application/json", "{", "end-of-input"),
        row("application/json", "[".repeat(100_000), "nesting depth"),
        row("application/xml", "plain", "prolog"),
        row("application/xml", "<a>", "line 1"),
        row("application/xml", "<a></b>", "line 1"),
        row("application/xml", "<a/><b/>", "line 1"),
        row("application/xml", "<a x='1' x='2'/>", "line 1"),
        row("application/xml", "<a x=1/>", "line 1"),
        row("application/xml", "<p:a/>", "line 1"),
        row("application/xml", "<a>&nbsp;</a>", "nbsp"),
        row("application/xml", "<a>&#0;</a>", "line 1"),
        row("application/xml", "<a>\u0001</a>", "line 1"),
        row("application/xml", BOMB, "document type"),
        row("text/xml; charset=utf-8", BOMB, "document type"),
        row(
            "application/soap+xml",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
            "document type"),
        row("application/xml", "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x.dtd\"><a/>", "document"),
        row(
            "application/xml",
            "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/p\"> %p;]><a/>",
            "document type"),
        row("application/xml", "<a>".repeat(201) + "</a>".repeat(201), "nested deeper than 200"),
        row("application/xml", "<a>".repeat(100_000), "nested deeper than 200"),
        row("application/xml", "<a" + attributes(20_000) + "/>", "line 1"),
        row("application/xml", "<?xml version='1.0' encoding='x-none'?><a/>", "x-none"),
        row("text/csv", "a,a\r\n1,2\r\n", "two columns are named 'a'"),
        row("text/csv", "a,b\n1,2,3\n", "line 2 has 3 fields, and the header 2"),
        row("text/csv", "a\n\"1", "opened in line 2 is never closed"),
        row("text/csv", "a\n" + "\"\"".repeat(50_000) + "\"", "is never closed"),
        row("text/csv", "a\n\"1\"2\n", "line 2 goes on behind the quote"),
        row("text/csv", "a\n1\"2\n", "line 2 has a quote within a field"),
        row("text/csv", "a\n\"x\ny\"\n\"z", "opened in line 4"),
        row("application/x-www-form-urlencoded", "a=%", "percent sign"),
        row("application/x-www-form-urlencoded", "a=%GG", "percent sign"),
        row("multipart/form-data", "--B\r\n\r\n--B--", "gives no boundary"),
        row(MULTIPART, "", "boundary is nowhere"),
        row(MULTIPART, "--B", "ends within part 0"),
        row(MULTIPART, "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx", "ends within"),
        row(MULTIPART, "--B\r\n\r\nx\r\n--B--", "part 0 has no name"),
        row(MULTIPART, "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--", "has no name"),
        row(
            MULTIPART,
            "--B\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--B--",
            "has no name"),
        row(MULTIPART, "--B\r\nA: " + "x".repeat(9_000) + "\r\n\r\n\r\n--B--", "head of part 0"),
        row(MULTIPART, "--B\r\nContent-Disposition: x\r\n--B--", "head of part 0"),
        row(MULTIPART, parts(10_001), "more than 10000 parts"));
  }

  private static String attributes(int count) {
    var text = new StringBuilder();
    IntStream.range(0, count).forEach(i -> text.append(" a").append(i).append("=''"));
    return text.toString();
  }

  private static String parts(int count) {
    return "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n".repeat(count) + "--B--";
  }

  @ParameterizedTest
  @MethodSource("answers")
  void anAnswerThatIsNotOfItsTypeSaysWhy(String type, String body, String words) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Bodies.read(bytes, MediaType.parse(type)))
        .isInstanceOf(InvalidBody.class)
        .hasMessageContaining(words);
  }

  @Test
  void bytesThatAreNotOfTheirCharsetSaySo() {
    byte[] latin = "a\nß".getBytes(StandardCharsets.ISO_8859_1);
    for (String type : List.of("text/csv", "application/xml; charset=utf-8")) {
      assertThatThrownBy(() -> Bodies.read(latin, MediaType.parse(type)))
          .hasMessage("its bytes are not text in UTF-8");
    }
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        row("text/csv", "5", "not from a number"),
        row("text/csv", "null", "not from null"),
        row("text/csv", "{\"a\": 1}", "not from an object"),
        row("text/csv", "[1]", "item 0 is a number"),
        row("text/csv", "[{\"a\": 1}, [1]]", "item 1 is an array"),
        row("text/csv", "[[1], {\"a\": 1}]", "item 1 is an object"),
        row("text/csv", "[{}]", "no columns"),
        row("text/csv", "[[]]", "item 0 is empty"),
        row("text/csv; charset=us-ascii", "[[\"ß\"]]", "characters that US-ASCII does not have"),
        row("text/plain; charset=us-ascii", "\"ß\"", "characters that US-ASCII does not have"),
        row("application/xml", "true", "not from a boolean"),
        row("application/xml", "[]", "not from an array"),
        row("application/xml", "{}", "one member and not 0"),
        row("application/xml", "{\"a\": 1, \"b\": 2}", "one member and not 2"),
        row("application/xml", "{\"a\": [1, 2]}", "one root element, and 'a' is an array"),
        row("application/xml", "{\"a\": {\"b\": [[1]]}}", "an array in an array"),
        row("application/xml", "{\"a b\": 1}", "'a b' cannot be the name"),
        row("application/xml", "{\"a><b\": 1}", "cannot be the name"),
        row("application/xml", "{\"a\": {\"@x='1' y\": 1}}", "cannot be the name"),
        row("application/xml", "{\"@a\": 1}", "'@a' cannot be the name"),
        row("application/xml", "{\"#text\": 1}", "'#text' cannot be the name"),
        row("application/xml", "{\"a\": {\"@x\": {}}}", "'@x' of 'a' is an object"),
        row("application/xml", "{\"a\": {\"#text\": [1]}}", "is an array, where XML has only text"),
        row("application/xml", "{\"a\": \"\\u0000\"}", "U+0000"),
        row("application/xml", "{\"a\": \"\\ud800\"}", "U+D800"),
        row("application/xml", "{\"a\":".repeat(201) + "1" + "}".repeat(201), "nested deeper"),
        row("application/x-www-form-urlencoded", "[1]", "not from an array"),
        row("application/x-www-form-urlencoded", "1", "not from a number"),
        row("multipart/form-data", "1", "not from a number"),
        row("multipart/form-data", "\"x\"", "not from a string"),
        row("multipart/form-data", "{}", "the object has none"),
        row("multipart/form-data", "{\"a\": []}", "the object has none"),
        row("multipart/form-data", "{\"a\": {\"base64\": \"%\"}}", "the part 'a' is not base64"),
        row("multipart/form-data", "{\"a\": {\"base64\": 1}}", "base64 of the part 'a' is a num"),
        row(
            "multipart/form-data",
            "{\"a\": {\"base64\": \"\", \"content\": \"\"}}",
            "both content and base64"),
        row(
            "multipart/form-data",
            "{\"a\": {\"content\": \"\", \"contentType\": \"a/b\\r\\nX: y\"}}",
            "for its contentType"),
        row(
            "multipart/form-data",
            "{\"a\": {\"content\": \"\", \"contentType\": \"multipart/form-data\"}}",
            "is of parts itself"),
        row(
            "multipart/form-data",
            "{\"a\": {\"content\": 5, \"contentType\": \"text/csv\"}}",
            "the part 'a': CSV is written"),
        row("multipart/form-data; boundary=B", "{\"a\": \"x--By\"}", "holds the boundary"),
        row("multipart/form-data; boundary=\"ä\"", "{\"a\": 1}", "can be no boundary"),
        row("multipart/mixed", "{\"a\": 1}", "only multipart/form-data"),
        row("application/octet-stream", "{\"a\": 1}", "not from an object"),
        row("application/octet-stream", "{\"base64\": \"?\"}", "the body is not base64"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aBodyThatDoesNotFitItsTypeSaysWhy(String type, String body, String words) {
    assertThatThrownBy(() -> Bodies.write(json(body), type))
        .isInstanceOf(InvalidBody.class)
        .hasMessageContaining(words);
  }

  @Test
  void aStringIsAlreadyWrittenUnlessItsCharsetLacksTheCharacters() {
    JsonNode lone = JsonNodeFactory.instance.stringNode("\ud800");
    assertThatThrownBy(() -> Bodies.write(lone, "application/xml"))
        .hasMessageContaining("characters that UTF-8 does not have");
  }
}
