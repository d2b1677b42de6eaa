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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a system has answered, to be answered again without it. Equal requests get their answers in
/// the order in which they were recorded, and the last one ever after. No headers of requests are
/// kept, no secrets of the case, and no tokens that were given out. Guarded by its monitor.
final class Cassette {
  private static final String HIDDEN = "***";
  private static final int SHORTEST_SECRET = 3;
  private static final int OK = 200;

  private static final List<String> TOKENS = List.of("access_token", "refresh_token", "id_token");

  private final Hiding hiding;
  private final List<Exchange> exchanges = new ArrayList<>();
  private final Map<Asked, Integer> turns = new HashMap<>();

  record Asked(String method, String target, String body) {}

  @SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
  record Answered(int status, Map<String, String> headers, byte[] body) {}

  private record Exchange(Asked asked, Answered answered) {}

  /// @param secrets of the case
  Cassette(Collection<String> secrets) {
    this.hiding = new Hiding(HIDDEN, SHORTEST_SECRET);
    secrets.forEach(hiding::also);
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
    // from now on: what is called with a token, or renews one, comes after it
    JsonNode json = answered.status == OK ? json(answered.body) : Json.NODES.missingNode();
    TOKENS.forEach(token -> hiding.also(json.path(token).asString("")));
    exchanges.add(new Exchange(hidden(asked), answered));
  }

  private Asked hidden(Asked asked) {
    return new Asked(asked.method, hiding.in(asked.target), hiding.in(asked.body));
  }

  private static JsonNode json(byte[] body) {
    try {
      return Json.parse(new String(body, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      return Json.NODES.missingNode();
    }
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
      exchange.answered.headers.forEach((name, value) -> headers.put(name, hiding.in(value)));
      String text = text(exchange.answered.body);
      if (text == null) {
        answer.put("base64", Base64.getEncoder().encodeToString(exchange.answered.body));
      } else {
        answer.put("text", hiding.in(text));
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
