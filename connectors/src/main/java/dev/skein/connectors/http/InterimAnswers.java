package dev.skein.connectors.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes interim answers (100, 102, 103; RFC 9110, 15.2) off the front of an answer, since Helidon
/// would read the first of them as the answer. Owned by the thread whose exchange runs.
final class InterimAnswers {
  // "HTTP/1.1 103", all that is needed to tell
  private static final int STATUS_BYTES = 12;
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final int limitBytes;
  private byte[] held = NOTHING;
  private int skippedBytes;
  private boolean passing;

  InterimAnswers(int limitBytes) {
    this.limitBytes = limitBytes;
  }

  /// The next bytes are the first of an answer.
  void begin() {
    held = NOTHING;
    skippedBytes = 0;
    passing = false;
  }

  /// What of these bytes, and of those held before, belongs to the final answer; none if that is
  /// not known yet.
  byte[] pass(byte[] arrived) {
    if (passing) {
      return arrived;
    }
    byte[] all = Arrays.copyOf(held, held.length + arrived.length);
    System.arraycopy(arrived, 0, all, held.length, arrived.length);
    int from = 0;
    while (all.length - from >= STATUS_BYTES) {
      if (!isInterim(all, from)) {
        passing = true;
        held = NOTHING;
        return Arrays.copyOfRange(all, from, all.length);
      }
      int end = endOfHead(all, from);
      if (end < 0) {
        break;
      }
      skippedBytes += end - from;
      from = end;
    }
    held = Arrays.copyOfRange(all, from, all.length);
    if (skippedBytes + held.length > limitBytes) {
      throw new Connection.TooLarge();
    }
    return NOTHING;
  }

  /// The connection ended: whatever is held is what Helidon has to make sense of, null if nothing.
  byte @Nullable [] end() {
    byte[] rest = held;
    begin();
    return rest.length == 0 ? null : rest;
  }

  private static boolean isInterim(byte[] bytes, int from) {
    String status = new String(bytes, from, STATUS_BYTES, StandardCharsets.ISO_8859_1);
    return status.startsWith("HTTP/1.") && status.charAt(9) == '1' && !status.endsWith("101");
  }

  private static int endOfHead(byte[] bytes, int from) {
    for (int at = from; at + END_OF_HEAD.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + END_OF_HEAD.length, END_OF_HEAD, 0, END_OF_HEAD.length)) {
        return at + END_OF_HEAD.length;
      }
    }
    return -1;
  }
}
