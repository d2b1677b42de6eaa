package dev.skein.connectors.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Failure;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpCallException.Reach;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Tells the end of a gRPC call in the terms of HTTP, as `google.rpc.Code` maps them, so that
/// policies and catches need to know no other.
final class Failures {
  private static final int DETAIL_CHARS = 2_000;
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private Failures() {}

  /// The call itself is wrong and would be wrong again.
  static HttpCallException invalid(String detail) {
    return new HttpCallException(
        Failure.of(Kind.CONFIGURATION, 400, "Invalid gRPC call", detail, false), null);
  }

  /// @param what was called, for sentences
  static HttpCallException of(String what, Status status, Metadata trailers, Reach reach) {
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpCallException told) {
        return told; // an address that may not be reached, a host that nobody knows
      }
    }
    return switch (reach) {
      case ANSWERED -> answered(what, status, trailers);
      case NOT_SENT -> notSent(what, status);
      case NO_ANSWER -> unanswered(what, status);
    };
  }

  private static HttpCallException answered(String what, Status status, Metadata trailers) {
    Status.Code code = status.getCode();
    String said = status.getDescription();
    String detail = "%s answered %s%s".formatted(what, code, said == null ? "" : ": " + said);
    boolean outcomeUnknown = code == Status.Code.DEADLINE_EXCEEDED || code == Status.Code.CANCELLED;
    Failure failure =
        new Failure(
            kind(code),
            httpStatus(code),
            code.name(),
            excerpt(detail),
            outcomeUnknown,
            retryAfter(status, trailers),
            null,
            null,
            null);
    return new HttpCallException(failure, Reach.ANSWERED, status.getCause());
  }

  private static HttpCallException notSent(String what, Status status) {
    boolean late = status.getCode() == Status.Code.DEADLINE_EXCEEDED;
    String detail =
        late
            ? "%s could not be sent in time: %s".formatted(what, reason(status))
            : "%s could not be sent: %s".formatted(what, reason(status));
    return new HttpCallException(
        Failure.of(Kind.COMMUNICATION, 503, "Service unreachable", excerpt(detail), false),
        Reach.NOT_SENT,
        status.getCause());
  }

  private static HttpCallException unanswered(String what, Status status) {
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED ->
          new HttpCallException(
              Failure.of(
                  Kind.TIMEOUT, 504, "DEADLINE_EXCEEDED", what + " got no answer in time", true),
              Reach.NO_ANSWER,
              status.getCause());
      case RESOURCE_EXHAUSTED -> HttpCallException.tooLarge(tooLarge(what, status));
      case CANCELLED, INTERNAL ->
          HttpCallException.invalidAnswer(
              excerpt("%s got an invalid answer: %s".formatted(what, reason(status))),
              status.getCause());
      default ->
          new HttpCallException(
              Failure.of(
                  Kind.COMMUNICATION,
                  503,
                  "Connection lost",
                  excerpt(
                      "%s was sent, but no whole answer came: %s".formatted(what, reason(status))),
                  true),
              Reach.NO_ANSWER,
              status.getCause());
    };
  }

  private static String tooLarge(String what, Status status) {
    return excerpt("The answer to %s is too large: %s".formatted(what, reason(status)));
  }

  private static String reason(Status status) {
    String said = status.getDescription();
    Throwable cause = status.getCause();
    String deeper = cause == null ? null : cause.getMessage();
    if (said == null) {
      return deeper == null ? status.getCode().name() : deeper;
    }
    return deeper == null || said.contains(deeper) ? said : said + " (" + deeper + ")";
  }

  private static Kind kind(Status.Code code) {
    return switch (code) {
      case UNAUTHENTICATED -> Kind.AUTHENTICATION;
      case PERMISSION_DENIED -> Kind.AUTHORIZATION;
      case DEADLINE_EXCEEDED -> Kind.TIMEOUT;
      default -> Kind.COMMUNICATION;
    };
  }

  private static int httpStatus(Status.Code code) {
    return switch (code) {
      case OK -> 200;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case CANCELLED -> 499;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
    };
  }

  /// How long the server wants to be left alone, by `google.rpc.RetryInfo` or the pushback of the
  /// gRPC retry design.
  private static @Nullable Duration retryAfter(Status status, Metadata trailers) {
    com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    for (Any detail : details.getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        try {
          var delay = detail.unpack(RetryInfo.class).getRetryDelay();
          Duration wait = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
          return wait.isNegative() ? Duration.ZERO : wait;
        } catch (InvalidProtocolBufferException | ArithmeticException e) {
          return null; // advice nobody can read is no advice
        }
      }
    }
    String pushback = trailers.get(PUSHBACK);
    boolean millis = pushback != null && pushback.matches("[0-9]{1,15}");
    return millis ? Duration.ofMillis(Long.parseLong(pushback)) : null;
  }

  private static String excerpt(String text) {
    return text.length() <= DETAIL_CHARS ? text : text.substring(0, DETAIL_CHARS - 1) + "…";
  }
}
