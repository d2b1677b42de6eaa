package dev.skein.runtime;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.model.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The published scenarios leave nothing of the language out.
class ConformanceTest {
  private static final Path FOLDER = Path.of("../conformance");
  private static final Path SCHEMA =
      Path.of("../model/src/test/resources/dev/skein/model/schema.yaml");

  private static final String STARTS = "says when runs are started, not what one does";
  private static final String NOT_RUN = "read and checked; no scenario's server speaks it";
  private static final String GRPC = "needs a gRPC server: GrpcCallsTest";
  private static final String NETWORK = "needs a token server: OAuth2Test, AuthorizerTest";
  private static final String ENGINE = "needs a container engine: ContainersTest";
  private static final String RESULT = "describes a result; no document has it";
  private static final String FETCHED = "fetched from outside";

  /// Properties of the official schema that no scenario uses, and why.
  private static final Map<String, String> LEFT_OUT =
      Map.ofEntries(
          entry(STARTS, "schedule every cron on"),
          entry(
              NOT_RUN,
              "channel operation server protocol message subscription variables payload"
                  + " correlationId filter consume amount operationId"
                  + " parameters agentCard protocolVersion transport client http stdio options"),
          entry(GRPC, "proto service host port"),
          entry(
              NETWORK,
              "digest oauth2 oidc endpoints revocation introspection authority grant request"
                  + " issuers scopes audiences actor secret assertion encoding"),
          entry(ENGINE, "container image ports volumes lifetime pullPolicy cleanup"),
          entry(RESULT, "stdout stderr"),
          entry(FETCHED, "catalogs resource"));

  private static Set<String> leftOut() {
    return LEFT_OUT.values().stream()
        .flatMap(names -> Arrays.stream(names.split(" ")))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyPropertyOfTheSchemaIsUsedByAScenarioOrLeftOutForAReason() throws Exception {
    Object schema =
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(SCHEMA));
    Set<String> declared = new TreeSet<>();
    declared(JsonMapper.shared().valueToTree(schema), declared);
    assertThat(declared).containsAll(leftOut()).hasSizeGreaterThan(150);
    Set<String> used = new TreeSet<>();
    LanguageCase.all().forEach(one -> names(one.content().path("workflow"), used));
    declared.removeAll(used);
    declared.removeAll(leftOut());
    assertThat(declared).isEmpty();
  }

  private static void declared(JsonNode schema, Set<String> names) {
    for (Map.Entry<String, JsonNode> each : schema.properties()) {
      if (each.getKey().equals("properties")) {
        names.addAll(each.getValue().propertyNames());
      }
    }
    schema.forEach(child -> declared(child, names));
  }

  private static void names(JsonNode document, Set<String> names) {
    names.addAll(document.propertyNames());
    document.forEach(child -> names(child, names));
  }

  @Test
  void everyKindOfErrorIsRaisedByAScenario() throws Exception {
    Set<String> raised =
        LanguageCase.all()
            .map(one -> one.error().path("type").asString(""))
            .collect(Collectors.toSet());
    assertThat(raised).contains(types());
  }

  private static String[] types() {
    return Arrays.stream(Problem.Kind.values()).map(Problem.Kind::type).toArray(String[]::new);
  }

  @Test
  void everyRulingNamesScenariosOrTestsThatExist() throws Exception {
    Pattern name = Pattern.compile("`([\\w-]+)`");
    List<String> rulings =
        Files.readAllLines(FOLDER.resolve("rulings.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| ruling"))
            .toList();
    assertThat(rulings).hasSizeGreaterThan(40);
    Set<String> tests = testClasses();
    List<String> missing = new ArrayList<>();
    for (String ruling : rulings) {
      String proofs = ruling.split(" \\| ")[1];
      List<String> named = name.matcher(proofs).results().map(found -> found.group(1)).toList();
      assertThat(named).as(ruling).isNotEmpty();
      named.stream()
          .filter(one ->
              !tests.contains(one)
                  && Files.notExists(FOLDER.resolve("scenarios").resolve(one + ".yaml")))
          .forEach(missing::add);
    }
    assertThat(missing).isEmpty();
  }

  private static Set<String> testClasses() throws Exception {
    try (Stream<Path> files = Files.find(Path.of(".."), 12, (file, _) -> isTest(file))) {
      return files
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .collect(Collectors.toSet());
    }
  }

  private static boolean isTest(Path file) {
    return file.toString().contains("src/test/java") && file.toString().endsWith("Test.java");
  }
}
