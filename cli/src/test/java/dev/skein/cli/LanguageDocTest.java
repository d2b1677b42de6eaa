package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs every example of docs/language.md and compares what it prints. A block that begins with `#`
/// and a path is a file beside them.
class LanguageDocTest {
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "```yaml\n(document: \\{.*?name: (\\w+),.*?)```\n\n"
              + "(?:With the input `(.*?)`[^\n]*:\n\n)?```json\n(.*?)\n```",
          Pattern.DOTALL);

  private static final Pattern FILE =
      Pattern.compile("```\\w+\n# ([\\w./-]+/[\\w.-]+)\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  record Example(String workflow, String name, String input, String output) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Example> examples() throws IOException {
    Matcher found = EXAMPLE.matcher(Files.readString(Path.of("../docs/language.md")));
    var examples = new ArrayList<Example>();
    while (found.find()) {
      String input = found.group(3) == null ? "{}" : found.group(3);
      examples.add(new Example(found.group(1), found.group(2), input, found.group(4)));
    }
    assertThat(examples).hasSizeGreaterThan(10);
    return examples;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void printsWhatTheDocumentSays(Example example) throws Exception {
    HttpServer echo =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    echo.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          byte[] answer = ("{\"body\":" + new String(body) + "}").getBytes();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    echo.createContext(
        "/mirror",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String type = exchange.getRequestHeaders().getFirst("Content-Type");
          exchange.getResponseHeaders().set("Content-Type", type);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    echo.start();
    try (var mirror = new MirrorService()) {
      String local = "localhost:" + echo.getAddress().getPort();
      Path file = folder.resolve("x.yaml");
      Matcher beside = FILE.matcher(Files.readString(Path.of("../docs/language.md")));
      while (beside.find()) {
        Path other = folder.resolve(beside.group(1));
        Files.createDirectories(other.getParent());
        Files.writeString(other, beside.group(2).replace("localhost:8080", local));
      }
      Files.writeString(
          file,
          example
              .workflow
              .replace("localhost:8080", local)
              .replace("50051", String.valueOf(mirror.port())));
      var out = new StringWriter();
      var err = new StringWriter();
      int exit =
          Main.run(
              new PrintWriter(out, true),
              new PrintWriter(err, true),
              "run",
              file.toString(),
              "--quiet",
              "--input",
              example.input,
              "--data",
              folder.resolve("data").toString());
      assertThat(exit).as(err.toString()).isZero();
      assertThat(Json.parse(out.toString())).isEqualTo(Json.parse(example.output));
    } finally {
      echo.stop(0);
    }
  }
}
