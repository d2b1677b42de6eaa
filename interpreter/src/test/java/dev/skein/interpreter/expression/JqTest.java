package dev.skein.interpreter.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.interpreter.expression.ExpressionException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

class JqTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Jq jq = new Jq(Limits.defaults());

  @Test
  void answersTheFirstOutputOnly() {
    assertThat(jq.compile("1, 2, error(\"late\")").evaluate(NullNode.instance, Scopes.EMPTY))
        .isEqualTo(IntNode.valueOf(1));
  }

  @Test
  void answersANullNodeWhereThereIsNoOutput() {
    assertThat(jq.compile("empty").evaluate(IntNode.valueOf(1), Scopes.EMPTY))
        .isEqualTo(NullNode.instance);
  }

  @Test
  void looksUpVariablesInTheScopeWhenItEvaluates() {
    Scope scope = Scopes.of(Map.of("context", JSON.readTree("{\"user\":\"ada\"}")));

    assertThat(jq.compile("$context.user").evaluate(NullNode.instance, scope))
        .isEqualTo(StringNode.valueOf("ada"));
  }

  @Test
  void namesTheVariableThatTheScopeDoesNotKnow() {
    Expression expression = jq.compile(".a + $item");

    ExpressionException e =
        catchThrowableOfType(
            ExpressionException.class,
            () -> expression.evaluate(JSON.readTree("{}"), Scopes.EMPTY));

    assertThat(e).hasMessage("$item is not defined");
    assertThat(e.kind()).isEqualTo(Kind.EVALUATION);
    assertThat(e.offset()).isEqualTo(5);
  }

  @Test
  void hidesTheVariablesOfTheScopeBehindItsOwn() {
    Scope scope = Scopes.of(Map.of("x", IntNode.valueOf(1)));

    assertThat(jq.compile("2 as $x | $x").evaluate(NullNode.instance, scope))
        .isEqualTo(IntNode.valueOf(2));
  }

  @Test
  void tellsWhereTheSourceDoesNotFit() {
    ExpressionException e =
        catchThrowableOfType(ExpressionException.class, () -> jq.compile(".a + }"));

    assertThat(e).hasMessage("unexpected '}' at column 6");
    assertThat(e.kind()).isEqualTo(Kind.SYNTAX);
    assertThat(e.offset()).isEqualTo(5);
  }

  @Test
  void leavesTheInputAsItIs() {
    JsonNode input = JSON.readTree("{\"a\":[3,1,2],\"b\":{\"c\":1}}");
    JsonNode before = input.deepCopy();
    for (String program :
        List.of(
            ".a[0] = 9",
            ".b.c += 1",
            "del(.a[1])",
            ".a |= sort",
            ".a | sort | reverse",
            ".b + {d: 1}",
            ".a + [1]",
            ".. |= .",
            "[.[]] | add?",
            "walk(if type == \"number\" then . + 1 else . end)",
            "reduce .a[] as $x (.; .a += [$x])",
            "[.b, {z: 1}] | add",
            "[.a, [1]] | add")) {
      jq.compile(program).evaluateAll(input, Scopes.EMPTY);

      assertThat(input).as(program).isEqualTo(before);
    }
  }

  @Test
  void sharesStructureWithTheInput() {
    JsonNode input = JSON.readTree("{\"a\":{\"big\":[1,2,3]},\"b\":1}");

    JsonNode output = jq.compile(".b = 2").evaluate(input, Scopes.EMPTY);

    assertThat(output.get("a")).isSameAs(input.get("a"));
  }

  @Test
  void evaluatesOneExpressionOnManyThreadsAtOnce() throws Exception {
    Expression expression =
        jq.compile(
            "def f($n): if $n == 0 then [] else f($n - 1) + [$n] end;"
                + " . as $in | [f(20)[] | . * $in] | map(tostring | test(\"^\\\\d+$\")) | all,"
                + " ($in | . + 1)");
    List<Future<List<JsonNode>>> results = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) {
        JsonNode input = IntNode.valueOf(i);
        results.add(threads.submit(() -> expression.evaluateAll(input, Scopes.EMPTY)));
      }
    }
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i).get()).hasToString("[true, " + (i + 1) + "]");
    }
  }
}
