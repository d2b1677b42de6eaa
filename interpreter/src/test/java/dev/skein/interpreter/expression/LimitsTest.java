package dev.skein.interpreter.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/// Hostile and careless programs, each on a virtual thread, whose stack is what a workflow has.
class LimitsTest {
  private static final Duration BAR = Duration.ofSeconds(1);

  private final Jq jq = new Jq(Limits.defaults());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "last(range(infinite))",
        "last(range(0; 1; 0))",
        "[range(1e9)]",
        "[limit(1e9; repeat(1))]",
        "last(repeat(1))",
        "repeat(empty)",
        "last(recurse(.))",
        "[recurse(.)]",
        "until(false; .)",
        "last(while(true; .))",
        "\"x\" * 1e9",
        "\"x\" * 1e18",
        "[\"xxxxxxxx\" * 1e6 | explode]",
        "reduce range(100) as $i ([1]; . + .)",
        "reduce range(100) as $i (\"x\"; . + .)",
        "reduce range(100) as $i ([1]; [., .])",
        "reduce range(100) as $i ({}; {a: ., b: .})",
        "reduce range(100) as $i ([1]; [., .]) | tojson",
        "reduce range(100) as $i ([1]; [., .]) | . == (. | tojson | fromjson)",
        "reduce range(100) as $i ([1]; [., .]) | flatten | length",
        "reduce range(100) as $i ([1]; [., .]) | [..] | length",
        "reduce range(100) as $i ([1]; [., .]) | [paths] | length",
        "reduce range(100) as $i ([1]; [., .]) | [tostream] | length",
        "reduce range(100) as $i ([1]; [., .]) | walk(.)",
        "reduce range(100) as $i ([1]; [., .]) | (reduce range(100) as $i ([1]; [., .])) == .",
        "reduce range(100) as $i ([1]; [., .]) | @json",
        "reduce range(100) as $i (\"x\"; [., .] | tojson)",
        "reduce range(100000) as $i (1; [.])",
        "reduce range(100000) as $i (1; [.]) | tojson",
        "reduce range(100000) as $i (1; {a: .}) | [..]",
        "reduce range(100000) as $i (1; [.]) | . == 1 | not | 1, ([range(1e9)])",
        "reduce range(1e9) as $i (0; . + 1)",
        "reduce range(1e9) as $i ([]; . + [$i])",
        "reduce range(1e9) as $i ({}; .[\"k\\($i)\"] = $i)",
        "reduce (\"x\" | recurse(. + .)) as $s (0; . + 1)",
        "[foreach range(1e9) as $i (0; . + 1)]",
        "def f: f; f",
        "def f: 1 + f; f",
        "def f: [f]; f",
        "def f(g): f(g | g); f(.)",
        "def f: f | f; f",
        "def f: (., .) | f; f",
        "def f: {a: f}; f",
        "def f: try f catch f; f",
        "def f: (f // f); f",
        "def f: path(f); f",
        "[range(30) | [range(100000)]] | flatten | sort",
        "[range(100000)] | [combinations(5)]",
        "[range(100)] | [combinations(8)]",
        "[range(2000)] as $x | [$x[] as $a | $x[] as $b | $x[] as $c | 1]",
        "[range(200000)] - [range(200000; 0; -1)]",
        "[range(100000)] as $a | [$a[] | select(. as $x | $a | index($x + 1))]",
        ".[536870911] = 1",
        "[range(1e5)] | .[] |= [range(1e5)]",
        "[range(20000) | tostring * 1000] | add",
        "[range(1e5) | \"abcdefgh\" * 100] | join(\",\")",
        "(\"a\" * 200) | test(\"(.*)(.*)(.*)(.*)(.*)b\\\\1\")",
        "(\"a\" * 5000) | test(\"^(a?){5000}b\")",
        "(\"a\" * 100000) | test(\"(a|b)*c\")",
        "(\"a\" * 100000) | [match(\"a*?b\"; \"g\")]",
        "(\"a\" * 1e6) | gsub(\"\"; \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\")",
        "(\"a\" * 1e6) | [splits(\"\")]",
        "(\"[\" * 100000) | fromjson",
        "[limit(1e9; \"a\", \"b\" | recurse(. + \"x\"))]",
        "\"\\(range(1e9))\" | select(. == \"x\")",
        "{a: range(1e5), b: range(1e5)} | select(false)",
        "[range(1e5)] | map([range(100)]) | transpose",
        "[.[]?] | first(range(1e12) | select(. < 0))",
        "isempty(range(1e12) | select(. < 0))",
        "any(range(1e12); false)",
        "[range(1e9) as $x | $x]",
        "label $out | range(1e12) | if . < 0 then break $out else empty end",
        "input_line_number | until(. < 0; . + 1)",
        "[range(300000)] | group_by(-.) | map(length) | tojson * 100",
        "def f(x): x, f(x | x); [f(.)] | length",
        "getpath([range(100000) | \"a\"]) = 1",
        "setpath([range(100000) | 0]; 1)",
        "(\"%Y\" * 1000000) as $f | [range(100) | strftime($f)]",
        "(\"a\" * 4000000) as $a | (\"a\" * 2000000 + \"b\") as $b | last(range(1e9) | $a | index($b))",
        "(\"é✓\" * 1000000) as $a | last(range(1e9) | $a | length)",
        "(\"é✓\" * 1000000) as $a | last(range(1e9) as $i | $a[$i % 10000:])",
        "(\"é✓\" * 20000) | last(range(1e9) as $i | [match(\".\"; \"g\")])",
        "[range(1e6)] as $a | last(range(1e9) | $a | all)",
        "(\"a\" * 10000000) as $a | (\"a\" * 10000000) as $b | last(range(1e9) | $a == $b)",
        "(\"a\" * 10000000) as $a | last(range(1e9) | $a | startswith($a))",
        "[range(1e6) | tostring] as $a | last(range(1e9) | $a | sort)",
        "last(range(1e9) | [range(1000)] | tojson | fromjson)",
        "[range(1e6) | tostring] | @csv | @html | @uri | @base64",
      })
  void endsHostileProgramsWithinTheBar(String program) throws Exception {
    Outcome outcome = onAVirtualThread(() -> run(program));

    assertThat(outcome.kind).isEqualTo(ExpressionException.Kind.LIMIT);
    assertThat(outcome.took).isLessThan(BAR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "last(range(100000))",
        "[range(100000)] | map(. + 1) | add",
        "reduce range(3000) as $i ([]; . + [$i]) | length",
        "reduce range(1000) as $i ({}; .[\"k\\($i)\"] = $i) | length",
        "[range(10000)] | .[] |= . + 1 | length",
        "[range(10000) | {k: (. % 10), v: .}] | group_by(.k) | map({k: .[0].k, n: length})",
        "def f: if . >= 500 then . else . + 1 | f end; 0 | f",
        "0 | until(. >= 100000; . + 1)",
        "reduce range(400) as $i (1; [.]) | tojson | length",
        "[range(20000) | tostring] | join(\",\") | split(\",\") | length",
        "\"a b c\" * 1000 | gsub(\"b\"; \"x\") | length",
      })
  void letsBigButOrdinaryProgramsPass(String program) throws Exception {
    Outcome outcome = onAVirtualThread(() -> run(program));

    assertThat(outcome.kind).isNull();
  }

  @Test
  void refusesSourcesThatAreNestedTooDeeply() {
    for (String source :
        new String[] {
          "(".repeat(50_000),
          "[".repeat(50_000),
          "-".repeat(50_000) + "1",
          "1" + "+1".repeat(20_000),
          "." + ".a".repeat(20_000),
          "1" + "|1".repeat(20_000),
          "def f: ".repeat(10_000),
          "if 1 then ".repeat(5_000),
          "\"\\(".repeat(20_000),
          "1 as $x | ".repeat(10_000) + "1",
          ". as " + "[".repeat(10_000),
          "1" + "//1".repeat(20_000),
          ". as $a ?// $b | ".repeat(100) + "1",
          " ".repeat(200_000) + "1",
        }) {
      ExpressionException e =
          catchThrowableOfType(ExpressionException.class, () -> jq.compile(source));

      assertThat(e.kind()).isNotEqualTo(ExpressionException.Kind.EVALUATION);
    }
  }

  @Test
  void buildsNoMoreThanTheBarAllows() throws Exception {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Limits limits = Limits.defaults();
    Jq ours = new Jq(limits);
    for (String program :
        new String[] {
          "[range(1e9)]", "[limit(1e9; repeat(\"ab\"))]", "reduce range(100) as $i (\"x\"; . + .)"
        }) {
      Expression expression = ours.compile(program);
      assertThatThrownBy(() -> evaluate(expression)).isInstanceOf(ExpressionException.class);
      long before = threads.getCurrentThreadAllocatedBytes();
      assertThatThrownBy(() -> evaluate(expression)).isInstanceOf(ExpressionException.class);
      long built = threads.getCurrentThreadAllocatedBytes() - before;

      assertThat(built).as(program).isLessThan(2 * limits.bytes());
    }
  }

  @Test
  void countsTheTimeWithTheClockOfTheLimits() {
    long[] nanos = {0};
    Limits limits =
        new Limits(
            Duration.ofHours(1), 64 << 20, 100, 100, 10, () -> nanos[0] += 3_600_000_000_000L);

    ExpressionException e =
        catchThrowableOfType(
            ExpressionException.class, () -> evaluate(new Jq(limits).compile("last(range(1e9))")));

    assertThat(e).hasMessage("the expression ran longer than 3600000 ms");
  }

  @Test
  void stopsAfterTheFirstOutput() {
    JsonNode first = evaluate(jq.compile("\"a\", ([range(1e9)] | tojson)"));

    assertThat(first).isEqualTo(StringNode.valueOf("a"));
  }

  private record Outcome(ExpressionException.@Nullable Kind kind, Duration took) {}

  private Outcome run(String program) {
    long start = System.nanoTime();
    ExpressionException.Kind kind = null;
    try {
      evaluate(jq.compile(program));
    } catch (ExpressionException e) {
      kind = e.kind();
    }
    return new Outcome(kind, Duration.ofNanos(System.nanoTime() - start));
  }

  private static JsonNode evaluate(Expression expression) {
    return expression.evaluate(NullNode.instance, Scopes.EMPTY);
  }

  private static <T> T onAVirtualThread(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task.get(30, TimeUnit.SECONDS);
  }
}
