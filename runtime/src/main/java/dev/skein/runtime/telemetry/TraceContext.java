package dev.skein.runtime.telemetry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where something stands in a trace, as [W3C Trace Context](https://www.w3.org/TR/trace-context/)
/// writes it.
///
/// @param traceId 32 hexadecimal digits
/// @param spanId 16 of them
/// @param sampled whether the trace is kept
/// @param state what other systems say of it, handed on as it came; null for nothing
public record TraceContext(String traceId, String spanId, boolean sampled, @Nullable String state) {
  /// The header, and the attribute of a run that came with it.
  public static final String PARENT = "traceparent";

  public static final String STATE = "tracestate";

  /// Of the attributes that a run may have for it.
  public static final Set<String> NAMES = Set.of(PARENT, STATE);

  private static final Pattern WRITTEN =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
  private static final String THIS_VERSION = "00";
  private static final int LONGEST_STATE = 512;
  private static final int SAMPLED = 1;
  private static final HexFormat HEX = HexFormat.of();
  private static final int TRACE_BYTES = 16;
  private static final int SPAN_BYTES = 8;

  /// Null if it says none, or cannot be read: then the trace begins here.
  static @Nullable TraceContext read(Function<String, @Nullable String> headers) {
    String written = headers.apply(PARENT);
    Matcher parts = WRITTEN.matcher(written == null ? "" : written);
    if (!parts.matches() || (parts.group(5) != null && parts.group(1).equals(THIS_VERSION))) {
      return null;
    }
    String state = headers.apply(STATE);
    return new TraceContext(
        parts.group(2),
        parts.group(3),
        (Integer.parseInt(parts.group(4), 16) & SAMPLED) != 0,
        state == null || state.length() > LONGEST_STATE ? null : state);
  }

  /// The trace that a run begins.
  ///
  /// @param sample which part of all is kept, 0 to 1
  static TraceContext of(String run, double sample) {
    byte[] hash = hash(run);
    long chance = ByteBuffer.wrap(hash, SPAN_BYTES, SPAN_BYTES).getLong() & Long.MAX_VALUE;
    return new TraceContext(
        HEX.formatHex(hash, 0, TRACE_BYTES), span(run, ""), chance < sample * Long.MAX_VALUE, null);
  }

  /// The span of something in a run: the same whenever and wherever it is asked for, so that those
  /// who are called and those who collect hear of the same one.
  static String span(String run, String what) {
    return HEX.formatHex(hash(run + "\n" + what), 0, SPAN_BYTES);
  }

  TraceContext at(String span) {
    return new TraceContext(traceId, span, sampled, state);
  }

  Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    headers.put(
        PARENT, "%s-%s-%s-0%d".formatted(THIS_VERSION, traceId, spanId, sampled ? SAMPLED : 0));
    if (state != null) {
      headers.put(STATE, state);
    }
    return headers;
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
