package dev.skein.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

class JsonBytesTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "[]",
        "{}",
        "[false,null,[{}],{\"a\":[]}]",
        "{\"total\":11,\"name\":\"ada\"}",
        "[0,-1,2147483647,-2147483648,2147483648,9223372036854775807,-9223372036854775808]",
        "[0.0,-0.0,1.5,1e100,1e-7,12345678.9,5e-324,1.7976931348623157E308,3.0]",
        "\"\"",
        "\"a\\\"b\\\\c/d\\b\\f\\n\\r\\t\"",
        "\"\\u0000\\u0001\\u001f\\u007f\\u0080\\u07ff\\u0800\\uffff\\ue000\\u2028\"",
        "\"äöü€日本😀\\ud800\\udc00\"",
        "{\"ä\\n\\\"\":1,\"\":2,\"😀\":3}",
      })
  void writesWhatTheMapperWrites(String text) {
    JsonNode json = MAPPER.readTree(text);

    assertThat(JsonBytes.of(json)).isEqualTo(MAPPER.writeValueAsBytes(json));
  }

  @Test
  void growsWithWhatItWrites() {
    JsonNode json = StringNode.valueOf("é\n".repeat(10_000));

    assertThat(JsonBytes.of(json)).isEqualTo(MAPPER.writeValueAsBytes(json));
  }

  @Test
  void leavesToTheMapperWhatIsNotEveryday() {
    JsonNode deep = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < 450; i++) {
      deep = JsonNodeFactory.instance.arrayNode().add(deep);
    }

    assertThat(JsonBytes.of(deep)).isNull();
    assertThat(JsonBytes.of(DoubleNode.valueOf(Double.NaN))).isNull();
    assertThat(JsonBytes.of(StringNode.valueOf("a\ud800b"))).isNull();
    assertThat(JsonBytes.of(MAPPER.readTree("123456789012345678901234567890"))).isNull();
    assertThat(Json.text(Json.json(Json.payload(deep)))).isEqualTo(deep.toString());
  }
}
