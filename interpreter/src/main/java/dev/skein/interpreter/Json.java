package dev.skein.interpreter;

import dev.skein.kernel.journal.Payload;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Between JSON as the language sees it and bytes as the kernel does.
public final class Json {
  public static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Json() {}

  public static Payload payload(JsonNode json) {
    return Payload.of(MAPPER.writeValueAsBytes(json));
  }

  public static JsonNode json(Payload payload) {
    return payload.size() == 0 ? NODES.nullNode() : MAPPER.readTree(payload.bytes());
  }

  public static JsonNode json(@Nullable Payload payload, JsonNode otherwise) {
    return payload == null ? otherwise : json(payload);
  }

  /// @throws JacksonException if the text is not exactly one JSON value
  public static JsonNode parse(String text) {
    return MAPPER.readTree(text);
  }

  public static String text(JsonNode json) {
    return MAPPER.writeValueAsString(json);
  }

  public static String pretty(JsonNode json) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json);
  }
}
