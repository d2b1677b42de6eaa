package dev.skein.server.published;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.interpreter.Json;
import dev.skein.model.ApiOperation;
import dev.skein.runtime.Skein;
import dev.skein.runtime.endpoint.Endpoint;
import dev.skein.server.http.Answer;
import dev.skein.server.http.PageFiles;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Shows the endpoints to people, who may try them: an OpenAPI document, and Swagger UI on it.
/// Thread-safe.
public final class TryItPage {
  private final Skein skein;
  private final Timeline time;
  private final PageFiles files = new PageFiles(TryItPage.class);

  public TryItPage(Skein skein, Timeline time) {
    this.skein = skein;
    this.time = time;
  }

  public void add(Routes routes) {
    routes
        .on("GET", "/apis", _ -> files.file("apis.html"))
        .on("GET", "/apis/apis.js", _ -> files.file("apis.js"))
        .on("GET", "/apis/swagger-ui.css", _ -> library("swagger-ui.css"))
        .on("GET", "/apis/swagger-ui-bundle.js", _ -> library("swagger-ui-bundle.js"))
        .on("GET", "/apis/openapi.json", _ -> document(skein.endpoints().all(), "current"))
        .on("GET", "/apis/{version}/openapi.json", this::documentOfVersion);
  }

  private Answer library(String name) {
    return files.library("org.webjars", "swagger-ui", name);
  }

  private Answer documentOfVersion(Request request) {
    String version = request.parameter("version");
    List<Endpoint> endpoints =
        skein.endpoints().all().stream().filter(endpoint -> isOf(endpoint, version)).toList();
    if (endpoints.isEmpty()) {
      throw Refusal.notFound("no workflow is published as version '" + version + "' of an API");
    }
    return document(endpoints, version);
  }

  private static boolean isOf(Endpoint endpoint, String version) {
    ApiOperation operation = endpoint.operation();
    return version.equals(operation.version()) && !endpoint.path().equals(operation.path());
  }

  private Answer document(List<Endpoint> endpoints, String version) {
    JsonNode document = OpenApiDocument.of(endpoints, version, time.now());
    return Answer.of(200, "application/json", Json.text(document))
        .with("X-Content-Type-Options", "nosniff")
        .tagged();
  }
}
