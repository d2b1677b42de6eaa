package dev.skein.connectors.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;

/// Reads a body that comes in chunks (RFC 9112, 7.1). Extensions and trailers are passed over, as
/// whoever does not know them has to; Helidon refuses extensions, and believes a `Content-Length`
/// beside the chunks, which is how one answer is made to look like two.
final class Chunks {
  private static final int LONGEST_LINE = 8 * 1024;
  private static final int MOST_TRAILERS = 100;
  private static final int MOST_DIGITS = 15;
  private static final int PIECE_BYTES = 16 * 1024;
  private static final int HEX = 16;

  private final DataReader reader;
  private final long limitBytes;

  /// @throws Connection.TooLarge from [#read] beyond the limit
  Chunks(DataReader reader, long limitBytes) {
    this.reader = reader;
    this.limitBytes = limitBytes;
  }

  /// @throws IllegalArgumentException if a chunk is none
  byte[] read() {
    var body = new ByteArrayOutputStream();
    for (long size = size(); size > 0; size = size()) {
      if (body.size() + size > limitBytes) {
        throw new Connection.TooLarge();
      }
      for (long left = size; left > 0; ) {
        reader.ensureAvailable();
        int piece = (int) Math.min(Math.min(reader.available(), left), PIECE_BYTES);
        BufferData read = reader.readBuffer(piece);
        body.writeBytes(read.readBytes());
        left -= piece;
      }
      if (!line().isEmpty()) {
        throw new IllegalArgumentException("a chunk is longer than it says");
      }
    }
    for (int trailers = 0; !line().isEmpty(); trailers++) {
      if (trailers == MOST_TRAILERS) {
        throw new IllegalArgumentException("there are too many trailers");
      }
    }
    return body.toByteArray();
  }

  private long size() {
    String line = line();
    int end = line.indexOf(';');
    String digits = (end < 0 ? line : line.substring(0, end)).stripTrailing();
    boolean sound =
        !digits.isEmpty()
            && digits.length() <= MOST_DIGITS
            && digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, HEX) >= 0);
    if (!sound) {
      throw new IllegalArgumentException("the size of a chunk is no number");
    }
    return Long.parseLong(digits, HEX);
  }

  /// Without its end.
  private String line() {
    var line = new StringBuilder();
    while (true) {
      char next = (char) (reader.read() & 0xff);
      if (next == '\n' && !line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
        line.setLength(line.length() - 1);
        return line.toString();
      }
      line.append(next);
      if (line.length() > LONGEST_LINE) {
        throw new IllegalArgumentException("a line between chunks has no end");
      }
    }
  }
}
