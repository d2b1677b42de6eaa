package dev.skein.connectors.verification;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.openapi.ApiDocument;
import dev.skein.connectors.openapi.InvalidApi;
import dev.skein.connectors.openapi.Operation;
import dev.skein.connectors.openapi.OperationRequest;
import dev.skein.connectors.openapi.References;
import dev.skein.connectors.openapi.SchemaChecks;
import dev.skein.connectors.verification.Verdict.Outcome;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Calls the operations of a live API, rightly and wrongly, and judges the answers by its document.
/// Used once, by one thread.
public final class LiveCheck {
  private static final String STREAM = "text/event-stream";
  private static final Set<String> SAFE = Set.of("GET", "HEAD");

  /// Their answers say nothing of the operation itself.
  private static final Map<Integer, String> KEPT_OUT =
      Map.of(401, "; give --header", 403, "; give --header", 429, "; try a lower --rate");

  private final ApiDocument api;
  private final Options options;
  private final Sender sender;
  private final Judge judge;
  private final Arguments arguments;
  private final Mistakes mistakes;
  private final Set<String> given;
  private boolean answered;

  /// @param base stands for the servers of the document
  /// @param headers of every request
  /// @param write whether operations that change things are called
  /// @param only ids of operations; empty for all
  public record Options(URI base, Map<String, String> headers, boolean write, Set<String> only) {}

  /// Sends a request, at its own pace, and gives back whatever is answered.
  @FunctionalInterface
  public interface Sender {
    Reply send(HttpCall call) throws HttpCallException, InterruptedException;
  }

  public LiveCheck(ApiDocument api, SchemaChecks checks, Options options, Sender sender) {
    this.api = api;
    this.options = options;
    this.sender = sender;
    this.judge = new Judge(checks);
    this.arguments = new Arguments(api, checks);
    this.mistakes = new Mistakes(new References(api.root()));
    this.given =
        options.headers().keySet().stream()
            .map(it -> it.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
  }

  /// Of each operation, in the order they were called: lists before what is in them, and what is
  /// there before it is deleted.
  ///
  /// @throws HttpCallException if there is nobody to answer
  public List<Verdict> run() throws InvalidApi, HttpCallException, InterruptedException {
    List<Operation> order =
        api.operations().stream()
            .filter(it -> options.only().isEmpty() || options.only().contains(it.id()))
            .sorted(Comparator.comparingInt(LiveCheck::rank))
            .toList();
    var verdicts = new ArrayList<Verdict>();
    for (Operation operation : order) {
      String obstacle = obstacle(operation);
      verdicts.add(
          obstacle == null
              ? verdict(operation.at(options.base().toString(), operation.parameters()))
              : new Verdict(
                  name(operation), id(operation), Outcome.NOT_CHECKED, List.of(obstacle), 0));
    }
    return verdicts;
  }

  /// Why it is not called; null if it is.
  private @Nullable String obstacle(Operation operation) {
    if (!SAFE.contains(operation.method()) && !options.write()) {
      return "it changes things; give --write";
    }
    boolean streams =
        operation.responses().values().stream()
            .anyMatch(response -> response.content().containsKey(STREAM));
    return streams ? "its answer may never end: a stream of events" : null;
  }

  private static int rank(Operation operation) {
    int names = operation.path().split("\\{", -1).length - 1;
    return switch (operation.method()) {
      case "GET", "HEAD" -> names * 10;
      case "DELETE" -> 1_000 - names;
      case "POST" -> names * 10 + 1;
      default -> names * 10 + 2;
    };
  }

  private static String name(Operation operation) {
    return operation.method() + " " + operation.path();
  }

  private static String id(Operation operation) {
    return operation.id() == null ? "" : operation.id();
  }

  private Verdict verdict(Operation operation)
      throws InvalidApi, HttpCallException, InterruptedException {
    var remarks = new ArrayList<String>();
    ObjectNode values;
    try {
      values = arguments.of(operation, given);
    } catch (Arguments.None e) {
      return new Verdict(
          name(operation), id(operation), Outcome.NOT_CHECKED, List.of(e.getMessage()), 0);
    }
    Reply reply;
    try {
      reply = sent(operation, values);
    } catch (HttpCallException e) {
      if (!answered && e.reach() == HttpCallException.Reach.NOT_SENT) {
        throw e;
      }
      remarks.add(e.getMessage());
      return new Verdict(name(operation), id(operation), Outcome.DEVIATES, remarks, 1);
    }
    remarks.addAll(judge.deviations(operation, reply));
    if (reply.status() >= 400) {
      if (remarks.isEmpty()) {
        String why = KEPT_OUT.getOrDefault(reply.status(), " to what it was called with");
        remarks.add("it answered %d%s".formatted(reply.status(), why));
        return new Verdict(name(operation), id(operation), Outcome.NOT_CHECKED, remarks, 1);
      }
      return new Verdict(name(operation), id(operation), Outcome.DEVIATES, remarks, 1);
    }
    JsonNode content = Judge.content(reply);
    arguments.learn(operation, content);
    int sent = 1;
    for (Mistakes.Mistake mistake : mistakes.of(operation, values, given)) {
      refused(mistake, remarks);
      sent++;
    }
    Outcome outcome = remarks.isEmpty() ? Outcome.OK : Outcome.DEVIATES;
    return new Verdict(name(operation), id(operation), outcome, remarks, sent);
  }

  private void refused(Mistakes.Mistake mistake, List<String> remarks) throws InterruptedException {
    try {
      Reply reply = sent(mistake.operation(), mistake.given());
      if (reply.status() < 400) {
        remarks.add("%d to a request %s".formatted(reply.status(), mistake.what()));
        return;
      }
      judge
          .deviations(mistake.operation(), reply)
          .forEach(it -> remarks.add(it + " (a request " + mistake.what() + ")"));
    } catch (HttpCallException e) {
      remarks.add("%s (a request %s)".formatted(e.getMessage(), mistake.what()));
    }
  }

  private Reply sent(Operation operation, ObjectNode values)
      throws HttpCallException, InterruptedException {
    OperationRequest request = OperationRequest.of(operation, options.base(), values);
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    headers.putAll(options.headers());
    HttpCall call =
        HttpCall.of(request.method(), request.uri())
            .withHeaders(headers)
            .withBody(request.body())
            .withOutput(HttpCall.Output.RAW);
    Reply reply = sender.send(call);
    answered = true;
    return reply;
  }
}
