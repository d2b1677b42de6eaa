package dev.skein.server.access;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.AuditWriter;
import dev.skein.runtime.access.AuditWriter.Act;
import dev.skein.runtime.access.AuditWriter.Outcome;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Guard;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Lets in who may come in, and writes down what they change. Thread-safe.
public final class AccessGuard implements Guard {
  /// What of a body says what is asked for, and is no data of anybody's.
  private static final List<String> TELLING =
      List.of(
          "reason",
          "action",
          "version",
          "dryRun",
          "filter",
          "from",
          "name",
          "role",
          "namespaces",
          "expires");

  private static final int LARGEST_READ = 64 * 1024;

  private final Identities identities;
  private final Authorizer authorizer;
  private final AuditWriter audit;
  private final Function<RuntimeException, @Nullable Refusal> refusals;

  /// @param refusals what an error of a handler is to the client
  public AccessGuard(
      Skein skein, Identities identities, Function<RuntimeException, @Nullable Refusal> refusals) {
    this.identities = identities;
    this.authorizer = new Authorizer(skein);
    this.audit = skein.access().audit();
    this.refusals = refusals;
  }

  @Override
  public Answer serve(Operation operation, Request request, Routes.Handler handler)
      throws InterruptedException {
    if (operation.needs().reach() == Reach.OPEN) {
      return handler.handle(request);
    }
    Identity who = identities.identity(request);
    Request admitted = request.by(who.principal());
    if (!operation.changes()) {
      authorizer.check(operation, admitted);
      return handler.handle(admitted).during(who.counts());
    }
    Act act = act(operation, admitted);
    String asked = audit.asked(act, operation.needs().isNew());
    try {
      authorizer.check(operation, admitted);
      Answer answer = handler.handle(admitted);
      String made = answer.headers().get("Location");
      audit.answered(asked, act, new Outcome(answer.status(), null, made));
      return answer;
    } catch (RuntimeException e) {
      Refusal refusal = e instanceof Refusal already ? already : refusals.apply(e);
      audit.answered(
          asked,
          act,
          refusal == null
              ? new Outcome(500, "internal", null)
              : new Outcome(refusal.status(), refusal.code(), null));
      throw e;
    }
  }

  private static Act act(Operation operation, Request request) {
    ObjectNode details = Json.NODES.objectNode();
    if (request.body().length > 0) {
      details.put("body", "sha256:" + Digests.sha256(request.body()));
    }
    if (!operation.needs().isNew() && request.body().length <= LARGEST_READ) {
      tell(request, details);
    }
    return new Act(
        request.principal().name(), request.remote(), operation.name(), request.path(), details);
  }

  private static void tell(Request request, ObjectNode details) {
    String type = request.mediaType();
    if (type != null && !type.equals(Operation.JSON)) {
      return;
    }
    try {
      JsonNode body = Json.parse(request.text());
      for (String name : TELLING) {
        if (body.has(name)) {
          details.set(name, body.get(name));
        }
      }
    } catch (JacksonException e) {
      details.put("malformed", true);
    }
  }
}
