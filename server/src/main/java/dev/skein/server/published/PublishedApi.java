package dev.skein.server.published;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.interpreter.Json;
import dev.skein.interpreter.Schemas;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.IncidentException;
import dev.skein.kernel.store.RunRow;
import dev.skein.model.ApiOperation;
import dev.skein.runtime.Begin;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.AuditWriter.Act;
import dev.skein.runtime.endpoint.Endpoint;
import dev.skein.runtime.endpoint.Endpoints;
import dev.skein.runtime.view.RunView;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Serves the endpoints of the deployed workflows: a request starts a run, and is answered by what
/// comes of it.
public final class PublishedApi {
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final int LONGEST_KEY = 255;

  private final Skein skein;
  private final Timeline time;
  private final Callers callers;
  private final boolean audited;
  private final CallerLimits limits;
  private final Signatures signatures;

  /// Schemas are compiled once for each set of endpoints.
  private volatile Judge judge = new Judge(Endpoints.NONE, new Schemas());

  private record Judge(Endpoints endpoints, Schemas schemas) {}

  /// Decides who may call.
  @FunctionalInterface
  public interface Callers {
    /// Who calls, as the audit log has it.
    ///
    /// @param namespace of the workflow
    /// @throws Refusal if not this one
    String admit(Request request, String namespace);
  }

  /// @param audited whether it is written down who has started which run
  public PublishedApi(Skein skein, Timeline time, Callers callers, boolean audited) {
    this.skein = skein;
    this.time = time;
    this.callers = callers;
    this.audited = audited;
    this.limits = new CallerLimits(time);
    this.signatures = new Signatures(skein);
  }

  public void add(Routes routes) {
    routes.otherwise(this::serve);
  }

  private @Nullable Answer serve(Request request, String... path) throws InterruptedException {
    List<Endpoint> there = skein.endpoints().at(path);
    if (there.isEmpty()) {
      return null;
    }
    var allowed = new TreeSet<String>();
    for (Endpoint endpoint : there) {
      if (endpoint.operation().method().equals(request.method())) {
        Map<String, String> named = Objects.requireNonNull(endpoint.fit(path));
        return answer(endpoint, request.with(named));
      }
      allowed.add(endpoint.operation().method());
    }
    throw Refusal.methodNotAllowed(request, allowed);
  }

  private Answer answer(Endpoint endpoint, Request request) throws InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>(Replies.lifetime(endpoint));
    try {
      return admitted(endpoint, request, headers).with(headers);
    } catch (Refusal refusal) {
      throw refusal.with(headers);
    }
  }

  /// @param headers of the answer, to which those of the limit are added
  private Answer admitted(Endpoint endpoint, Request request, Map<String, String> headers)
      throws InterruptedException {
    ApiOperation operation = endpoint.operation();
    String who = admit(endpoint, request);
    Caller caller = Caller.of(operation, request);
    if (operation.limit() != null) {
      headers.putAll(limits.pass(name(endpoint), operation.limit(), caller.name()));
    }
    JsonNode input = Inputs.of(endpoint, request);
    String id = id(endpoint, caller, request);
    RunRow run = id == null ? null : skein.look().find(id);
    if (run == null) {
      refuseUnfit(endpoint, input);
      var trace = skein.telemetry().traces().kept(request::header);
      Act call = audited ? call(endpoint, request, who) : null;
      run = started(new Begin(endpoint.workflow(), input, id, null, trace, call));
    }
    if (id != null && operation.webhook() == null) {
      refuseOther(skein.run(run.id()).input(), input);
    }
    Preference preference = Preference.of(operation, request.header("Prefer"));
    if (!preference.applied().isEmpty()) {
      headers.put("Preference-Applied", preference.applied());
    }
    RunView ended = ended(run.id(), preference.patience());
    return ended == null ? Replies.pending(row(run)) : Replies.ended(ended);
  }

  /// Who calls, as the audit log has it: a key, a webhook by the name of its secret, or an address.
  private String admit(Endpoint endpoint, Request request) {
    ApiOperation operation = endpoint.operation();
    Instant sunset = operation.lifetime().sunset();
    if (sunset != null && !time.now().isBefore(sunset)) {
      throw Refusal.of(410, "gone", endpoint + " was there until " + sunset);
    }
    ApiOperation.Webhook webhook = operation.webhook();
    if (webhook == null) {
      return callers.admit(request, endpoint.workflow().namespace());
    }
    signatures.check(webhook, request, time.now());
    return "webhook " + webhook.secret();
  }

  private static Act call(Endpoint endpoint, Request request, String who) {
    ObjectNode details = Json.NODES.objectNode().put("workflow", endpoint.workflow().toString());
    return new Act(who, request.remote(), "callWorkflow", endpoint.toString(), details);
  }

  /// What the workflow's versions have in common, and the versions of its API have not.
  private static String name(Endpoint endpoint) {
    String version = endpoint.operation().version();
    return endpoint.workflow().qualifiedName() + " " + (version == null ? "" : version);
  }

  /// Null if the request does not say how it could be told from another like it.
  private static @Nullable String id(Endpoint endpoint, Caller caller, Request request) {
    ApiOperation.Webhook webhook = endpoint.operation().webhook();
    String delivery = webhook == null ? null : webhook.delivery();
    String header = delivery == null ? IDEMPOTENCY_KEY : delivery;
    String key = request.header(header);
    if (key == null && delivery == null) {
      return null;
    }
    if (key == null || key.isBlank() || key.length() > LONGEST_KEY) {
      throw Refusal.malformed(
          "the header %s must have from 1 to %d characters".formatted(header, LONGEST_KEY));
    }
    return caller.runId(name(endpoint), key.strip());
  }

  private RunRow started(Begin begin) {
    try {
      return skein.start(begin);
    } catch (EngineException e) {
      // another version of the workflow, deployed this moment, may have been faster
      RunRow there = begin.id() == null ? null : skein.look().find(begin.id());
      if (there == null) {
        throw e;
      }
      return there;
    }
  }

  private void refuseUnfit(Endpoint endpoint, JsonNode input) {
    List<Schemas.Violation> violations =
        schemas().violations(endpoint.definition().data().inputSchema(), input);
    if (violations.isEmpty()) {
      return;
    }
    ArrayNode all = Json.NODES.arrayNode();
    for (Schemas.Violation violation : violations) {
      all.addObject().put("pointer", violation.pointer()).put("message", violation.message());
    }
    throw new Refusal(
        400, "invalid-input", "the input does not fit its schema", Map.of("violations", all));
  }

  private Schemas schemas() {
    Endpoints now = skein.endpoints();
    Judge last = judge;
    if (last.endpoints != now) {
      last = new Judge(now, new Schemas());
      judge = last;
    }
    return last.schemas;
  }

  private static void refuseOther(@Nullable JsonNode first, JsonNode input) {
    if (!input.equals(first)) {
      throw Refusal.of(
          422,
          "idempotency-key-reused",
          "this " + IDEMPOTENCY_KEY + " was used with another request; take a new one");
    }
  }

  /// Null if it has not ended in time.
  private @Nullable RunView ended(String id, Duration patience) throws InterruptedException {
    if (patience.isZero()) {
      return null;
    }
    try {
      return skein.await(id, patience);
    } catch (IncidentException e) {
      return null; // somebody may still bring it to an end
    }
  }

  private RunRow row(RunRow run) {
    RunRow now = skein.look().find(run.id());
    return now == null ? run : now;
  }
}
