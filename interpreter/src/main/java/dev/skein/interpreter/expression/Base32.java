package dev.skein.interpreter.expression;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// Base 32 as RFC 4648 has it.
final class Base32 {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS = 5;
  private static final int GROUP = 8;

  private Base32() {}

  static String encode(byte[] octets) {
    StringBuilder text = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (byte octet : octets) {
      buffer = ((buffer << Byte.SIZE) | (octet & 0xff)) & 0xffff;
      bits += Byte.SIZE;
      while (bits >= BITS) {
        bits -= BITS;
        text.append(ALPHABET.charAt((buffer >> bits) & 31));
      }
    }
    if (bits > 0) {
      text.append(ALPHABET.charAt((buffer << (BITS - bits)) & 31));
    }
    while (text.length() % GROUP != 0) {
      text.append('=');
    }
    return text.toString();
  }

  /// The octets, or null if a character is not of the alphabet; the padding may be missing.
  static byte @Nullable [] decode(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    int buffer = 0;
    int bits = 0;
    for (int i = 0; i < end; i++) {
      int value = ALPHABET.indexOf(text.charAt(i));
      if (value < 0) {
        return null;
      }
      buffer = ((buffer << BITS) | value) & 0xffff;
      bits += BITS;
      if (bits >= Byte.SIZE) {
        bits -= Byte.SIZE;
        octets.write(buffer >> bits);
      }
    }
    return octets.toByteArray();
  }
}
