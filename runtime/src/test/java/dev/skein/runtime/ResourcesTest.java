package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.interpreter.Json;
import dev.skein.model.Diagnostic;
import dev.skein.model.Reading;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What a workflow refers to outside of itself is fetched when it is deployed, and that is what its
/// runs use.
class ResourcesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String NUMBER = "{\"properties\": {\"n\": {\"type\": \"number\"}}}";
  private static final String TEXT = "{\"properties\": {\"n\": {\"type\": \"string\"}}}";

  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private static String workflow(String rest) {
    return "document: {dsl: 1.0.3, namespace: test, name: outside, version: 1.0.0}\n" + rest;
  }

  private static String checking(String uri) {
    return workflow(
        """
        input: {schema: {resource: {endpoint: "%s"}}}
        do: [{same: {set: "${ . }"}}]
        """
            .formatted(uri));
  }

  private Skein open() {
    return Skein.open(folder.resolve("data"));
  }

  private Path flow() {
    return folder.resolve("flow.yaml");
  }

  private static RunView run(Skein skein, String input) throws InterruptedException {
    RunView run = skein.await(skein.start("outside", Json.parse(input)), PATIENCE);
    assertThat(run).isNotNull();
    return run;
  }

  private static String outcome(Skein skein, String input) throws InterruptedException {
    RunView run = run(skein, input);
    JsonNode error = run.error();
    if (error == null) {
      return run.status() + " " + run.output();
    }
    String type = error.path("type").asString();
    return run.status() + " " + type.substring(type.lastIndexOf('/') + 1);
  }

  private List<String> refusal(String yaml) {
    try (Skein skein = open()) {
      return catchThrowableOfType(InvalidDefinition.class, () -> skein.deploy(yaml, flow()))
          .diagnostics()
          .stream()
          .map(diagnostic -> diagnostic.format("flow.yaml"))
          .toList();
    }
  }

  @Test
  void runsUseWhatWasThereAtDeploymentAlsoWhenTheFileIsGoneAndTheProcessIsAnother()
      throws Exception {
    Path schema = file("schemas/order.json", NUMBER);
    try (Skein skein = open()) {
      skein.deploy(checking("schemas/order.json"), flow());
      assertThat(outcome(skein, "{\"n\": 1}")).isEqualTo("completed {\"n\":1}");
      Files.writeString(schema, TEXT);
      assertThat(outcome(skein, "{\"n\": 1}")).isEqualTo("completed {\"n\":1}");
      assertThat(outcome(skein, "{\"n\": \"x\"}")).isEqualTo("faulted validation");
    }
    Files.delete(schema);
    try (Skein skein = open()) {
      assertThat(outcome(skein, "{\"n\": 1}")).isEqualTo("completed {\"n\":1}");
      assertThat(outcome(skein, "{\"n\": \"x\"}")).isEqualTo("faulted validation");
    }
  }

  @Test
  void deployingAgainIsAConflictOnlyIfAResourceHasChanged() throws Exception {
    Path schema = file("order.json", NUMBER);
    String workflow = checking("./order.json");
    try (Skein skein = open()) {
      var first = skein.deploy(workflow, flow());
      assertThat(skein.deploy(workflow, flow())).isEqualTo(first);
      Path moved = folder.resolve("elsewhere/flow.yaml");
      file("elsewhere/order.json", NUMBER);
      assertThat(skein.deploy(workflow, moved)).isEqualTo(first);
      Files.writeString(schema, TEXT);
      assertThatThrownBy(() -> skein.deploy(workflow, flow()))
          .isInstanceOfSatisfying(
              SkeinException.class,
              e -> assertThat(e.code()).isEqualTo(SkeinException.Code.VERSION_EXISTS))
          .hasMessageContaining("another content of order.json");
      assertThat(outcome(skein, "{\"n\": 1}")).isEqualTo("completed {\"n\":1}");
      skein.deployOrReplace(workflow, flow());
      assertThat(outcome(skein, "{\"n\": 1}")).isEqualTo("faulted validation");
    }
  }

  @Test
  void aWorkflowWithoutAFileReadsNone() throws Exception {
    Path schema = file("order.json", NUMBER);
    try (Skein skein = open()) {
      for (String uri : List.of("order.json", schema.toUri().toString(), schema.toString())) {
        assertThatThrownBy(() -> skein.deploy(checking(uri)))
            .isInstanceOf(InvalidDefinition.class)
            .hasMessageContaining("only a workflow that is deployed from a file");
      }
    }
  }

  @Test
  void filesAreFoundByAbsoluteUrisAndAboveTheFolderToo() throws Exception {
    file("order.yaml", "properties: {n: {type: number}}");
    Path inside = folder.resolve("flows/flow.yaml");
    for (String uri : List.of("../order.yaml", folder.resolve("order.yaml").toUri().toString())) {
      try (Skein skein = open()) {
        skein.deployOrReplace(checking(uri), inside);
        assertThat(outcome(skein, "{\"n\": \"x\"}")).isEqualTo("faulted validation");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          none.json            | none.json does not exist; it would be the file
          .                    | . is a folder
          bad.json             | bad.json:1:
          list.json            | list.json is no JSON schema: that would be an object
          latin.json           | latin.json is not text in UTF-8
          large.json           | large.json is larger than 5 MiB
          wrong.json           | wrong.json is no JSON schema: /type:
          far.json             | wrong.json is no JSON schema: /type:
          dialect.json         | the JSON schema dialect 'https://example.com/mine' is not known
          loose.json           | the JSON schema does not hold together:
          away.json            | gone.json does not exist
          file://host/a.json   | file://host/a.json names the host 'host'; write file:/folder/name
          ftp://host/a.json    | ftp://host/a.json has the scheme 'ftp'
          """)
  void whatCannotBeUsedIsRefusedWithItsPlace(String uri, String said) throws Exception {
    file("bad.json", "{\"type\": ");
    file("list.json", "[1]");
    Files.write(folder.resolve("latin.json"), new byte[] {'"', (byte) 0xe4, '"'});
    file("large.json", " ".repeat(5 * 1024 * 1024) + "{}");
    file("wrong.json", "{\"type\": 7}");
    file("far.json", "{\"not\": {\"$ref\": \"wrong.json\"}}");
    file("dialect.json", "{\"$schema\": \"https://example.com/mine\"}");
    file("loose.json", "{\"$ref\": \"#/$defs/nowhere\"}");
    file("away.json", "{\"$ref\": \"gone.json#/x\"}");
    assertThat(refusal(checking(uri)))
        .singleElement()
        .asString()
        .startsWith("flow.yaml:2:28 ")
        .contains(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"${ .uri }", "a/{name}.json"})
  void whatOnlyARunKnowsIsAWarningAndAnErrorOfTheRun(String uri) throws Exception {
    assertThat(((Reading.Read) WorkflowText.check(checking(uri), flow())).remarks())
        .singleElement()
        .extracting(Diagnostic::message)
        .asString()
        .isEqualTo("'" + uri + "' is not known at deployment, when resources are read");
    try (Skein skein = open()) {
      skein.deploy(checking(uri), flow());
      assertThat(outcome(skein, "{}")).isEqualTo("faulted configuration");
    }
  }

  @Test
  void aFileOfJustTheLimitIsRead() throws Exception {
    file("large.json", " ".repeat(5 * 1024 * 1024 - 2) + "{}");
    try (Skein skein = open()) {
      skein.deploy(checking("large.json"), flow());
    }
  }

  @Test
  void nothingIsFetchedForAWorkflowThatIsWrongAnyway() {
    try (var server = new TestServer()) {
      assertThat(refusal(checking(server.url() + "/a.json") + "x: 1\ntimeout: none\n"))
          .singleElement()
          .asString()
          .contains("there is no timeout 'none'");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aHundredResourcesAreEnough() throws Exception {
    var tasks = new StringBuilder("do:\n");
    for (int i = 0; i <= 100; i++) {
      file("s" + i + ".json", "{}");
      tasks.append(
          "  - t%d: {set: {a: 1}, input: {schema: {resource: {endpoint: s%d.json}}}}\n"
              .formatted(i, i));
    }
    assertThat(refusal(workflow(tasks.toString())))
        .singleElement()
        .asString()
        .contains("s100.json is one too many: a workflow has 100 at most");
  }

  @Test
  void checkingAFileLooksAtFilesOnly() throws Exception {
    file("order.json", NUMBER);
    try (var server = new TestServer()) {
      String web = server.url() + "/order.json";
      assertThat(WorkflowText.check(checking(web), flow())).isInstanceOf(Reading.Read.class);
      assertThat(server.requests()).isEmpty();
      assertThat(WorkflowText.check(checking("order.json"), flow()))
          .isInstanceOf(Reading.Read.class);
      assertThat(WorkflowText.check(checking("none.json"))).isInstanceOf(Reading.Read.class);
      assertThat(WorkflowText.check(checking("none.json"), flow()))
          .isInstanceOfSatisfying(
              Reading.Refused.class,
              refused ->
                  assertThat(refused.diagnostics())
                      .extracting(Diagnostic::message)
                      .containsExactly("none.json does not exist"));
      // what the server echoes holds no schema's keyword in a wrong place
      assertThat(WorkflowText.checkAndFetch(checking(web), flow(), folder, Settings.NONE))
          .isInstanceOf(Reading.Read.class);
      assertThat(server.requests()).containsExactly("GET /order.json");
    }
  }

  @Test
  void aSchemaRefersToOthersRelativeToItself() throws Exception {
    file(
        "schemas/order.json",
        """
        {"properties": {"to": {"$ref": "parts/address.yaml#/$defs/address"}, "$ref": {"const": {"$ref": "no.json"}}}}
        """);
    file(
        "schemas/parts/address.yaml",
        """
        $defs:
          address: {properties: {zip: {$ref: zip.json}, home: {$ref: "#/$defs/address"}}}
        """);
    Path zip = file("schemas/parts/zip.json", "{\"pattern\": \"^[0-9]+$\"}");
    try (Skein skein = open()) {
      skein.deploy(checking("schemas/order.json"), flow());
    }
    Files.delete(zip);
    try (Skein skein = open()) {
      assertThat(outcome(skein, "{\"to\": {\"home\": {\"zip\": \"12\"}}}")).startsWith("completed");
      assertThat(outcome(skein, "{\"to\": {\"home\": {\"zip\": \"x\"}}}"))
          .isEqualTo("faulted validation");
    }
  }

  @Test
  void aFragmentMeansAPartOfTheDocumentAndAnIdIsWhatOthersResolveAgainst() throws Exception {
    file(
        "all.json",
        """
        {"$id": "https://shop.example/all.json",
         "$defs": {
           "order": {"properties": {"n": {"$ref": "parts/n"}, "all": {"$ref": "all.json#/$defs/n"}}},
           "n": {"$id": "parts/n", "type": "number"}}}
        """);
    try (Skein skein = open()) {
      skein.deploy(checking("all.json#/$defs/order"), flow());
      assertThat(outcome(skein, "{\"n\": 1, \"all\": 2}")).startsWith("completed");
      assertThat(outcome(skein, "{\"n\": \"x\"}")).isEqualTo("faulted validation");
      assertThat(outcome(skein, "{\"all\": \"x\"}")).isEqualTo("faulted validation");
    }
  }

  /// What only one dialect says: `prefixItems` is of 2020-12, an `items` list of those before;
  /// `$recursiveRef` and `dependentSchemas` came with 2019-09.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://json-schema.org/draft/2020-12/schema | {"prefixItems": [{"type": "number"}]}         | ["x"]
          https://json-schema.org/draft/2019-09/schema | {"items": [{"type": "number"}]}               | ["x"]
          https://json-schema.org/draft/2019-09/schema | {"dependentSchemas": {"a": {"required": ["b"]}}} | {"a": 1}
          http://json-schema.org/draft-07/schema#      | {"items": [{"type": "number"}]}               | ["x"]
          http://json-schema.org/draft-07/schema       | {"dependencies": {"a": ["b"]}}                | {"a": 1}
          http://json-schema.org/draft-06/schema#      | {"propertyNames": {"const": "a"}}             | {"b": 1}
          http://json-schema.org/draft-04/schema#      | {"maximum": 3, "exclusiveMaximum": true}      | 3
          """)
  void eachDialectIsReadInPlaceAndFromAFileAndByTheFormatsVersion(
      String dialect, String schema, String wrong) throws Exception {
    String named = schema.replaceFirst("\\{", "{\"\\$schema\": \"" + dialect + "\", ");
    file("schema.json", named);
    file("plain.json", schema);
    String version = dialect.replaceAll("^.*/(draft/)?([^/]+)/schema#?$", "$2");
    var ways =
        List.of(
            "document: " + named,
            "resource: {endpoint: schema.json}",
            "format: \"json:" + version + "\", document: " + schema,
            "format: \"json:" + version + "\", resource: {endpoint: plain.json}");
    try (Skein skein = open()) {
      for (String way : ways) {
        String workflow = workflow("do: [{x: {input: {schema: {" + way + "}}, set: {a: 1}}}]\n");
        skein.deployOrReplace(workflow, flow());
        assertThat(outcome(skein, wrong)).as(way).isEqualTo("faulted validation");
        assertThat(outcome(skein, "[]")).as(way).startsWith("completed");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"avro", "json:", "json:2042-01", "xml:1.1", "jsonschema"})
  void anUnknownFormatIsAWarningAndAnErrorOfTheRunThatMeetsIt(String format) throws Exception {
    String workflow =
        workflow(
            "do: [{x: {input: {schema: {format: \"%s\", document: {}}}, set: {a: 1}}}]\n"
                .formatted(format));
    Reading.Read read = (Reading.Read) WorkflowText.check(workflow);
    assertThat(read.remarks())
        .singleElement()
        .extracting(warning -> warning.format("f"))
        .asString()
        .startsWith("f:2:36 warning: schemas in the format '" + format + "' are not run by this")
        .endsWith("; json, json:2020-12, json:2019-09 and json:draft-07 are");
    try (Skein skein = open()) {
      skein.deploy(workflow);
      assertThat(outcome(skein, "{}")).isEqualTo("faulted configuration");
    }
  }

  @Test
  void aScriptIsPinnedToo() throws Exception {
    Path script = file("hello.js", "console.log('hello ' + process.argv[2])\n");
    String workflow =
        workflow(
            """
            do:
              - hello:
                  run:
                    script:
                      language: javascript
                      source: {endpoint: {uri: hello.js}}
                      arguments: ["${ .who }"]
            """);
    try (Skein skein = open()) {
      skein.deploy(workflow, flow());
      Files.delete(script);
      assertThat(outcome(skein, "{\"who\": \"Ada\"}")).isEqualTo("completed \"hello Ada\"");
    }
  }
}
