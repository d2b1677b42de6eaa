package dev.skein.interpreter.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs the cases of the `.cases` files: a program, an input, then the expected outputs, one a
/// line; a last line `!message` is the error it ends in. Blank lines part the cases, `#` starts a
/// remark.
class CasesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> FILES =
      List.of(
          "language",
          "control",
          "data",
          "values",
          "paths",
          "updates",
          "strings",
          "texts",
          "patterns",
          "dates",
          "calendar",
          "errors",
          "failures");

  private static final Pattern BLANK_LINES = Pattern.compile("\n\\s*\n");

  private final Jq jq = new Jq(Limits.defaults());

  private record Case(String program, String input, List<String> expected) {}

  @TestFactory
  Stream<DynamicTest> everyProgramYieldsItsRecordedOutputs() {
    return FILES.stream()
        .flatMap(file -> cases(file).stream())
        .map(one -> dynamicTest(one.program, () -> check(one)));
  }

  private void check(Case one) {
    List<String> outputs = new ArrayList<>();
    try {
      JsonNode input = JSON.readTree(one.input);
      for (JsonNode output : jq.compile(one.program).evaluateAll(input, Scopes.EMPTY)) {
        outputs.add(text(output));
      }
    } catch (ExpressionException e) {
      outputs.add("!" + e.getMessage());
    }
    assertThat(outputs).isEqualTo(one.expected);
  }

  private static String text(JsonNode node) {
    return JsonText.of(new Meter(Limits.defaults()), node);
  }

  private static List<Case> cases(String file) {
    String path = "/dev/skein/interpreter/expression/" + file + ".cases";
    try (var in = Objects.requireNonNull(CasesTest.class.getResourceAsStream(path))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<Case> cases = new ArrayList<>();
      for (String block : BLANK_LINES.splitAsStream(text).toList()) {
        List<String> lines = block.lines().filter(line -> !line.startsWith("#")).toList();
        if (lines.size() >= 2) {
          cases.add(new Case(lines.get(0), lines.get(1), lines.subList(2, lines.size())));
        }
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
