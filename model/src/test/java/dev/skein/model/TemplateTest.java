package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"", "text", "{a}", "$x", "costs $ {5}", "a } b", "${ never closed", "${ \"}\""})
  void textWithoutAClosedExpressionIsLiteral(String text) {
    assertThat(Template.of(text)).isEqualTo(new Template.Literal(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".a",
        "{a: {b: 1}}",
        "\"}\"",
        "\"\\\"}\"",
        "\"\\\\\"",
        "\"a \\(.b | {c: \"}\"}) }\"",
        "(.a | {b: (.c)})",
        "[.a[] | {x: .}] | map(.x)",
        ".a # it's \"quoted } here\n| .b",
        "(.unclosed",
        ".a # last",
        "\"${\"",
      })
  void aStringThatIsOneExpressionIsWhole(String expression) {
    assertThat(Template.of("${ " + expression + " }")).isEqualTo(new Template.Whole(expression));
    assertThat(Template.of(" \n${" + expression + "}\n")).isEqualTo(new Template.Whole(expression));
  }

  @Test
  void expressionsInsideTextAreInterpolated() {
    assertThat(Template.of("a ${ .b } c${.d}"))
        .isEqualTo(
            new Template.Interpolated(
                List.of(
                    new Template.Part.Text("a "),
                    new Template.Part.Expression(".b"),
                    new Template.Part.Text(" c"),
                    new Template.Part.Expression(".d"))));
  }

  @Test
  void twoExpressionsSideBySideAreInterpolated() {
    assertThat(Template.of("${ .a }${ .b }"))
        .isEqualTo(
            new Template.Interpolated(
                List.of(new Template.Part.Expression(".a"), new Template.Part.Expression(".b"))));
  }

  @Test
  void whatFollowsAnExpressionThatIsNeverClosedIsText() {
    assertThat(Template.of("${ .a } ${ .b"))
        .isEqualTo(
            new Template.Interpolated(
                List.of(new Template.Part.Expression(".a"), new Template.Part.Text(" ${ .b"))));
  }

  @Test
  void stripRemovesAnEnclosingMarkOnly() {
    assertThat(Template.strip("${ .a }")).isEqualTo(".a");
    assertThat(Template.strip(".a == {}")).isEqualTo(".a == {}");
    assertThat(Template.strip("${ .a } + ${ .b }")).isEqualTo("${ .a } + ${ .b }");
  }

  @Test
  void hostileNestingIsNoProblem() {
    String text = "${" + "\"\\(".repeat(200_000);
    assertThat(Template.of(text)).isEqualTo(new Template.Literal(text));
    String many = "${ ".repeat(500_000);
    assertThat(Template.of(many)).isEqualTo(new Template.Literal(many));
    String comments = "${ " + "#".repeat(1_000_000);
    assertThat(Template.of(comments)).isEqualTo(new Template.Literal(comments));
    String braces = "${ \"\\(" + "(".repeat(500_000) + "}".repeat(500_000);
    assertThat(Template.of(braces)).isEqualTo(new Template.Literal(braces));
  }
}
