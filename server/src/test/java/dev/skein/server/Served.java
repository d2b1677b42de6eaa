package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/// A server on a data directory, and somebody who calls it.
final class Served implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  final Skein skein;
  final Server server;

  Served(Path data) {
    this(data, Timeline.system());
  }

  Served(Path data, Timeline time) {
    this(data, ServerOptions.at("127.0.0.1", 0), time);
  }

  Served(Path data, ServerOptions options, Timeline time) {
    this(Skein.open(data), options, time);
  }

  Served(Skein skein, ServerOptions options, Timeline time) {
    this.skein = skein;
    this.server = new Server(skein, options, time);
  }

  /// As a project sets it.
  static Served with(Path data, String settings) {
    var read = Settings.read(settings);
    assertThat(read.diagnostics()).isEmpty();
    Skein skein = Skein.open(data, EngineOptions.DEFAULT, read.result());
    return new Served(skein, ServerOptions.of(read.result(), "127.0.0.1", 0), Timeline.system());
  }

  /// What came back.
  record Got(int status, String body, HttpResponse<String> response) {
    JsonNode json() {
      return Json.parse(body);
    }

    /// Empty if there is none.
    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String code() {
      return json().path("code").asString("");
    }
  }

  Got send(String method, String path, String body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Got(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(method + " " + path, e);
    }
  }

  Got get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  Got post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  void deploy(String workflow) {
    Got got = post("/api/v1/definitions", workflow);
    assertThat(got.status).as(got.body).isEqualTo(201);
  }

  static void secret(Path data, String name, String value) throws IOException {
    Files.createDirectories(data.resolve("secrets"));
    Files.writeString(data.resolve("secrets").resolve(name), value);
  }

  @Override
  public void close() {
    server.close();
    skein.close();
    client.close();
  }
}
