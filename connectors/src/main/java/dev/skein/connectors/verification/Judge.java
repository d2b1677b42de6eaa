package dev.skein.connectors.verification;

import dev.skein.connectors.format.Bodies;
import dev.skein.connectors.format.InvalidBody;
import dev.skein.connectors.format.MediaType;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.openapi.ApiSchemas.Direction;
import dev.skein.connectors.openapi.MediaRanges;
import dev.skein.connectors.openapi.Operation;
import dev.skein.connectors.openapi.SchemaChecks;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/// Holds answers against what an operation promises.
final class Judge {
  private static final int MOST_SAID = 5;

  private final SchemaChecks checks;

  Judge(SchemaChecks checks) {
    this.checks = checks;
  }

  /// What deviates, each as a sentence that begins with the status.
  ///
  /// @param reply with its output raw
  List<String> deviations(Operation operation, Reply reply) {
    Operation.Response response = operation.response(reply.status());
    var wrong = new ArrayList<String>();
    if (reply.status() >= 500) {
      wrong.add("the server failed");
    } else if (response == null) {
      wrong.add("the status is not declared");
    } else {
      headers(response, reply, wrong);
      if (!operation.method().equals("HEAD")) {
        body(response, reply, wrong);
      }
    }
    return wrong.stream().limit(MOST_SAID).map(it -> reply.status() + " " + it).toList();
  }

  private void headers(Operation.Response response, Reply reply, List<String> wrong) {
    for (Map.Entry<String, Operation.Header> declared : response.headers().entrySet()) {
      String name = declared.getKey();
      Operation.Header header = declared.getValue();
      String value = reply.headers().get(name);
      if (name.equalsIgnoreCase("Content-Type")) {
        continue; // which the media types declare
      }
      if (value == null) {
        if (header.required()) {
          wrong.add("the header %s is missing".formatted(name));
        }
        continue;
      }
      List<String> asText = violations(header, JsonNodeFactory.instance.stringNode(value));
      if (!asText.isEmpty() && !violations(header, json(value)).isEmpty()) {
        wrong.add("the header %s: %s".formatted(name, String.join(", ", asText)));
      }
    }
  }

  private List<String> violations(Operation.Header header, JsonNode value) {
    return checks.violations(header.schema(), Direction.RESPONSE, value);
  }

  private static JsonNode json(String text) {
    try {
      return JsonMapper.shared().readTree(text);
    } catch (JacksonException e) {
      return JsonNodeFactory.instance.stringNode(text);
    }
  }

  private void body(Operation.Response response, Reply reply, List<String> wrong) {
    byte[] bytes = bytes(reply);
    String type = reply.headers().get("Content-Type");
    if (bytes.length == 0) {
      if (!response.content().isEmpty()) {
        wrong.add("the body is missing");
      }
    } else if (response.content().isEmpty()) {
      wrong.add("there is a body, and none is declared");
    } else if (type == null) {
      wrong.add("the Content-Type is missing");
    } else {
      content(response, type, bytes, wrong);
    }
  }

  private void content(Operation.Response response, String type, byte[] bytes, List<String> wrong) {
    JsonNode schema = MediaRanges.schema(response.content(), type);
    if (schema == null) {
      wrong.add("the Content-Type: " + MediaRanges.mistake(response.content(), type));
      return;
    }
    MediaType mediaType = MediaType.parse(type);
    try {
      JsonNode body = Bodies.read(bytes, mediaType);
      if (mediaType.isJson()) {
        checks.violations(schema, Direction.RESPONSE, body).forEach(it -> wrong.add("body " + it));
      }
    } catch (InvalidBody e) {
      wrong.add("the body is no %s: %s".formatted(mediaType.name(), e.getMessage()));
    }
  }

  /// The body as a value; missing if it is none.
  static JsonNode content(Reply reply) {
    try {
      return Bodies.read(bytes(reply), MediaType.parse(reply.headers().get("Content-Type")));
    } catch (InvalidBody e) {
      return MissingNode.getInstance();
    }
  }

  private static byte[] bytes(Reply reply) {
    return Base64.getDecoder().decode(reply.output().asString(""));
  }
}
