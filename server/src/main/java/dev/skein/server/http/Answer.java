package dev.skein.server.http;

import dev.skein.interpreter.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// What a request gets.
public record Answer(int status, Map<String, String> headers, Body body) {
  private static final int TAG_BYTES = 16;

  /// What stands below the headers.
  public sealed interface Body {
    /// Bytes that are all there.
    @SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
    record Whole(byte[] bytes) implements Body {}

    /// Events that come as they happen, written on the thread of the request.
    ///
    /// @param permitted whether they may go on: asked every second, by another thread
    record Live(Events events, BooleanSupplier permitted) implements Body {}
  }

  /// Sends events until there are no more, or the stream is closed.
  @FunctionalInterface
  public interface Events {
    void send(EventStream stream) throws InterruptedException;
  }

  public Answer(int status, Map<String, String> headers, byte[] bytes) {
    this(status, headers, new Body.Whole(bytes));
  }

  public static Answer json(int status, JsonNode body) {
    return of(status, "application/json", Json.text(body));
  }

  public static Answer ok(JsonNode body) {
    return json(200, body);
  }

  public static Answer of(int status, String type, String body) {
    return new Answer(status, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
  }

  public static Answer empty(int status) {
    return new Answer(status, Map.of(), new byte[0]);
  }

  /// Server-sent events.
  public static Answer live(Events events) {
    return new Answer(
        200,
        Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"),
        new Body.Live(events, () -> true));
  }

  /// The same, of which events are told for no longer than that is so.
  public Answer during(BooleanSupplier permitted) {
    return switch (body) {
      case Body.Whole _ -> this;
      case Body.Live live -> new Answer(status, headers, new Body.Live(live.events, permitted));
    };
  }

  public Answer with(String header, String value) {
    return with(Map.of(header, value));
  }

  public Answer with(Map<String, String> others) {
    var all = new LinkedHashMap<>(headers);
    all.putAll(others);
    return new Answer(status, all, body);
  }

  /// The same with an ETag made from its body: a client that has it already is told so instead.
  public Answer tagged() {
    return switch (body) {
      case Body.Whole whole -> with(Map.of("ETag", tag(whole.bytes), "Cache-Control", "no-cache"));
      case Body.Live _ -> this;
    };
  }

  /// A weak one, since the answer may be compressed on its way.
  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "W/\"" + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + "\"";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256; mend its settings", e);
    }
  }
}
