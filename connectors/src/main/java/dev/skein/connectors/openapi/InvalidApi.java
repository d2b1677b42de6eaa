package dev.skein.connectors.openapi;

/// A document is no OpenAPI document that can be used; the message says why.
public final class InvalidApi extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidApi(String message) {
    super(message);
  }
}
