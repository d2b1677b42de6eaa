package dev.skein.connectors.grpc;

import com.google.protobuf.DynamicMessage;
import dev.skein.connectors.http.HttpCallException;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One call with all its messages, to and fro. The channel calls the listener's methods one after
/// the other; what they gather is read when the call has ended.
final class Exchange extends ClientCall.Listener<DynamicMessage> {
  /// Of a stream: empty messages take no bytes, but room in memory.
  private static final int MOST_ANSWERS = 100_000;

  private final ClientCall<DynamicMessage, DynamicMessage> call;
  private final GrpcMethod method;
  private final String what;
  private final BoundedText text;
  private final CompletableFuture<End> ended = new CompletableFuture<>();
  private final ArrayNode answers = JsonNodeFactory.instance.arrayNode();
  private Metadata headers = new Metadata();
  private @Nullable HttpCallException refused;

  private record End(Status status, Metadata trailers) {}

  /// A successful answer.
  record Answer(Metadata headers, JsonNode output) {}

  /// @param what is called, for sentences
  Exchange(
      ClientCall<DynamicMessage, DynamicMessage> call,
      GrpcMethod method,
      String what,
      int limitChars) {
    this.call = call;
    this.method = method;
    this.what = what;
    this.text = new BoundedText(limitChars);
  }

  /// Sends all messages and waits for the end.
  ///
  /// @throws InterruptedException at once when the thread is interrupted; the server is told that
  ///   nobody waits any more
  Answer run(List<DynamicMessage> requests, Metadata metadata, Tracking tracking)
      throws HttpCallException, InterruptedException {
    try {
      call.start(this, metadata);
      call.request(1);
      // they are in memory already, so there is nothing to win by waiting until they can be written
      requests.forEach(call::sendMessage);
      call.halfClose();
      End end = ended.get();
      return answer(end, tracking);
    } catch (InterruptedException e) {
      call.cancel("nobody waits for the answer any more", e);
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException("A gRPC call failed unexpectedly", e);
    } catch (RuntimeException e) {
      call.cancel("the call could not be sent", e);
      throw e;
    }
  }

  private Answer answer(End end, Tracking tracking) throws HttpCallException {
    if (refused != null) {
      throw refused;
    }
    if (!end.status.isOk()) {
      throw Failures.of(what, end.status, end.trailers, tracking.reach());
    }
    if (method.answersOnce() && answers.size() != 1) {
      throw HttpCallException.invalidAnswer(
          "%s was answered with %d messages instead of one".formatted(what, answers.size()), null);
    }
    return new Answer(headers, method.answersOnce() ? answers.get(0) : answers);
  }

  @Override
  public void onHeaders(Metadata headers) {
    this.headers = headers;
  }

  @Override
  public void onMessage(DynamicMessage message) {
    if (refused != null) {
      return;
    }
    try {
      answers.add(method.json(message, text));
      if (answers.size() > MOST_ANSWERS) {
        refuse(HttpCallException.tooLarge(what + " streams more than 100000 messages"));
      }
    } catch (BoundedText.Full e) {
      refuse(HttpCallException.tooLarge("The answer to " + what + " is too large as JSON"));
    } catch (IOException | RuntimeException e) {
      refuse(
          HttpCallException.invalidAnswer(
              "%s got an answer that can't be told in JSON: %s".formatted(what, e.getMessage()),
              e));
    }
    call.request(1);
  }

  private void refuse(HttpCallException reason) {
    refused = reason;
    call.cancel("the answer cannot be used", reason);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    ended.complete(new End(status, trailers));
  }
}
