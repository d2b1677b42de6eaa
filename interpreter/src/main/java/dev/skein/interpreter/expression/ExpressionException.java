package dev.skein.interpreter.expression;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Why an expression could not be compiled or evaluated.
///
/// It carries no Java stack trace: the frames would be the evaluator's own, and expressions raise
/// and catch errors as part of their normal course.
public final class ExpressionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What went wrong: the text, the data, or the amount of work.
  public enum Kind {
    SYNTAX,
    EVALUATION,
    LIMIT
  }

  private static final int MESSAGE_LENGTH = 1_000;

  private final Kind kind;
  private final int offset;
  private final transient JsonNode value;
  private final boolean catchable;

  private ExpressionException(
      Kind kind, String message, int offset, JsonNode value, @Nullable Throwable cause) {
    this(kind, message, offset, value, cause, kind == Kind.EVALUATION);
  }

  private ExpressionException(
      Kind kind,
      String message,
      int offset,
      JsonNode value,
      @Nullable Throwable cause,
      boolean catchable) {
    super(message, cause, false, false);
    this.kind = kind;
    this.offset = offset;
    this.value = value;
    this.catchable = catchable;
  }

  static ExpressionException syntax(String message, int offset) {
    return new ExpressionException(
        Kind.SYNTAX,
        message + " at column " + (offset + 1),
        offset,
        StringNode.valueOf(message),
        null);
  }

  static ExpressionException evaluation(String message) {
    return evaluation(message, -1);
  }

  /// A message quotes data and patterns, so it may be of any length: it is cut.
  static ExpressionException evaluation(String message, int offset) {
    String told =
        message.length() <= MESSAGE_LENGTH ? message : message.substring(0, MESSAGE_LENGTH) + "…";
    return new ExpressionException(Kind.EVALUATION, told, offset, StringNode.valueOf(told), null);
  }

  /// What `error(value)` raises; `message` is how the value reads when nothing catches it.
  static ExpressionException raised(JsonNode value, String message) {
    return new ExpressionException(Kind.EVALUATION, message, -1, value, null);
  }

  /// What `halt_error` raises: an error that no `try` catches.
  static ExpressionException halted(JsonNode value, String message) {
    return new ExpressionException(Kind.EVALUATION, message, -1, value, null, false);
  }

  static ExpressionException limit(String message) {
    return limit(message, null);
  }

  static ExpressionException limit(String message, @Nullable Throwable cause) {
    return new ExpressionException(Kind.LIMIT, message, -1, StringNode.valueOf(message), cause);
  }

  public Kind kind() {
    return kind;
  }

  /// The offset in the source, in characters from 0, or -1 where no single place is to blame.
  public int offset() {
    return offset;
  }

  /// What `catch` sees: the message, or the value given to `error`.
  JsonNode value() {
    return value;
  }

  boolean catchable() {
    return catchable;
  }
}
