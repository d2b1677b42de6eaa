package dev.skein.server.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// How bodies are packed on their way, and how large they may be.
final class Transfer {
  static final int LARGEST_BODY_BYTES = 16 * 1024 * 1024;
  private static final int LEAST_COMPRESSED_BYTES = 1024;

  private Transfer() {}

  /// A body as it came.
  ///
  /// @throws Refusal 413 if it is too large
  static byte[] read(InputStream in) {
    try {
      byte[] body = in.readNBytes(LARGEST_BODY_BYTES + 1);
      if (body.length > LARGEST_BODY_BYTES) {
        throw tooLarge();
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Refusal tooLarge() {
    return Refusal.of(
        413, "too-large", "a body may have %d bytes at most".formatted(LARGEST_BODY_BYTES));
  }

  /// A body as it was meant.
  ///
  /// @param encoding null for none
  /// @throws Refusal 413 if it is too large when unpacked, 415 if it is packed in another way
  static byte[] unpacked(byte[] body, @Nullable String encoding) {
    String packed = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
    if (packed.isEmpty() || packed.equals("identity") || body.length == 0) {
      return body;
    }
    if (!packed.equals("gzip")) {
      throw Refusal.of(
          415, "unsupported-encoding", "a body may be packed by gzip, not by '" + encoding + "'");
    }
    try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      byte[] whole = in.readNBytes(LARGEST_BODY_BYTES + 1);
      if (whole.length > LARGEST_BODY_BYTES) {
        throw tooLarge();
      }
      return whole;
    } catch (IOException e) {
      throw Refusal.malformed("the body is not what gzip makes: " + e.getMessage());
    }
  }

  /// The answer as the client is sent it: nothing of what it has already, and packed if it is large
  /// and the client can unpack it.
  static Answer packed(Answer answer, Request request) {
    if (!(answer.body() instanceof Answer.Body.Whole whole)) {
      return answer;
    }
    String tag = answer.headers().get("ETag");
    if (tag != null && answer.status() == 200 && isKept(tag, request.header("If-None-Match"))) {
      return Answer.empty(304).with("ETag", tag);
    }
    if (whole.bytes().length < LEAST_COMPRESSED_BYTES || !isText(answer)) {
      return answer;
    }
    String varies = answer.headers().get("Vary");
    Answer varying =
        answer.with("Vary", varies == null ? "Accept-Encoding" : varies + ", Accept-Encoding");
    if (!accepts(request.header("Accept-Encoding"))) {
      return varying;
    }
    var packed = new Answer(answer.status(), varying.headers(), gzip(whole.bytes()));
    Answer named = packed.with("Content-Encoding", "gzip");
    return tag == null || tag.startsWith("W/") ? named : named.with("ETag", "W/" + tag);
  }

  private static boolean isKept(String tag, @Nullable String kept) {
    return kept != null && (kept.strip().equals("*") || kept.contains(opaque(tag)));
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  private static boolean isText(Answer answer) {
    String type = answer.headers().getOrDefault("Content-Type", "");
    return type.startsWith("text/")
        || type.endsWith("json")
        || type.endsWith("yaml")
        || type.endsWith("xml")
        || type.contains("javascript");
  }

  private static boolean accepts(@Nullable String encodings) {
    if (encodings == null) {
      return false;
    }
    for (String one : encodings.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = one.strip().split(";", 2);
      boolean refused = parts.length == 2 && parts[1].strip().matches("q=0(\\.0*)?");
      if (parts[0].strip().equals("gzip") && !refused) {
        return true;
      }
    }
    return false;
  }

  private static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream(bytes.length / 4);
    try (var packing = new GZIPOutputStream(out)) {
      packing.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
