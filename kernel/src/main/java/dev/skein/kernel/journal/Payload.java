package dev.skein.kernel.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// Immutable bytes that the kernel carries without reading them: an input, an output, a saved
/// state. By convention UTF-8 JSON.
public final class Payload {
  public static final Payload EMPTY = new Payload(new byte[0]);

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Takes ownership of the array: the caller must not change it afterwards.
  public static Payload of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Payload(bytes);
  }

  public static Payload of(String text) {
    return of(text.getBytes(UTF_8));
  }

  /// The bytes themselves, not a copy: read only.
  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return bytes.length;
  }

  public String text() {
    return new String(bytes, UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return text();
  }
}
