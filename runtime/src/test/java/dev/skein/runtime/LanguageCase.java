package dev.skein.runtime;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A workflow with its input and what is to come of it, read from
/// `conformance/scenarios/NAME.yaml`. The file's name is the sentence it proves.
///
/// | key | meaning |
/// |---|---|
/// | `workflow` | the workflow; a document is added |
/// | `files` | what lies beside the workflow, by name |
/// | `input` | `SERVER` and `PORT` in it stand for those of a [TestServer] |
/// | `output` | of the run, exactly; `SERVER` and `RUN` stand for the URL and the run's id |
/// | `error` | the members that the problem details must have; a plain `type` is a standard one |
/// | `status` | `completed`, or `faulted` with an `error`, where it is not given |
/// | `requests` | all that the server has seen, in order: `POST /path body` |
/// | `keys` | all idempotency keys that the server has seen, in order |
/// | `tasks` | the executed tasks in order: `/do/0/name#ITERATION completed 2 times` |
/// | `cancelAt` | the run is cancelled when the server has seen this request |
record LanguageCase(String name, JsonNode content) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String STANDARD =
      "https://open-workflow-specification.org/spec/1.0.0/errors/";

  static Stream<LanguageCase> all() throws IOException, URISyntaxException {
    URL folder = Objects.requireNonNull(LanguageCase.class.getResource("cases"), "no cases");
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.sorted().toList().stream().map(LanguageCase::read);
    }
  }

  private static LanguageCase read(Path file) {
    try {
      Object yaml = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
      return new LanguageCase(
          file.getFileName().toString().replace(".yaml", ""),
          JSON.readTree(JSON.writeValueAsString(yaml)));
    } catch (IOException e) {
      throw new IllegalStateException("can't read " + file, e);
    }
  }

  /// The workflow as a document of its own.
  String workflow() {
    ObjectNode workflow = (ObjectNode) content.required("workflow").deepCopy();
    ObjectNode document = workflow.withObject("/document");
    Map.of("dsl", "1.0.3", "namespace", "cases", "name", workflowName(), "version", "1.0.0")
        .forEach((name, value) -> {
          if (!document.has(name)) {
            document.put(name, value);
          }
        });
    return JSON.writeValueAsString(workflow);
  }

  private String workflowName() {
    String clean = name.replaceAll("[^a-z0-9-]", "-");
    return clean.substring(0, Math.min(clean.length(), 50)) + "-" + Math.abs(name.hashCode() % 999);
  }

  /// Writes the files and returns where the workflow itself would be.
  Path laidOut(Path folder) throws IOException {
    for (var file : content.path("files").properties()) {
      Path path = folder.resolve(workflowName()).resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue().asString());
    }
    return folder.resolve(workflowName()).resolve("workflow.yaml");
  }

  String deployedName() {
    return "cases/" + workflowName();
  }

  JsonNode input(String server) {
    JsonNode input = content.get("input");
    return input == null
        ? JSON.createObjectNode()
        : JSON.readTree(
            input
                .toString()
                .replace("SERVER", server)
                .replace("PORT", server.substring(server.lastIndexOf(':') + 1)));
  }

  String status() {
    JsonNode status = content.get("status");
    if (status != null) {
      return status.asString();
    }
    return content.has("error") ? "faulted" : "completed";
  }

  /// What the error must have; empty if nothing is said of it.
  ObjectNode error() {
    ObjectNode error = JSON.createObjectNode();
    if (content.path("error") instanceof ObjectNode wanted) {
      error.setAll(wanted);
    }
    String type = error.path("type").asString("");
    if (!type.isEmpty() && !type.contains("://")) {
      error.put("type", STANDARD + type);
    }
    return error;
  }

  /// Whether its outcome is the same however often a call is repeated, and whenever it is made.
  boolean isSteady() {
    String text = content.toString();
    return !says("cancelAt")
        && !says("tasks")
        && Stream.of("/flaky/", "/hold/", "/hang/", "/drop/", "now").noneMatch(text::contains)
        && lines("requests").stream().distinct().count() == lines("requests").size();
  }

  boolean says(String key) {
    return content.has(key);
  }

  JsonNode output() {
    return content.required("output");
  }

  List<String> lines(String key) {
    return content.path(key).valueStream().map(JsonNode::asString).toList();
  }

  String cancelAt() {
    return content.path("cancelAt").asString();
  }

  @Override
  public String toString() {
    return name;
  }
}
