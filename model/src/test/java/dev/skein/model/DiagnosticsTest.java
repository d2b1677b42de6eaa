package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Broken documents and what is said about them, from `diagnostics.txt`: after `=== title` the
/// document, then the diagnostics as lines starting with `> `. A document without a head gets one
/// as its first line, unless it starts with `!whole`.
class DiagnosticsTest {
  private static final String HEAD =
      "document: { dsl: 1.0.0, namespace: a, name: b, version: 1.0.0 }\n";
  private static final Reader READER =
      new Reader(expression ->
          expression.contains("BAD")
              ? new ExpressionSyntax.SyntaxError("unexpected BAD", expression.indexOf("BAD"))
              : null);

  record Broken(String title, String document, List<String> expected) {
    @Override
    public String toString() {
      return title;
    }
  }

  static Stream<Broken> documents() {
    return Arrays.stream(ReaderTest.text("diagnostics.txt").split("(?m)^=== "))
        .filter(text -> !text.isEmpty())
        .map(DiagnosticsTest::broken);
  }

  private static Broken broken(String text) {
    List<String> document = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    String[] lines = text.split("\n");
    for (String line : Arrays.asList(lines).subList(1, lines.length)) {
      (line.startsWith("> ") ? expected : document).add(line.replaceFirst("^> ", ""));
    }
    String body = document.stream().map(line -> line + "\n").collect(Collectors.joining());
    String whole =
        body.startsWith("!whole\n")
            ? body.substring("!whole\n".length())
            : body.startsWith("document:") ? body : HEAD + body;
    return new Broken(lines[0], whole, expected);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void saysWhatIsWrongAndWhere(Broken broken) {
    assertThat(diagnostics(broken.document())).containsExactlyElementsOf(broken.expected());
  }

  static List<String> diagnostics(String text) {
    return switch (READER.read(text)) {
      case Reading.Read(_, var remarks) -> formatted(remarks);
      case Reading.Refused(var diagnostics) -> formatted(diagnostics);
    };
  }

  private static List<String> formatted(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .filter(diagnostic -> diagnostic.severity() != Diagnostic.Severity.NOTE)
        .map(diagnostic -> diagnostic.format("").substring(1))
        .toList();
  }
}
