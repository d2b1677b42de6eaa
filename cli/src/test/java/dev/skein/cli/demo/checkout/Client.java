package dev.skein.cli.demo.checkout;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls a service as a workflow would.
record Client(HttpClient http) {
  record Reply(int status, JsonNode body) {}

  Reply send(LedgerService service, String method, String path, @Nullable String key, String body)
      throws IOException, InterruptedException {
    return send(URI.create(service.url() + path), method, key, body);
  }

  Reply send(URI uri, String method, @Nullable String key, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    return new Reply(response.statusCode(), JsonMapper.shared().readTree(response.body()));
  }

  JsonNode ledger(LedgerService service) throws IOException, InterruptedException {
    return send(service, "GET", "/ledger", null, "").body();
  }
}
