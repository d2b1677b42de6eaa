package dev.skein.runtime.resource;

import dev.skein.kernel.journal.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Bytes as text.
final class Texts {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Texts() {}

  static String decoded(Payload content) throws Unavailable {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content.bytes())).toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new Unavailable("is not text in UTF-8", e);
    }
  }
}
