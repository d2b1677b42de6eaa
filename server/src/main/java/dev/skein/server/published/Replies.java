package dev.skein.server.published;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.RunRow;
import dev.skein.model.ApiOperation;
import dev.skein.model.Problem;
import dev.skein.runtime.endpoint.Endpoint;
import dev.skein.runtime.view.RunView;
import dev.skein.server.http.Answer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the caller gets of a run.
final class Replies {
  /// The header that names the run, in every answer that has one.
  static final String RUN = "Skein-Run";

  // always two digits for the day, which RFC_1123_DATE_TIME has not
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private Replies() {}

  /// Of a run that goes on.
  static Answer pending(RunRow run) {
    String location = location(run.id());
    ObjectNode json = Json.NODES.objectNode();
    json.put("id", run.id());
    json.put("status", run.status().toString());
    json.putObject("links").put("run", location).put("tasks", location + "/tasks");
    return Answer.json(202, json).with(Map.of("Location", location, RUN, run.id()));
  }

  /// Of a run that has ended.
  static Answer ended(RunView run) {
    Answer answer =
        switch (run.row().status()) {
          case COMPLETED -> Answer.ok(output(run));
          case CANCELLED -> problem(cancelled(run));
          case FAULTED, PENDING, RUNNING, WAITING, SUSPENDED -> problem(failed(run));
        };
    return answer.with(RUN, run.id());
  }

  private static JsonNode output(RunView run) {
    JsonNode output = run.output();
    return output == null ? Json.NODES.nullNode() : output;
  }

  private static Problem failed(RunView run) {
    JsonNode error = run.error();
    return error == null
        ? Problem.Kind.RUNTIME.problem("run " + run.id() + " is " + run.status())
        : Problem.fromJson(error);
  }

  private static Problem cancelled(RunView run) {
    return Problem.Kind.RUNTIME.problem(500, "Cancelled", "run " + run.id() + " was cancelled");
  }

  private static Answer problem(Problem problem) {
    boolean error = problem.status() >= 400 && problem.status() <= 599;
    int status = error ? problem.status() : 500;
    ObjectNode json = problem.toJson();
    json.put("status", status);
    return Answer.of(status, "application/problem+json", Json.text(json));
  }

  private static String location(String id) {
    return "/api/v1/runs/" + id;
  }

  /// What is said of the endpoint itself: whether it is deprecated (RFC 9745), when it ends (RFC
  /// 8594) and what comes after it.
  static Map<String, String> lifetime(Endpoint endpoint) {
    ApiOperation.Lifetime lifetime = endpoint.operation().lifetime();
    var headers = new LinkedHashMap<String, String>();
    headers.put("Cache-Control", "no-store");
    if (lifetime.deprecated()) {
      @Nullable Instant declared = lifetime.since();
      Instant since = declared == null ? endpoint.published().deployedAt() : declared;
      headers.put("Deprecation", "@" + since.getEpochSecond());
    }
    if (lifetime.sunset() != null) {
      headers.put("Sunset", HTTP_DATE.format(lifetime.sunset()));
    }
    if (endpoint.successor() != null) {
      headers.put("Link", "<%s>; rel=\"successor-version\"".formatted(endpoint.successor()));
    }
    return headers;
  }
}
