package dev.skein.interpreter.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs a file of cases in the format that jq publishes its own in (its `tests/jq.test`), given as
/// `-Djq.cases=FILE`: a program, an input and the outputs, one a line, up to a blank line; after
/// `%%FAIL` a program that must be refused, and the message jq has for it.
@EnabledIfSystemProperty(named = "jq.cases", matches = ".+")
class PublishedCasesTest {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build())
          .build();
  private static final Pattern NAN = Pattern.compile("\\b[nN]an\\d*\\b(?!\")");

  private final Jq jq = new Jq(Limits.defaults());

  private sealed interface Case {
    String program();
  }

  private record Yields(String program, String input, List<String> outputs) implements Case {}

  private record Refused(String program) implements Case {}

  @TestFactory
  Stream<DynamicTest> everyPublishedProgramDoesWhatIsWrittenUnderIt() throws IOException {
    List<Case> cases = cases(Files.readAllLines(Path.of(System.getProperty("jq.cases"))));
    assertThat(cases).isNotEmpty();
    return cases.stream().map(one -> dynamicTest(one.program(), () -> check(one)));
  }

  private void check(Case one) {
    switch (one) {
      case Refused(String program) ->
          assertThatThrownBy(() -> jq.compile(program))
              .as(program)
              .isInstanceOf(ExpressionException.class);
      case Yields(String program, String input, List<String> expected) ->
          assertThat(outputs(program, json(input)))
              .as(program)
              .usingElementComparator((a, b) -> Values.compare(new Meter(Limits.defaults()), a, b))
              .containsExactlyElementsOf(expected.stream().map(PublishedCasesTest::json).toList());
    }
  }

  /// What the program yields up to its end or its error: the published cases do not tell them
  /// apart.
  private List<JsonNode> outputs(String program, JsonNode input) {
    return jq.compile("(" + program + "\n)?").evaluateAll(input, Scopes.EMPTY);
  }

  private static JsonNode json(String line) {
    return JSON.readTree(NAN.matcher(line.replace("\ufeff", "")).replaceAll("NaN"));
  }

  private static List<Case> cases(List<String> lines) {
    List<Case> cases = new ArrayList<>();
    Iterator<String> rest = lines.stream().filter(line -> !line.startsWith("#")).iterator();
    while (rest.hasNext()) {
      String line = rest.next();
      if (line.isBlank()) {
        continue;
      }
      if (line.startsWith("%%FAIL")) {
        cases.add(new Refused(rest.next()));
        untilBlank(rest);
      } else {
        cases.add(new Yields(line, rest.next(), untilBlank(rest)));
      }
    }
    return cases;
  }

  private static List<String> untilBlank(Iterator<String> rest) {
    List<String> block = new ArrayList<>();
    while (rest.hasNext()) {
      String line = rest.next();
      if (line.isBlank()) {
        break;
      }
      block.add(line);
    }
    return block;
  }
}
