package dev.skein.kernel.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Arrays;

/// The primitive encodings of the journal: variable-length integers (7 bits a byte, low first),
/// UTF-8 strings with a length before them, instants as microseconds since 1970 (zigzag).
final class Bytes {
  private Bytes() {}

  /// Owned by one thread.
  static final class Writer {
    private byte[] buffer = new byte[128];
    private int size;

    void u8(int value) {
      room(1);
      buffer[size++] = (byte) value;
    }

    void varint(long value) {
      room(10);
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        buffer[size++] = (byte) ((rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      buffer[size++] = (byte) rest;
    }

    void instant(Instant value) {
      long micros =
          Math.addExact(
              Math.multiplyExact(value.getEpochSecond(), 1_000_000L), value.getNano() / 1_000);
      varint((micros << 1) ^ (micros >> 63));
    }

    void string(String value) {
      bytes(value.getBytes(UTF_8));
    }

    void bytes(byte[] value) {
      varint(value.length);
      raw(value);
    }

    void raw(byte[] value) {
      room(value.length);
      System.arraycopy(value, 0, buffer, size, value.length);
      size += value.length;
    }

    byte[] toBytes() {
      return Arrays.copyOf(buffer, size);
    }

    private void room(int more) {
      if (size + more > buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
      }
    }
  }

  /// Owned by one thread. Anything that runs past the end is a [JournalException].
  static final class Reader {
    private final byte[] buffer;
    private int position;

    Reader(byte[] buffer, int position) {
      this.buffer = buffer;
      this.position = position;
    }

    boolean atEnd() {
      return position >= buffer.length;
    }

    int position() {
      return position;
    }

    int u8() {
      need(1);
      return buffer[position++] & 0xFF;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        int next = u8();
        value |= (long) (next & 0x7F) << shift;
        if ((next & 0x80) == 0) {
          return value;
        }
      }
      throw new JournalException("a number in the journal is too long");
    }

    int size() {
      long size = varint();
      if (size < 0 || size > buffer.length - position) {
        throw new JournalException("a length in the journal is longer than its frame");
      }
      return (int) size;
    }

    int count() {
      long count = varint();
      if (count < 0 || count > Integer.MAX_VALUE) {
        throw new JournalException("a count in the journal is out of range");
      }
      return (int) count;
    }

    Instant instant() {
      long coded = varint();
      long micros = (coded >>> 1) ^ -(coded & 1);
      return Instant.ofEpochSecond(
          Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    String string() {
      int size = size();
      String value = new String(buffer, position, size, UTF_8);
      position += size;
      return value;
    }

    byte[] bytes() {
      return raw(size());
    }

    byte[] raw(int size) {
      need(size);
      byte[] value = Arrays.copyOfRange(buffer, position, position + size);
      position += size;
      return value;
    }

    void skip(int size) {
      need(size);
      position += size;
    }

    private void need(int size) {
      if (position + size > buffer.length) {
        throw new JournalException("the journal ends in the middle of an entry");
      }
    }
  }
}
