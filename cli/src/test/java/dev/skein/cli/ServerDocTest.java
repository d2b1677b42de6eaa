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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What docs/server.md shows works as it says, and commands act through the server that holds the
/// data.
class ServerDocTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w+)\n(?:# (\\S+)\n)?(.*?)```");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir private Path folder;
  private Thread serving;
  private String url = "";

  private record Block(String language, String file, String text) {}

  @BeforeEach
  void serve() throws IOException {
    var pipe = new PipedWriter();
    var said = new BufferedReader(new PipedReader(pipe));
    var err = new PrintWriter(pipe, true);
    serving =
        Thread.ofPlatform()
            .start(() -> {
              Main.run(
                  new PrintWriter(new StringWriter()),
                  err,
                  "serve",
                  "--port",
                  "0",
                  "--data",
                  data());
              err.close();
            });
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith("skein: serving on ")) {
        url = line.substring("skein: serving on ".length());
        return;
      }
    }
    throw new AssertionError("the server has not begun");
  }

  @AfterEach
  void stop() throws InterruptedException {
    serving.interrupt();
    serving.join();
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private record Ran(int exit, String out, String err) {
    JsonNode json() {
      return Json.parse(out);
    }
  }

  private Ran skein(String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", data()));
    int exit =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    return new Ran(exit, out.toString(), err.toString());
  }

  private static List<Block> blocks() throws IOException {
    return BLOCK
        .matcher(Files.readString(Path.of("../docs/server.md")))
        .results()
        .map((MatchResult m) -> new Block(m.group(1), m.group(2), m.group(3)))
        .toList();
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(path.replace("localhost:7400", url)))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  private HttpResponse<String> curl(String command) throws Exception {
    List<String> words =
        WORD.matcher(command)
            .results()
            .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
            .toList();
    int body = words.indexOf("-d");
    String path =
        words.stream().filter(w -> w.startsWith("localhost:7400")).findFirst().orElseThrow();
    return body < 0 ? send("GET", path, "") : send("POST", path, words.get(body + 1));
  }

  /// What an array or an object below the top shows of an object is enough.
  private static void contains(JsonNode whole, JsonNode part) {
    if (part.isObject()) {
      part.properties().forEach(field -> contains(whole.path(field.getKey()), field.getValue()));
    } else if (part.isArray()) {
      for (int i = 0; i < part.size(); i++) {
        contains(whole.path(i), part.get(i));
      }
    } else {
      assertThat(whole).isEqualTo(part);
    }
  }

  private void deploy() throws Exception {
    for (Block block : blocks()) {
      if (block.file != null) {
        var got = send("POST", url + "/api/v1/definitions", block.text);
        assertThat(got.statusCode()).as(got.body()).isEqualTo(201);
      }
    }
  }

  @Test
  void everyCommandAnswersWhatStandsBelowIt() throws Exception {
    deploy();
    List<Block> blocks = blocks();
    int answers = 0;
    for (int i = 0; i < blocks.size(); i++) {
      String command = blocks.get(i).text.strip();
      if (command.startsWith("curl ")) {
        HttpResponse<String> got = curl(command);
        try {
          contains(Json.parse(got.body()), Json.parse(blocks.get(i + 1).text));
        } catch (AssertionError e) {
          throw new AssertionError(command + "\n" + got.body(), e);
        }
        answers++;
      }
    }
    assertThat(answers).isEqualTo(7);
  }

  @Test
  void commandsActThroughTheServerThatHoldsTheData() throws Exception {
    deploy();
    Ran started = skein("start", "docs/paid", "--id", "r", "--input", "{\"items\": 2}");
    assertThat(started.exit).as(started.err).isZero();
    assertThat(started.out.strip()).isEqualTo("r");
    assertThat(
            skein("suspend", "r", "--reason", "lunch", "--json").json().path("status").asString())
        .isEqualTo("suspended");
    assertThat(skein("resume", "r").exit).isZero();
    assertThat(skein("signal", "r", "com.example.paid").exit).isZero();
    send("GET", url + "/api/v1/runs/r?wait=PT10S", "");
    Ran retried = skein("retry", "r");
    assertThat(retried.exit).isEqualTo(1);
    assertThat(retried.err).contains("only a faulted run can be retried");
    Ran forked = skein("fork", "r", "--from", "price", "--output", "{\"total\": 1}", "--json");
    assertThat(forked.exit).as(forked.err).isZero();
    String fork = forked.json().path("id").asString();
    assertThat(skein("cancel", fork, "--json").json().path("status").asString())
        .isEqualTo("cancelled");
    assertThat(skein("rerun", "r", "--json").json().path("id").asString()).isNotIn("r", fork);
    Ran elsewhere = skein("cancel", "r", "--url", "http://127.0.0.1:9");
    assertThat(elsewhere.exit).isEqualTo(1);
    assertThat(elsewhere.err).contains("there is no server at http://127.0.0.1:9");
  }

  @Test
  void commandsOpenTheDataThemselvesWhenTheServerHasGone() throws Exception {
    deploy();
    assertThat(skein("start", "docs/paid", "--id", "r", "--input", "{\"items\": 2}").exit).isZero();
    stop();
    Files.writeString(Path.of(data()).resolve("server"), url); // as a killed one leaves it
    Ran suspended = skein("suspend", "r", "--json");
    assertThat(suspended.exit).as(suspended.err).isZero();
    assertThat(suspended.json().path("status").asString()).isEqualTo("suspended");
    Ran again = skein("rerun", "r", "--input", "{\"items\": 1}");
    assertThat(again.exit).as(again.err).isZero();
  }
}
