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

  /// Of three tries, since the machine has other work.
  private Outcome quickest(String program) throws Exception {
    Outcome best = onAVirtualThread(() -> run(program));
    for (int more = 0; more < 2 && best.took.compareTo(BAR) >= 0; more++) {
      best = onAVirtualThread(() -> run(program));
    }
    return best;
  }

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
        "[range(1e9)] | length",
        "0 | [recurse(. + 1)]",
        "\"xy\" * 2147483647",
        "[range(20000000; 0; -1)] | implode",
        "reduce range(60) as $i (\"xxxxxxxx\"; @base64)",
        "reduce range(60) as $i (\"xxxxxxxx\"; @base32)",
        "reduce range(200) as $i (\"'\"; @sh)",
        "reduce range(60) as $i (\"\\\"\"; tojson)",
        "reduce range(200) as $i (\"\\\"\"; [.] | @csv)",
        "reduce range(60) as $i (\"a\"; \"\\(.)\\(.)\")",
        "def f: ltrimstr(\"x\") | f; \"x\" | f",
        "(\"x\" * 1e7) | until(. == \"\"; ltrimstr(\"x\"))",
        "def f: def g: f; g; f",
        "def f(x): f(f(x)); f(1)",
        "(\"{\\\"a\\\":\" * 100000) + \"1\" + (\"}\" * 100000) | fromjson",
        "reduce range(40) as $i (1; {a: ., b: .}) | [leaf_paths] | length",
        "reduce range(40) as $i (1; {a: ., b: .}) | (.. | numbers) |= . + 1",
        "reduce range(40) as $i (1; {a: ., b: .}) | del(..)",
        "reduce range(40) as $i (1; {a: ., b: .}) | [path(..)] | length",
        "reduce range(40) as $i (1; {a: ., b: .}) | contains(.)",
        "reduce range(40) as $i (1; {a: ., b: .}) | [., .] | group_by(.)",
        "reduce range(40) as $i (1; [., .]) | [.] - [.]",
        "reduce range(40) as $i (1; [., .]) | flatten(1e9)",
        "reduce range(40) as $i (1; [., .]) | \"\\(.)\"",
        "reduce range(40) as $i (1; [., .]) | try error catch tojson",
        "reduce range(40) as $i (1; [., .]) | transpose",
        "reduce range(40) as $i (1; [., .]) | combinations",
        "[[range(1e3)] | combinations(1e6)]",
        "[range(1e6) | {a: .}] | group_by(.a)",
        "[range(1e6)] | INDEX(.)",
        "[range(1e5)] | map([range(10)]) | add | add",
        "reduce range(1e8) as $i (1; . * 1.0000001)",
        "1e1000 | [range(.)]",
        "range(0; 1e300; 1e-300) | select(false)",
        "(\"a\" * 3e5) | gsub(\"a*?\"; \"b\" * 1000)",
        "(\"a\" * 1e5) | gsub(\"(?<x>a)\"; .x * 1e4)",
        ".[4e6] = 1 | length",
        ".[range(1e9)] = 1",
        "reduce range(1e9) as $i ([]; setpath([$i]; $i))",
        "reduce range(1e9) as $i ({}; . * {a: {b: {c: $i}}})",
        "(\"a\" * 1e5) | test(\"(a{1,1000}){1,1000}b\")",
        "(\"x\" * 1e5) | test(\"(x+x+)+y\")",
        "[range(1e9) | \"a\\(.)\" as $re | \"x\" | test($re)]",
        "last(range(1e9) | (\"\\(.)\" + \"x\" * 9000) as $re | $re | test($re))",
        "(\"x\" * 1e6) as $s | $s | test($s)",
        "try ([range(1e9)]) catch \"caught\"",
        "([range(1e9)])? // \"caught\"",
        "[fromstream(repeat([[0], 1], [[0]]))]",
        "[range(1e9) | now]",
        "pick(.[range(1e9)])",
        "getpath([range(1e6) | \"a\"]) | [range(1e9)]",
        "(\"x\" * 1e6) as $s | last(range(1e9) | $s | fromdate?)",
        "(\"x\" * 1e6) as $s | last(range(1e9) | try strptime($s) catch 1)",
        "(\"x\" * 1e6) as $s | last(range(1e9) | $s | @base32d?)",
        "(\" \" * 1e6) as $s | last(range(1e9) | $s | trim)",
        "(\"x\" * 1e6) as $s | last(range(1e9) | {} | has($s))",
        "[range(1e5)] as $a | last(range(1e9) | $a | IN([]))",
        "[range(1e5)] as $a | last(range(1e9) | $a | del(.[0]))",
        "(reduce range(1e4) as $i ({}; .[\"k\\($i)\"] = $i)) as $o | last(range(1e9) | $o * {a:1})",
        "(reduce range(1e4) as $i ({}; .[\"k\\($i)\"] = $i)) as $o | last(range(1e9) | $o | to_entries)",
      })
  void endsHostileProgramsWithinTheBar(String program) throws Exception {
    Outcome outcome = quickest(program);

    assertThat(outcome.kind).isEqualTo(ExpressionException.Kind.LIMIT);
    assertThat(outcome.took).isLessThan(BAR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input",
        "halt",
        "try halt_error catch 1",
        "setpath([1e9]; 1)",
        ".[1e9] = 1",
        ".[1e308] = 1",
        "pick(.[1e9])",
        "1e300 | strftime(\"%Y\")",
        "1e18 | todate",
        "-1e300 | gmtime",
        "[1e300,1e300,1e300,1e300,1e300,1e300] | mktime",
        "(\"(\" * 9000) as $re | \"a\" | test($re)",
        "(\"1\" * 1e6) | strptime(\"%Y\")",
        "path(range(1e9))",
        "reduce range(40) as $i (1; [., .]) | error",
        "reduce range(40) as $i (1; [., .]) | . + 1",
        "reduce range(40) as $i (1; [., .]) | {(.): 1}",
        "reduce range(40) as $i (1; [., .]) | @sh",
        "[range(1e6)] | getpath([range(1e6)])",
        "(\"x\" * 1e6) as $s | [] | .[$s]",
      })
  void refusesWhatCannotBeDoneInAFewWords(String program) throws Exception {
    Outcome outcome = onAVirtualThread(() -> run(program));

    assertThat(outcome.kind).isEqualTo(ExpressionException.Kind.EVALUATION);
    assertThat(outcome.message).hasSizeLessThan(1_100);
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

  private record Outcome(
      ExpressionException.@Nullable Kind kind, @Nullable String message, Duration took) {}

  private Outcome run(String program) {
    long start = System.nanoTime();
    ExpressionException raised = null;
    try {
      evaluate(jq.compile(program));
    } catch (ExpressionException e) {
      raised = e;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return raised == null
        ? new Outcome(null, null, took)
        : new Outcome(raised.kind(), raised.getMessage(), took);
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
