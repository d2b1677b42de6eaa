package dev.skein.testkit.scenario;

import dev.skein.interpreter.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a system has answered, to be answered again without it. Equal requests get their answers in
/// the order in which they were recorded, and the last one ever after. No headers of requests are
/// kept, and no secrets of the case. Guarded by its monitor.
final class Cassette {
  private static final String HIDDEN = "***";
  private static final int SHORTEST_SECRET = 3;

  private final Collection<String> secrets;
  private final List<Exchange> exchanges = new ArrayList<>();
  private final Map<Asked, Integer> turns = new HashMap<>();

  record Asked(String method, String target, String body) {}

  @SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
  record Answered(int status, Map<String, String> headers, byte[] body) {}

  private record Exchange(Asked asked, Answered answered) {}

  /// @param secrets of the case
  Cassette(Collection<String> secrets) {
    this.secrets = secrets;
  }

  static Cassette load(Path file, Collection<String> secrets) throws IOException {
    var cassette = new Cassette(secrets);
    for (JsonNode exchange : Json.parse(Files.readString(file))) {
      JsonNode request = exchange.path("request");
      JsonNode answer = exchange.path("answer");
      var headers = new TreeMap<String, String>();
      answer
          .path("headers")
          .properties()
          .forEach(h -> headers.put(h.getKey(), h.getValue().asString()));
      byte[] body =
          answer.has("base64")
              ? Base64.getDecoder().decode(answer.path("base64").asString())
              : answer.path("text").asString("").getBytes(StandardCharsets.UTF_8);
      cassette.exchanges.add(
          new Exchange(
              new Asked(
                  request.path("method").asString(""),
                  request.path("target").asString(""),
                  request.path("body").asString("")),
              new Answered(answer.path("status").intValue(), headers, body)));
    }
    return cassette;
  }

  /// Null if nothing like it was recorded.
  synchronized @Nullable Answered answer(Asked asked) {
    Asked known = hidden(asked);
    List<Exchange> like = exchanges.stream().filter(e -> e.asked.equals(known)).toList();
    if (like.isEmpty()) {
      return null;
    }
    int turn = turns.merge(known, 1, Integer::sum);
    return like.get(Math.min(turn, like.size()) - 1).answered;
  }

  synchronized void record(Asked asked, Answered answered) {
    exchanges.add(new Exchange(hidden(asked), answered));
  }

  private Asked hidden(Asked asked) {
    return new Asked(asked.method, hidden(asked.target), hidden(asked.body));
  }

  private String hidden(String text) {
    String without = text;
    for (String secret : secrets) {
      if (secret.length() >= SHORTEST_SECRET) {
        without = without.replace(secret, HIDDEN);
      }
    }
    return without;
  }

  synchronized void save(Path file) throws IOException {
    ArrayNode tape = Json.NODES.arrayNode();
    for (Exchange exchange : exchanges) {
      ObjectNode one = tape.addObject();
      ObjectNode request = one.putObject("request");
      request.put("method", exchange.asked.method);
      request.put("target", exchange.asked.target);
      if (!exchange.asked.body.isEmpty()) {
        request.put("body", exchange.asked.body);
      }
      ObjectNode answer = one.putObject("answer");
      answer.put("status", exchange.answered.status);
      ObjectNode headers = answer.putObject("headers");
      exchange.answered.headers.forEach(headers::put);
      String text = text(exchange.answered.body);
      if (text == null) {
        answer.put("base64", Base64.getEncoder().encodeToString(exchange.answered.body));
      } else {
        answer.put("text", hidden(text));
      }
    }
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    Files.writeString(file, Json.pretty(tape) + "\n");
  }

  private static @Nullable String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
