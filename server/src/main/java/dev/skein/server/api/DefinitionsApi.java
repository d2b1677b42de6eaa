package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.StoredDefinition;
import dev.skein.model.DataSchema;
import dev.skein.runtime.Skein;
import dev.skein.runtime.graph.WorkflowGraph;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Workflows: deploying and reading them.
public final class DefinitionsApi {
  private static final String ONE = "/api/v1/definitions/{namespace}/{name}/{version}";

  private final Skein skein;

  public DefinitionsApi(Skein skein) {
    this.skein = skein;
  }

  public void add(Routes routes) {
    routes
        .on("POST", "/api/v1/definitions", this::deploy)
        .on("GET", "/api/v1/definitions", _ -> list())
        .on("GET", ONE, this::read)
        .on("GET", ONE + "/graph.svg", this::graph)
        .on("GET", ONE + "/schema", this::schema);
  }

  private Answer deploy(Request request) {
    boolean replace = "true".equals(request.query("replace"));
    String text = request.text();
    WorkflowRef ref = replace ? skein.deployOrReplace(text) : skein.deploy(text);
    return Answer.json(201, json(ref)).with("Location", location(ref));
  }

  private Answer list() {
    ArrayNode all = Json.NODES.arrayNode();
    for (StoredDefinition stored : skein.look().definitions()) {
      all.add(json(stored.workflow()).put("deployedAt", stored.deployedAt().toString()));
    }
    return Answer.ok(Json.NODES.objectNode().set("definitions", all));
  }

  private Answer read(Request request) {
    StoredDefinition stored = stored(request);
    String accept = request.header("Accept");
    if (accept != null && accept.contains("yaml")) {
      return Answer.of(200, "application/yaml", stored.source());
    }
    ObjectNode json = json(stored.workflow());
    json.put("deployedAt", stored.deployedAt().toString());
    json.put("source", stored.source());
    return Answer.ok(json);
  }

  private Answer graph(Request request) {
    return Answer.of(200, "image/svg+xml", WorkflowGraph.svg(Skein.read(stored(request).source())));
  }

  /// Of the input; `{}` if it says nothing of it.
  private Answer schema(Request request) {
    DataSchema schema = Skein.read(stored(request).source()).data().inputSchema();
    DataSchema.Documents documents = schema == null ? null : schema.documents();
    JsonNode root = documents == null ? null : documents.byUri().get(documents.root());
    return Answer.of(200, "application/schema+json", root == null ? "{}" : Json.text(root));
  }

  private StoredDefinition stored(Request request) {
    var ref =
        new WorkflowRef(
            request.parameter("namespace"),
            request.parameter("name"),
            request.parameter("version"));
    StoredDefinition stored = skein.look().definition(ref);
    if (stored == null) {
      throw Refusal.of(404, "no-such-workflow", "workflow " + ref + " is not deployed");
    }
    return stored;
  }

  static ObjectNode json(WorkflowRef ref) {
    return Json.NODES
        .objectNode()
        .put("namespace", ref.namespace())
        .put("name", ref.name())
        .put("version", ref.version());
  }

  private static String location(WorkflowRef ref) {
    return "/api/v1/definitions/%s/%s/%s".formatted(ref.namespace(), ref.name(), ref.version());
  }
}
