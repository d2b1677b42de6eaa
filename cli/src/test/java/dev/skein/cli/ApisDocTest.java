package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What docs/apis.md shows works as it says, on a server that `skein serve` runs.
class ApisDocTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w+)\n(?:# (\\S+)\n)?(.*?)```");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir private Path folder;
  private List<Block> blocks;

  /// @param file what it is to be called; null if it is no file
  private record Block(String language, String file, String text) {}

  @BeforeEach
  void readTheDocument() throws IOException {
    blocks =
        BLOCK
            .matcher(Files.readString(Path.of("../docs/apis.md")))
            .results()
            .map((MatchResult m) -> new Block(m.group(1), m.group(2), m.group(3)))
            .toList();
    for (Block block : blocks) {
      if (block.file != null) {
        Files.writeString(folder.resolve(block.file), block.text);
      }
    }
  }

  /// A server in a thread of its own.
  private final class Serving implements AutoCloseable {
    private final BufferedReader said;
    private final Thread thread;
    private final List<String> published = new ArrayList<>();
    private final String url;

    Serving() throws IOException {
      var pipe = new PipedWriter();
      said = new BufferedReader(new PipedReader(pipe));
      var err = new PrintWriter(pipe, true);
      String data = folder.resolve("data").toString();
      thread =
          Thread.ofPlatform()
              .start(() -> {
                Main.run(
                    new PrintWriter(new StringWriter()),
                    err,
                    "serve",
                    "--port",
                    "0",
                    "--data",
                    data);
                err.close();
              });
      String line = said.readLine();
      while (line != null && !line.startsWith("skein: serving on ")) {
        published.add(line);
        line = said.readLine();
      }
      url = String.valueOf(line).substring("skein: serving on ".length());
    }

    @Override
    public void close() {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void deploy(String file) {
    var err = new StringWriter();
    int exit =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            "deploy",
            folder.resolve(file).toString(),
            "--data",
            folder.resolve("data").toString());
    assertThat(exit).as(err.toString()).isZero();
  }

  private static HttpResponse<String> curl(String command, String url) throws Exception {
    List<String> words =
        WORD.matcher(command)
            .results()
            .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
            .toList();
    var request = HttpRequest.newBuilder();
    String method = "GET";
    String body = "";
    for (int i = 1; i < words.size(); i++) {
      switch (words.get(i)) {
        case "-s" -> {}
        case "-X" -> method = words.get(++i);
        case "-H" ->
            request.header(words.get(++i).split(": ", 2)[0], words.get(i).split(": ", 2)[1]);
        case "-d" -> {
          body = words.get(++i);
          method = "POST";
        }
        default -> request.uri(URI.create(words.get(i).replace("localhost:7400", url)));
      }
    }
    request.method(method, HttpRequest.BodyPublishers.ofString(body));
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static void contains(JsonNode whole, JsonNode part) {
    part.properties()
        .forEach(field ->
            assertThat(whole.path(field.getKey()))
                .as(whole.toString())
                .isEqualTo(field.getValue()));
  }

  @Test
  void everyCommandAnswersWhatStandsBelowIt() throws Exception {
    blocks.stream().map(Block::file).filter(f -> f != null).forEach(this::deploy);
    int answers = 0;
    try (var serving = new Serving()) {
      for (int i = 0; i < blocks.size(); i++) {
        String last = blocks.get(i).text.strip();
        last = last.substring(last.lastIndexOf('\n') + 1);
        if (last.startsWith("curl ")) {
          HttpResponse<String> got = curl(last, serving.url);
          contains(Json.parse(got.body()), Json.parse(blocks.get(i + 1).text));
          answers++;
          if (last.contains("/v0/")) {
            for (String header : List.of("Deprecation", "Sunset", "Link")) {
              String value = header + ": " + got.headers().firstValue(header).orElse("");
              assertThat(Files.readString(Path.of("../docs/apis.md"))).contains("`" + value + "`");
            }
          }
        }
      }
      assertThat(serving.published)
          .contains(
              "skein: publishes POST /quotes/{item} (examples/quote:1.0.0)",
              "skein: publishes POST /v0/quotes/{item} (examples/quote:0.9.0)",
              "skein: publishes POST /hooks/github (docs/pushed:1.0.0)");
    }
    assertThat(answers).isEqualTo(3);
  }

  @Test
  void theExampleIsTheOneOfTheDocument() throws Exception {
    assertThat(blocks.getFirst().text)
        .isEqualTo(Files.readString(Path.of("../examples/quote/quote.yaml")));
  }
}
