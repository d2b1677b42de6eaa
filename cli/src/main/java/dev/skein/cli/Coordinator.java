package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.kernel.IncidentException;
import dev.skein.kernel.store.StoredKey;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Keys;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.api.KeysApi;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Who does what a command asks for: the server that holds the data, or this process, which opens
/// them for as long as the command takes.
sealed interface Coordinator extends AutoCloseable {
  void cancel(String run, String reason);

  void suspend(String run, String reason);

  void resume(String run, String reason);

  void retry(String run, String reason);

  void signal(String run, String type, JsonNode data);

  /// Returns the new run's id.
  ///
  /// @param data null for what the task has put out itself
  String fork(String run, String from, @Nullable JsonNode data, String reason);

  /// Returns the new run's id.
  ///
  /// @param input null for the same
  String rerun(String run, @Nullable JsonNode input, String reason);

  /// Returns the new run's id.
  ///
  /// @param name with its namespace and version where needed
  String start(String name, JsonNode input, @Nullable String id);

  /// Makes a key; returns it as the API does.
  JsonNode makeKey(KeyRequest request);

  /// Every key, as the API lists them.
  JsonNode keys();

  /// Returns the key as the API does.
  JsonNode revokeKey(String id);

  /// A key that is to be made.
  ///
  /// @param namespaces none for all
  /// @param expires null for never
  record KeyRequest(String name, Role role, List<String> namespaces, @Nullable Duration expires) {}

  /// As it stands when it has ended, or when the patience is over.
  String status(String run, Duration patience);

  @Override
  void close();

  /// This process.
  record Here(Skein skein) implements Coordinator {
    private WrittenDown audit() {
      return new WrittenDown(skein);
    }

    @Override
    public void cancel(String run, String reason) {
      audit().changing("cancelRun", run, reason, () -> skein.cancel(run, reason));
    }

    @Override
    public void suspend(String run, String reason) {
      audit().changing("suspendRun", run, reason, () -> skein.suspend(run, reason));
    }

    @Override
    public void resume(String run, String reason) {
      audit().changing("resumeRun", run, reason, () -> skein.resume(run));
    }

    @Override
    public void retry(String run, String reason) {
      audit().changing("retryRun", run, reason, () -> skein.act().retry(run, reason));
    }

    @Override
    public void signal(String run, String type, JsonNode data) {
      audit().changing("signalRun", run, null, () -> skein.signal(run, type, data));
    }

    @Override
    public String fork(String run, String from, @Nullable JsonNode data, String reason) {
      JsonNode output = data == null ? skein.act().output(run, from) : data;
      if (output == null) {
        throw new Failures.Usage(
            "'" + from + "' has put out nothing; say by --output what it would have");
      }
      return audit()
          .doing("forkRun", run, reason, () -> skein.act().fork(run, from, output, reason).id());
    }

    @Override
    public String rerun(String run, @Nullable JsonNode input, String reason) {
      return audit().doing("rerun", run, reason, () -> skein.act().rerun(run, input).id());
    }

    @Override
    public String start(String name, JsonNode input, @Nullable String id) {
      return audit()
          .doing(
              "startRun",
              name,
              null,
              () -> id == null ? skein.start(name, input) : skein.start(name, input, id));
    }

    @Override
    public JsonNode makeKey(KeyRequest request) {
      Roles roles = Roles.of(request.role, request.namespaces);
      Keys keys = skein.access().keys();
      String on = request.name + " as " + roles;
      Keys.Made made =
          audit()
              .doing("createKey", on, null, () -> keys.make(request.name, roles, request.expires));
      return KeysApi.json(made.key()).put("key", made.shown());
    }

    @Override
    public JsonNode keys() {
      ArrayNode all = Json.NODES.arrayNode();
      skein.access().keys().all().forEach(key -> all.add(KeysApi.json(key)));
      return all;
    }

    @Override
    public JsonNode revokeKey(String id) {
      StoredKey key =
          audit()
              .<@Nullable StoredKey>doing(
                  "revokeKey", id, null, () -> skein.access().keys().revoke(id));
      if (key == null) {
        throw new Failures.Refused("there is no key of the id '" + id + "'");
      }
      return KeysApi.json(key);
    }

    @Override
    public String status(String run, Duration patience) {
      try {
        if (!patience.isZero()) {
          var _ = skein.await(run, patience);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IncidentException e) {
        return skein.run(run).status(); // which its incident explains
      }
      return skein.run(run).status();
    }

    @Override
    public void close() {
      skein.close();
    }
  }

  /// A server.
  record There(String url, @Nullable String key, HttpClient client) implements Coordinator {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CONNECTING = Duration.ofSeconds(2);

    /// @param key what is shown to it; null for nothing
    static There at(String url, @Nullable String key) {
      String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      return new There(base, key, HttpClient.newBuilder().connectTimeout(CONNECTING).build());
    }

    /// Whether somebody answers there.
    boolean answers() {
      try {
        return send("GET", "/health/live", null, CONNECTING).statusCode() == 200;
      } catch (IOException | IllegalArgumentException e) {
        return false;
      }
    }

    private HttpResponse<String> send(
        String method, String path, @Nullable JsonNode body, Duration patience) throws IOException {
      var publisher =
          body == null
              ? HttpRequest.BodyPublishers.noBody()
              : HttpRequest.BodyPublishers.ofString(Json.text(body));
      var request =
          HttpRequest.newBuilder(URI.create(url + path))
              .method(method, publisher)
              .header("Content-Type", "application/json")
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
      HttpResponse<String> got;
      try {
        got = send(method, path, body, patience);
      } catch (ConnectException e) {
        throw new Failures.Refused("there is no server at " + url);
      } catch (IOException e) {
        throw new Failures.Refused("the server at " + url + " does not answer: " + e.getMessage());
      } catch (IllegalArgumentException e) {
        throw new Failures.Usage("'" + url + "' is no address of a server");
      }
      JsonNode answer = Json.parse(got.body());
      if (got.statusCode() >= 400) {
        throw new Failures.Refused(answer.path("detail").asString("the server refuses"));
      }
      return answer;
    }

    private JsonNode act(String run, String verb, ObjectNode body) {
      return ask("POST", path(run) + "/" + verb, body, PATIENCE);
    }

    private static String path(String run) {
      return "/api/v1/runs/" + URLEncoder.encode(run, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static ObjectNode because(String reason) {
      return Json.NODES.objectNode().put("reason", reason);
    }

    @Override
    public void cancel(String run, String reason) {
      act(run, "cancel", because(reason));
    }

    @Override
    public void suspend(String run, String reason) {
      act(run, "suspend", because(reason));
    }

    @Override
    public void resume(String run, String reason) {
      act(run, "resume", because(reason));
    }

    @Override
    public void retry(String run, String reason) {
      act(run, "retry", because(reason));
    }

    @Override
    public void signal(String run, String type, JsonNode data) {
      ObjectNode body = Json.NODES.objectNode().put("name", type);
      body.set("data", data);
      act(run, "signal", body);
    }

    @Override
    public String fork(String run, String from, @Nullable JsonNode data, String reason) {
      ObjectNode body = because(reason).put("from", from);
      if (data != null) {
        body.set("data", data);
      }
      return act(run, "fork", body).path("id").asString();
    }

    @Override
    public String rerun(String run, @Nullable JsonNode input, String reason) {
      ObjectNode body = because(reason);
      if (input != null) {
        body.set("input", input);
      }
      return act(run, "rerun", body).path("id").asString();
    }

    @Override
    public String start(String name, JsonNode input, @Nullable String id) {
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
      return ask("POST", "/api/v1/runs", body, PATIENCE).path("id").asString();
    }

    @Override
    public JsonNode makeKey(KeyRequest request) {
      ObjectNode body =
          Json.NODES.objectNode().put("name", request.name).put("role", request.role.toString());
      ArrayNode namespaces = body.putArray("namespaces");
      request.namespaces.forEach(namespaces::add);
      if (request.expires != null) {
        body.put("expires", request.expires.toString());
      }
      return ask("POST", "/api/v1/keys", body, PATIENCE);
    }

    @Override
    public JsonNode keys() {
      return ask("GET", "/api/v1/keys", null, PATIENCE).path("keys");
    }

    @Override
    public JsonNode revokeKey(String id) {
      String path = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
      return ask("DELETE", "/api/v1/keys/" + path, null, PATIENCE);
    }

    @Override
    public String status(String run, Duration patience) {
      String query = patience.isZero() ? "" : "?wait=" + patience;
      return ask("GET", path(run) + query, null, patience.plus(PATIENCE)).path("status").asString();
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
