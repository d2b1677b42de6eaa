package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The API as an OpenAPI 3.1 document, made of what the routes say of themselves.
public final class DescriptionApi {
  private static final String PATH = "/openapi.json";
  private static final String VERSION = "1.0.0";

  /// What any request may be answered, whatever it asks for.
  private static final List<Integer> ALWAYS =
      List.of(400, 401, 403, 404, 405, 406, 413, 415, 429, 500, 503);

  private final Routes routes;

  /// @param routes all of them, once the server has begun
  public DescriptionApi(Routes routes) {
    this.routes = routes;
  }

  public void add(Routes to) {
    to.on(
        Operation.of("GET", PATH, "describe", "This document").open().gives(200, "", "OpenAPI 3.1"),
        _ -> Answer.ok(document()).tagged());
  }

  private ObjectNode document() {
    ObjectNode document = Json.NODES.objectNode();
    document.put("openapi", "3.1.0");
    document.putObject("info").put("title", "Skein").put("version", VERSION);
    document.putArray("servers").addObject().put("url", "/");
    ObjectNode paths = document.putObject("paths");
    for (Operation operation : routes.operations()) {
      paths
          .withObjectProperty(operation.path())
          .set(operation.method().toLowerCase(Locale.ROOT), operation(operation));
    }
    ObjectNode components = document.putObject("components");
    components.set("schemas", schemas());
    components
        .putObject("securitySchemes")
        .putObject("key")
        .put("type", "http")
        .put("scheme", "bearer")
        .put(
            "description",
            "a key made by 'skein key create'; not asked for before the first is made");
    return document;
  }

  private static JsonNode schemas() {
    String file = "schemas.json";
    try (InputStream in =
        Objects.requireNonNull(DescriptionApi.class.getResourceAsStream(file), file)) {
      return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode operation(Operation operation) {
    ObjectNode json = Json.NODES.objectNode();
    json.put("operationId", operation.name());
    json.put("summary", operation.summary());
    ArrayNode parameters = json.putArray("parameters");
    for (String segment : operation.path().split("/", -1)) {
      if (segment.startsWith("{")) {
        String name = segment.substring(1, segment.length() - 1);
        parameter(parameters, name, "path", "{\"type\": \"string\"}").put("required", true);
      }
    }
    for (Operation.Parameter one : operation.query()) {
      query(parameters, one);
    }
    Operation.Body takes = operation.takes();
    if (takes != null) {
      ObjectNode body = json.putObject("requestBody").put("required", takes.required());
      content(body, takes.types(), takes.schema());
    }
    responses(json.putObject("responses"), operation);
    Operation.Needs needs = operation.needs();
    ArrayNode security = json.putArray("security");
    if (needs.reach() != Operation.Reach.OPEN) {
      security.addObject().putArray("key");
      json.put("x-skein-role", needs.least().toString());
    }
    return json;
  }

  private static ObjectNode parameter(ArrayNode to, String name, String in, String schema) {
    ObjectNode parameter = to.addObject().put("name", name).put("in", in);
    parameter.set("schema", Json.parse(schema));
    return parameter;
  }

  /// All that begin alike are the properties of one object.
  private static void query(ArrayNode to, Operation.Parameter one) {
    boolean many = one.name().endsWith("*");
    String schema =
        many
            ? "{\"type\": \"object\", \"additionalProperties\": " + one.schema() + "}"
            : one.schema();
    ObjectNode parameter = parameter(to, one.name(), "query", schema);
    parameter.put("description", one.summary());
    if (many) {
      parameter.put("style", "form").put("explode", true);
    }
  }

  private static void content(ObjectNode to, List<String> types, String schema) {
    ObjectNode content = to.putObject("content");
    for (String type : types) {
      ObjectNode media = content.putObject(type);
      if (!schema.isEmpty()) {
        media.putObject("schema").put("$ref", "#/components/schemas/" + schema);
      }
    }
  }

  private static void responses(ObjectNode responses, Operation operation) {
    operation
        .answers()
        .forEach((status, reply) -> {
          ObjectNode response = responses.putObject(Integer.toString(status));
          response.put("description", reply.summary());
          if (!reply.types().isEmpty()) {
            content(response, reply.types(), reply.schema());
          }
        });
    if (operation.method().equals("GET")) {
      responses.putObject("304").put("description", "the client has the newest already");
    }
    var problems = new TreeSet<>(operation.problems());
    problems.addAll(ALWAYS);
    problems.removeAll(operation.answers().keySet());
    for (int status : problems) {
      ObjectNode problem = responses.putObject(Integer.toString(status));
      problem.put("description", "a problem, with a stable code");
      content(problem, List.of("application/problem+json"), "Problem");
    }
  }
}
