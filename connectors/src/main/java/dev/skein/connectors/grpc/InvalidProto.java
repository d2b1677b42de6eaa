package dev.skein.connectors.grpc;

/// A .proto file that cannot be used, and why: a sentence that says what to mend.
final class InvalidProto extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidProto(String message, Throwable cause) {
    super(message, cause);
  }

  InvalidProto(String message) {
    super(message);
  }

  String mistake() {
    return String.valueOf(getMessage());
  }
}
