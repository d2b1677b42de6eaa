package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.server.Server;
import dev.skein.server.ServerOptions;
import dev.skein.server.access.Identities;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Who does what a command asks for: the server that holds the data, or one of this process's own,
/// which serves them to nobody else for as long as the command takes.
final class Coordinator implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String JSON = "application/json";
  private static final Duration CONNECTING = Duration.ofSeconds(2);

  private final String url;
  private final @Nullable String key;
  private final Runnable whenClosed;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECTING).build();

  private Coordinator(String url, @Nullable String key, Runnable whenClosed) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.key = key;
    this.whenClosed = whenClosed;
  }

  /// @param key what is shown to it; null for nothing
  static Coordinator at(String url, @Nullable String key) {
    return new Coordinator(url, key, () -> {});
  }

  /// Serves the opened data to this command; closes both.
  static Coordinator of(Skein skein) {
    String key = Identities.localKey(skein.access().keys());
    var server = new Server(skein, ServerOptions.at("127.0.0.1", 0).withLocalKey(key));
    return new Coordinator(
        server.url(),
        key,
        () -> {
          server.close();
          skein.close();
        });
  }

  /// Where it is asked.
  String url() {
    return url;
  }

  /// Whether somebody answers there.
  boolean answers() {
    try {
      return send("GET", "/health/live", JSON, null, CONNECTING).statusCode() == 200;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  /// What it says of whether requests should come to it: `up` if so; null if nobody answers.
  @Nullable String readiness() {
    try {
      HttpResponse<String> got = send("GET", "/health/ready", JSON, null, CONNECTING);
      return Json.parse(got.body()).path("status").asString("status " + got.statusCode());
    } catch (IOException | IllegalArgumentException | JacksonException e) {
      return null;
    }
  }

  private HttpResponse<String> send(
      String method, String path, String type, @Nullable String body, Duration patience)
      throws IOException {
    var publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(method, publisher)
            .header("Content-Type", type)
            .timeout(patience);
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server was asked", e);
    }
  }

  private JsonNode ask(String method, String path, @Nullable JsonNode body, Duration patience) {
    return ask(method, path, JSON, body == null ? null : Json.text(body), patience);
  }

  private JsonNode ask(
      String method, String path, String type, @Nullable String body, Duration patience) {
    HttpResponse<String> got;
    try {
      got = send(method, path, type, body, patience);
    } catch (ConnectException e) {
      throw new Failures.Refused("there is no server at " + url);
    } catch (IOException e) {
      throw new Failures.Refused("the server at " + url + " does not answer: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new Failures.Usage("'" + url + "' is no address of a server");
    }
    JsonNode answer = Json.parse(got.body());
    if (got.statusCode() >= 400) {
      throw new Failures.Refused(answer.path("detail").asString("the server refuses"), answer);
    }
    return answer;
  }

  /// What the API answers.
  ///
  /// @param path with `/api/v1`
  /// @param body null for none
  /// @throws Failures.Refused with its problem, if that is what it answers
  JsonNode ask(String method, String path, @Nullable JsonNode body) {
    return ask(method, path, body, PATIENCE);
  }

  /// Has something done to one run.
  JsonNode act(String run, String verb, ObjectNode body) {
    return ask("POST", "/api/v1/runs/" + segment(run) + "/" + verb, body);
  }

  /// Text as a part of a path.
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static ObjectNode because(String reason) {
    return Json.NODES.objectNode().put("reason", reason);
  }

  /// Deploys a workflow; returns what it is.
  ///
  /// @throws Failures.Refused with diagnostics in its problem, if there are mistakes in it
  JsonNode deploy(String yaml, boolean replace) {
    String path = "/api/v1/definitions" + (replace ? "?replace=true" : "");
    return ask("POST", path, "application/yaml", yaml, PATIENCE);
  }

  void cancel(String run, String reason) {
    act(run, "cancel", because(reason));
  }

  void suspend(String run, String reason) {
    act(run, "suspend", because(reason));
  }

  void resume(String run, String reason) {
    act(run, "resume", because(reason));
  }

  void retry(String run, String reason) {
    act(run, "retry", because(reason));
  }

  void signal(String run, String type, JsonNode data) {
    ObjectNode body = Json.NODES.objectNode().put("name", type);
    body.set("data", data);
    act(run, "signal", body);
  }

  /// Returns the new run's id.
  ///
  /// @param data null for what the task has put out itself
  String fork(String run, String from, @Nullable JsonNode data, String reason) {
    ObjectNode body = because(reason).put("from", from);
    if (data != null) {
      body.set("data", data);
    }
    return act(run, "fork", body).path("id").asString();
  }

  /// Returns the new run's id.
  ///
  /// @param input null for the same
  String rerun(String run, @Nullable JsonNode input, String reason) {
    ObjectNode body = because(reason);
    if (input != null) {
      body.set("input", input);
    }
    return act(run, "rerun", body).path("id").asString();
  }

  /// Returns the new run's id.
  ///
  /// @param name with its namespace and version where needed
  String start(String name, JsonNode input, @Nullable String id) {
    ObjectNode body = Json.NODES.objectNode();
    int slash = name.indexOf('/');
    int colon = name.indexOf(':', slash + 1);
    ObjectNode workflow = body.putObject("workflow");
    if (slash >= 0) {
      workflow.put("namespace", name.substring(0, slash));
    }
    workflow.put("name", name.substring(slash + 1, colon < 0 ? name.length() : colon));
    if (colon >= 0) {
      workflow.put("version", name.substring(colon + 1));
    }
    body.set("input", input);
    if (id != null) {
      body.put("id", id);
    }
    return ask("POST", "/api/v1/runs", body).path("id").asString();
  }

  /// A key that is to be made.
  ///
  /// @param namespaces none for all
  /// @param expires null for never
  record KeyRequest(String name, Role role, List<String> namespaces, @Nullable Duration expires) {}

  /// Makes a key; returns it as the API does.
  JsonNode makeKey(KeyRequest request) {
    ObjectNode body =
        Json.NODES.objectNode().put("name", request.name).put("role", request.role.toString());
    ArrayNode namespaces = body.putArray("namespaces");
    request.namespaces.forEach(namespaces::add);
    if (request.expires != null) {
      body.put("expires", request.expires.toString());
    }
    return ask("POST", "/api/v1/keys", body);
  }

  /// Every key, as the API lists them.
  JsonNode keys() {
    return ask("GET", "/api/v1/keys", null).path("keys");
  }

  /// Returns the key as the API does.
  JsonNode revokeKey(String id) {
    return ask("DELETE", "/api/v1/keys/" + segment(id), null);
  }

  /// As it stands when it has ended, or when the patience is over.
  String status(String run, Duration patience) {
    String query = patience.isZero() ? "" : "?wait=" + patience;
    return ask("GET", "/api/v1/runs/" + segment(run) + query, null, patience.plus(PATIENCE))
        .path("status")
        .asString();
  }

  @Override
  public void close() {
    client.close();
    whenClosed.run();
  }
}
