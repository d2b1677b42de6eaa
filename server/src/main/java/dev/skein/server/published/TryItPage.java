package dev.skein.server.published;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.interpreter.Json;
import dev.skein.model.ApiOperation;
import dev.skein.runtime.Skein;
import dev.skein.runtime.endpoint.Endpoint;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Shows the endpoints to people, who may try them: an OpenAPI document, and Swagger UI on it. The
/// page asks nobody but this server. Thread-safe.
public final class TryItPage {
  private static final String JAR = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private static final String ASSETS = "/META-INF/resources/webjars/swagger-ui/";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";

  /// Nothing from elsewhere, nothing inline.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Skein skein;
  private final Timeline time;
  private final Map<String, Asset> assets = new ConcurrentHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Asset(byte[] content, String tag) {
    static Asset of(byte[] content) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
        return new Asset(content, "\"" + HexFormat.of().formatHex(hash, 0, 16) + "\"");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("This JDK has no SHA-256; mend its settings", e);
      }
    }
  }

  public TryItPage(Skein skein, Timeline time) {
    this.skein = skein;
    this.time = time;
  }

  public void add(Routes routes) {
    routes
        .on("GET", "/apis", request -> own(request, "apis.html", HTML))
        .on("GET", "/apis/apis.js", request -> own(request, "apis.js", SCRIPT))
        .on("GET", "/apis/swagger-ui.css", request -> library(request, STYLE))
        .on("GET", "/apis/swagger-ui-bundle.js", request -> library(request, SCRIPT))
        .on("GET", "/apis/openapi.json", this::document)
        .on("GET", "/apis/{version}/openapi.json", this::documentOfVersion);
  }

  private Answer document(Request request) {
    return document(request, skein.endpoints().all(), "current");
  }

  private Answer documentOfVersion(Request request) {
    String version = request.parameter("version");
    List<Endpoint> endpoints =
        skein.endpoints().all().stream().filter(endpoint -> isOf(endpoint, version)).toList();
    if (endpoints.isEmpty()) {
      throw Refusal.notFound("no workflow is published as version '" + version + "' of an API");
    }
    return document(request, endpoints, version);
  }

  private static boolean isOf(Endpoint endpoint, String version) {
    ApiOperation operation = endpoint.operation();
    return version.equals(operation.version()) && !endpoint.path().equals(operation.path());
  }

  private Answer document(Request request, List<Endpoint> endpoints, String version) {
    JsonNode document = OpenApiDocument.of(endpoints, version, time.now());
    byte[] bytes = Json.text(document).getBytes(StandardCharsets.UTF_8);
    return tagged(request, Asset.of(bytes), "application/json");
  }

  private Answer own(Request request, String name, String type) {
    Asset asset = assets.computeIfAbsent(name, _ -> Asset.of(resource(name)));
    return tagged(request, asset, type);
  }

  private Answer library(Request request, String type) {
    String name = request.path().substring("/apis/".length());
    Asset asset =
        assets.computeIfAbsent(name, _ -> Asset.of(resource(ASSETS + version() + "/" + name)));
    return tagged(request, asset, type);
  }

  /// The version of the library on the class path, which is part of its paths.
  private static String version() {
    var properties = new Properties();
    try (InputStream in = open(JAR)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objects.requireNonNull(properties.getProperty("version"), "Swagger UI has no version");
  }

  private static byte[] resource(String name) {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(TryItPage.class.getResourceAsStream(name), name);
  }

  private static Answer tagged(Request request, Asset asset, String type) {
    Map<String, String> headers =
        Map.of(
            "ETag",
            asset.tag,
            "Cache-Control",
            "no-cache", // kept, and asked for each time
            "Content-Security-Policy",
            POLICY,
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer");
    return isKept(asset, request.header("If-None-Match"))
        ? Answer.empty(304).with(headers)
        : new Answer(200, Map.of("Content-Type", type), asset.content).with(headers);
  }

  private static boolean isKept(Asset asset, @Nullable String tags) {
    return tags != null && (tags.equals("*") || tags.contains(asset.tag));
  }
}
