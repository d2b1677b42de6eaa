package dev.skein.connectors.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A call that gave no usable answer: what went wrong, in the terms of problem details (RFC 9457),
/// and whether the server may have acted all the same.
public final class HttpCallException extends Exception {
  private static final long serialVersionUID = 1L;

  /// The standard error type, by its last path segment.
  public enum Kind {
    COMMUNICATION,
    AUTHENTICATION,
    AUTHORIZATION,
    TIMEOUT,
    CONFIGURATION,
    VALIDATION,
    RUNTIME
  }

  /// How far the call came.
  public enum Reach {
    /// Nothing was sent.
    NOT_SENT,
    /// It was sent, or may have been, and no whole answer came.
    NO_ANSWER,
    ANSWERED
  }

  /// @param outcomeUnknown the request was sent, or may have been, and nothing tells what came of
  ///   it
  /// @param retryAfter how long the server asked to be left alone
  /// @param body what the server sent with its error status, decoded, if it is small enough to keep
  /// @param challenge the `WWW-Authenticate` header of the answer
  /// @param location where a redirect leads, as the server wrote it
  public record Failure(
      Kind kind,
      int status,
      String title,
      String detail,
      boolean outcomeUnknown,
      @Nullable Duration retryAfter,
      @Nullable JsonNode body,
      @Nullable String challenge,
      @Nullable String location) {
    /// A failure without an answer to tell of.
    public static Failure of(
        Kind kind, int status, String title, String detail, boolean outcomeUnknown) {
      return new Failure(kind, status, title, detail, outcomeUnknown, null, null, null, null);
    }
  }

  private final transient Failure failure;
  private final Reach reach;

  /// Of a call that was not sent.
  public HttpCallException(Failure failure, @Nullable Throwable cause) {
    this(failure, Reach.NOT_SENT, cause);
  }

  public HttpCallException(Failure failure, Reach reach, @Nullable Throwable cause) {
    super(failure.title() + ": " + failure.detail(), cause);
    this.failure = failure;
    this.reach = reach;
  }

  /// The call itself is wrong and would be wrong again.
  public static HttpCallException configuration(String detail) {
    return new HttpCallException(
        Failure.of(Kind.CONFIGURATION, 400, "Invalid HTTP call", detail, false), null);
  }

  /// A rule forbids the call, so nothing was sent.
  public static HttpCallException refused(String detail) {
    return new HttpCallException(
        Failure.of(Kind.AUTHORIZATION, 403, "Address refused", detail, false), null);
  }

  /// No connection, so nothing was sent.
  public static HttpCallException unreachable(String detail, Throwable cause) {
    return new HttpCallException(
        Failure.of(Kind.COMMUNICATION, 503, "Service unreachable", detail, false), cause);
  }

  /// The connection broke after the request may have been sent.
  static HttpCallException connectionLost(String detail, Throwable cause) {
    return new HttpCallException(
        Failure.of(Kind.COMMUNICATION, 503, "Connection lost", detail, true),
        Reach.NO_ANSWER,
        cause);
  }

  static HttpCallException timeout(String detail, Throwable cause) {
    return new HttpCallException(
        Failure.of(Kind.TIMEOUT, 408, "No answer in time", detail, true), Reach.NO_ANSWER, cause);
  }

  /// The server said something that is not of its protocol, or not what its content-type promises.
  public static HttpCallException invalidAnswer(String detail, @Nullable Throwable cause) {
    return new HttpCallException(
        Failure.of(Kind.COMMUNICATION, 500, "Invalid answer", detail, true), Reach.ANSWERED, cause);
  }

  public static HttpCallException tooLarge(String detail) {
    return new HttpCallException(
        Failure.of(Kind.RUNTIME, 500, "Answer too large", detail, true), Reach.ANSWERED, null);
  }

  public Reach reach() {
    return reach;
  }

  public Kind kind() {
    return failure.kind();
  }

  /// The server's status, or the one that describes the failure best.
  public int status() {
    return failure.status();
  }

  public String title() {
    return failure.title();
  }

  public String detail() {
    return failure.detail();
  }

  /// Whether the server may have done what it was asked without our knowing.
  public boolean outcomeUnknown() {
    return failure.outcomeUnknown();
  }

  /// How long the server asked to wait before the next attempt.
  public @Nullable Duration retryAfter() {
    return failure.retryAfter();
  }

  /// What a 401 asks for, as the server wrote it (RFC 9110, 11.6.1).
  public @Nullable String challenge() {
    return failure.challenge();
  }

  /// Where a redirect leads, as the server wrote it; null if it is none.
  public @Nullable String location() {
    return failure.location();
  }

  /// The decoded body of an error status; null if there was none or it was too large to keep.
  public @Nullable JsonNode body() {
    return failure.body();
  }
}
