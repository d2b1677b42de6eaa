package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.Node;
import dev.skein.runtime.Nodes;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Routes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Shows the processes that share the store.
public final class NodesApi {
  private static final double MICROS_A_MILLI = 1e3;

  private final Nodes nodes;

  public NodesApi(Nodes nodes) {
    this.nodes = nodes;
  }

  public void add(Routes routes) {
    routes.on(
        Operation.of("GET", "/api/v1/nodes", "listNodes", "The processes that share the store")
            .needs(Role.VIEWER, Reach.EVERYWHERE)
            .gives(200, "Nodes", "those that live first, then those that have gone lately"),
        _ -> list());
  }

  private Answer list() {
    ArrayNode json = Json.NODES.arrayNode();
    nodes.all().forEach(node -> json.add(json(node)));
    return Answer.ok(json).with("Cache-Control", "no-store");
  }

  private static ObjectNode json(Nodes.View view) {
    Node node = view.node();
    ObjectNode json = Json.NODES.objectNode();
    json.put("id", node.name());
    json.put("epoch", node.epoch());
    json.put("self", view.self());
    json.put("startedAt", node.startedAt().toString());
    json.put(
        "leaseExpiresAt", view.leaseExpiresAt() == null ? null : view.leaseExpiresAt().toString());
    json.put("alive", node.alive());
    json.put("leader", node.leads());
    ObjectNode runs = json.putObject("runs");
    runs.put("open", node.open().values().stream().mapToLong(Long::longValue).sum());
    for (RunStatus status : RunStatus.values()) {
      if (!status.ended()) {
        runs.put(status.toString(), node.open().getOrDefault(status, 0L));
      }
    }
    Node.Condition condition = node.condition();
    if (condition == null) {
      json.putNull("commit");
    } else {
      json.putObject("commit")
          .put("p50Millis", millis(condition.median()))
          .put("p99Millis", millis(condition.slowest()))
          .put("queue", condition.queued());
    }
    return json;
  }

  private static @Nullable Double millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toNanos() / 1_000.0 / MICROS_A_MILLI;
  }
}
