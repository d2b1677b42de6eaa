package dev.skein.testkit.scenario;

import dev.skein.connectors.format.Bodies;
import dev.skein.connectors.format.InvalidBody;
import dev.skein.connectors.format.MediaType;
import dev.skein.connectors.format.WrittenBody;
import dev.skein.connectors.policy.Glob;
import dev.skein.interpreter.Json;
import dev.skein.testkit.scenario.Scenario.Answer;
import dev.skein.testkit.scenario.Scenario.Disturbance;
import dev.skein.testkit.scenario.Scenario.Failure;
import dev.skein.testkit.scenario.Scenario.Peer;
import dev.skein.testkit.scenario.Scenario.Rule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Answers for one host. Guarded by its monitor.
final class StandIn {
  private final Peer peer;
  private final @Nullable Cassette cassette;
  private final int[] used;
  private final SplittableRandom random;

  /// What is to be sent.
  @SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
  record Reply(
      Duration delay,
      @Nullable Failure failure,
      int status,
      Map<String, String> headers,
      byte[] body) {}

  StandIn(Peer peer, @Nullable Cassette cassette) {
    this.peer = peer;
    this.cassette = cassette;
    this.used = new int[peer.rules().size()];
    this.random = new SplittableRandom(peer.disturbance().seed());
  }

  /// Null if nothing answers it.
  ///
  /// @param sent what the body says
  synchronized @Nullable Reply reply(Cassette.Asked asked, JsonNode sent) {
    Reply reply = cassette == null ? byRule(asked, sent) : recorded(asked);
    return reply == null ? null : disturbed(reply);
  }

  private @Nullable Reply recorded(Cassette.Asked asked) {
    Cassette.Answered answered = cassette == null ? null : cassette.answer(asked);
    return answered == null
        ? null
        : new Reply(Duration.ZERO, null, answered.status(), answered.headers(), answered.body());
  }

  private @Nullable Reply byRule(Cassette.Asked asked, JsonNode sent) {
    for (int i = 0; i < used.length; i++) {
      Rule rule = peer.rules().get(i);
      if ((rule.times() == 0 || used[i] < rule.times()) && fits(rule, asked, sent)) {
        used[i]++;
        return reply(rule.answer());
      }
    }
    return null;
  }

  private static boolean fits(Rule rule, Cassette.Asked asked, JsonNode sent) {
    int gap = rule.request().indexOf(' ');
    String method = rule.request().substring(0, gap);
    String path = rule.request().substring(gap + 1);
    String target = path.contains("?") ? asked.target() : asked.target().split("\\?", 2)[0];
    return (method.equals("*") || method.equals(asked.method()))
        && new Glob(path).fits(target)
        && (rule.body() == null || has(sent, rule.body()));
  }

  /// What a body says by its type; text that is JSON is taken for that, whatever its type.
  static JsonNode meant(byte[] body, @Nullable String contentType) {
    try {
      JsonNode read = Bodies.read(body, MediaType.parse(contentType));
      if (!read.isString()) {
        return read;
      }
    } catch (InvalidBody e) {
      // then it is text
    }
    String text = new String(body, StandardCharsets.UTF_8);
    try {
      return Json.parse(text);
    } catch (JacksonException e) {
      return Json.NODES.stringNode(text);
    }
  }

  /// Whether all that is wanted is there; other members of objects may be too.
  static boolean has(JsonNode found, JsonNode wanted) {
    if (wanted.isObject() && found.isObject()) {
      return wanted.properties().stream()
          .allMatch(member -> has(found.path(member.getKey()), member.getValue()));
    }
    return same(found, wanted);
  }

  /// Whether they are equal, numbers by their value.
  static boolean same(JsonNode found, JsonNode wanted) {
    return found.equals(StandIn::compared, wanted);
  }

  private static int compared(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue());
    }
    return one.equals(other) ? 0 : 1;
  }

  private static Reply reply(Answer answer) {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(answer.headers());
    WrittenBody body = answer.body();
    if (body != null) {
      headers.put("Content-Type", body.contentType());
    }
    byte[] bytes = body == null ? new byte[0] : body.bytes();
    return new Reply(answer.delay(), answer.failure(), answer.status(), headers, bytes);
  }

  private Reply disturbed(Reply reply) {
    Disturbance by = peer.disturbance();
    Duration delay = reply.delay.plus(by.latency());
    if (random.nextDouble() < by.resets()) {
      return new Reply(delay, Failure.RESET, reply.status, reply.headers, reply.body);
    }
    return random.nextDouble() < by.errors()
        ? new Reply(delay, null, 503, Map.of(), new byte[0])
        : new Reply(delay, reply.failure, reply.status, reply.headers, reply.body);
  }
}
