package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.StoredDefinition;
import dev.skein.model.DataSchema;
import dev.skein.runtime.Skein;
import dev.skein.runtime.WorkflowText;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Workflows: deploying and reading them.
public final class DefinitionsApi {
  private static final String ALL = "/api/v1/definitions";
  private static final String WORKFLOW = ALL + "/{namespace}/{name}";
  private static final String ONE = WORKFLOW + "/{version}";
  private static final List<String> READ_AS = List.of(Operation.JSON, "application/yaml");
  private static final List<String> TEXTS =
      List.of("application/yaml", Operation.JSON, "text/yaml", "text/plain", "application/x-yaml");

  private final Skein skein;

  public DefinitionsApi(Skein skein) {
    this.skein = skein;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("POST", ALL, "deploy", "Deploys a workflow")
                .needs(Role.DEVELOPER, Reach.SOMEWHERE)
                .query("replace", "{\"type\": \"boolean\"}", "for development: in place of another")
                .takes(new Operation.Body(TEXTS, "", true))
                .gives(201, "WorkflowRef", "it is deployed")
                .refuses(400, 409, 503),
            this::deploy)
        .on(
            Operation.of("GET", ALL, "listDefinitions", "Lists what is deployed")
                .needs(Role.VIEWER, Reach.SOMEWHERE)
                .gives(200, "Definitions", "every version of every workflow"),
            this::list)
        .on(
            Operation.of("GET", WORKFLOW, "listVersions", "Lists the versions of a workflow")
                .needs(Role.VIEWER, Reach.NAMESPACE)
                .gives(200, "Versions", "the newest first, with what is open of each")
                .refuses(404),
            this::versions)
        .on(
            Operation.of("GET", ONE, "readDefinition", "Reads a workflow")
                .needs(Role.VIEWER, Reach.NAMESPACE)
                .gives(200, new Operation.Reply("as it was written", READ_AS, "Definition"))
                .refuses(404),
            this::read)
        .on(
            Pictures.declared(
                    Operation.of(
                        "GET", ONE + "/graph.svg", "drawDefinition", "The graph of a workflow"))
                .needs(Role.VIEWER, Reach.NAMESPACE)
                .refuses(400, 404),
            this::graph)
        .on(
            Operation.of("GET", ONE + "/schema", "readSchema", "The schema of a workflow's input")
                .needs(Role.VIEWER, Reach.NAMESPACE)
                .gives(
                    200,
                    new Operation.Reply("as JSON Schema", List.of("application/schema+json"), ""))
                .refuses(404),
            this::schema);
  }

  private Answer deploy(Request request) {
    boolean replace = "true".equals(request.query("replace"));
    String text = request.text();
    if (!request.roles().everywhereAtLeast(Role.DEVELOPER)) {
      String namespace = WorkflowText.read(text).document().namespace();
      request.demand(Role.DEVELOPER, namespace, Refusal.forbidden("this namespace is not yours"));
    }
    WorkflowRef ref = replace ? skein.deployOrReplace(text) : skein.deploy(text);
    return Answer.json(201, json(ref)).with("Location", location(ref));
  }

  private Answer list(Request request) {
    ArrayNode all = Json.NODES.arrayNode();
    for (StoredDefinition stored : skein.look().definitions()) {
      if (request.roles().in(stored.workflow().namespace(), Role.VIEWER)) {
        all.add(json(stored.workflow()).put("deployedAt", stored.deployedAt().toString()));
      }
    }
    return Answer.ok(Json.NODES.objectNode().set("definitions", all));
  }

  /// A version that has open runs and is not deployed was registered by a program.
  private Answer versions(Request request) {
    String namespace = request.parameter("namespace");
    String name = request.parameter("name");
    var open = new TreeMap<>(skein.look().openRuns(namespace, name));
    ArrayNode versions = Json.NODES.arrayNode();
    for (StoredDefinition stored : skein.look().definitions().reversed()) {
      WorkflowRef ref = stored.workflow();
      if (ref.namespace().equals(namespace) && ref.name().equals(name)) {
        ObjectNode version = json(ref).put("deployedAt", stored.deployedAt().toString());
        versions.add(version.set("open", counts(open.remove(ref.version()))));
      }
    }
    open.forEach((version, counts) -> {
      ObjectNode json = json(new WorkflowRef(namespace, name, version)).putNull("deployedAt");
      versions.add(json.set("open", counts(counts)));
    });
    if (versions.isEmpty()) {
      throw Refusal.of(404, "no-such-workflow", "there is no such workflow");
    }
    return Answer.ok(Json.NODES.objectNode().set("versions", versions));
  }

  private static ObjectNode counts(@Nullable Map<RunStatus, Long> counts) {
    ObjectNode json = Json.NODES.objectNode();
    if (counts != null) {
      counts.forEach((status, count) -> json.put(status.toString(), count));
    }
    return json;
  }

  private Answer read(Request request) {
    StoredDefinition stored = stored(request);
    String accept = request.header("Accept");
    if (accept != null && accept.contains("yaml")) {
      return Answer.of(200, "application/yaml", stored.source()).tagged();
    }
    ObjectNode json = json(stored.workflow());
    json.put("deployedAt", stored.deployedAt().toString());
    json.put("source", stored.source());
    return Answer.ok(json).with("Vary", "Accept").tagged();
  }

  private Answer graph(Request request) {
    return Pictures.of(request, stored(request).source());
  }

  /// Of the input; `{}` if it says nothing of it.
  private Answer schema(Request request) {
    DataSchema schema = WorkflowText.read(stored(request).source()).data().inputSchema();
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
