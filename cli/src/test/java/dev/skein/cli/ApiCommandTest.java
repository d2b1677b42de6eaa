package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ApiCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int diff(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] all = new String[arguments.length + 2];
    all[0] = "api";
    all[1] = "diff";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  /// An API with one operation, that has one parameter.
  private static String api(String parameter) {
    return """
    openapi: 3.0.3
    info: {title: Pets, version: "1"}
    paths:
      /pets:
        get:
          parameters: [%s]
          responses: {"200": {description: ok}}
    """
        .formatted(parameter);
  }

  private static final String LIMIT = "{name: limit, in: query, schema: {type: integer}}";
  private static final String MUST =
      "{name: limit, in: query, required: true, schema: {type: integer}}";

  @Test
  void whatBreaksFailsTheBuild() throws Exception {
    String old = file("old.yaml", api(LIMIT));
    String later = file("new.yaml", api(MUST));
    assertThat(diff(old, later)).isEqualTo(1);
    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            """
            breaking    GET /pets: query parameter limit must be given
            1 breaking, 0 risky, 0 compatible
            """);
    assertThat(diff(later, old)).isZero();
    assertThat(out.toString()).startsWith("compatible  GET /pets").contains("may be left out");
    assertThat(diff(old, old)).isZero();
    assertThat(out.toString())
        .isEqualToNormalizingNewlines("no differences that matter to callers\n");
  }

  @Test
  void whatMayBreakFailsItIfAskedTo() throws Exception {
    String old = file("old.yaml", api(LIMIT));
    String later = file("new.yaml", api(""));
    assertThat(diff(old, later)).isZero();
    assertThat(out.toString()).startsWith("risky ");
    assertThat(diff(old, later, "--fail-on", "risky")).isEqualTo(1);
  }

  @Test
  void differencesAreAlsoData() throws Exception {
    String old = file("old.yaml", api(LIMIT));
    String later = file("new.yaml", api(MUST));
    assertThat(diff(old, later, "--json")).isEqualTo(1);
    JsonNode all = Json.parse(out.toString());
    assertThat(all.path("breaking").intValue()).isEqualTo(1);
    assertThat(all.path("changes"))
        .containsExactly(
            Json.parse(
                """
                {"level": "breaking", "operation": "GET /pets",
                 "where": "query parameter limit", "what": "must be given"}
                """));
  }

  @Test
  void whatIsServedIsComparedWithWhatWasAgreedOn() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/openapi.yaml",
        exchange -> {
          byte[] body = api(MUST).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String url = "http://localhost:" + server.getAddress().getPort();
    try {
      assertThat(diff(file("agreed.yaml", api(LIMIT)), url + "/openapi.yaml")).isEqualTo(1);
      assertThat(out.toString()).contains("limit must be given");
      assertThat(diff(url + "/openapi.yaml", url + "/nothing")).isEqualTo(2);
      assertThat(err.toString()).contains("/nothing ").contains("404");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whatCannotBeReadIsSaidInASentence() throws Exception {
    String good = file("good.yaml", api(LIMIT));
    assertThat(diff(good, folder.resolve("none.yaml").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("there is no file").contains("none.yaml");
    assertThat(diff(good, file("torn.yaml", "openapi: [3"))).isEqualTo(2);
    assertThat(err.toString()).contains("torn.yaml:1:");
    assertThat(diff(good, file("other.yaml", "title: shopping list"))).isEqualTo(2);
    assertThat(err.toString()).contains("is no OpenAPI document").doesNotContain("Exception");
    assertThat(diff(good, file("hole.yaml", api("{$ref: '#/components/parameters/Gone'}"))))
        .isEqualTo(2);
    assertThat(err.toString()).contains("'#/components/parameters/Gone' leads to nothing");
    assertThat(diff(good, "http://[nonsense")).isEqualTo(2);
    assertThat(diff(good)).isEqualTo(2);
    assertThat(err.toString()).contains("NEW");
  }
}
