package dev.skein.interpreter.expression;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Prints the microseconds per evaluation of some everyday expressions. No test: run its `main`.
final class EvaluationSpeed {
  private static final int ROUNDS = 5;
  private static final long NANOS_PER_ROUND = 400_000_000L;

  private EvaluationSpeed() {}

  public static void main(String[] arguments) {
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      items.append(i == 0 ? "" : ",");
      items.append("{\"price\":").append(i + 1.5).append(",\"qty\":").append(i).append('}');
    }
    JsonNode input =
        JsonMapper.builder()
            .build()
            .readTree("{\"a\":{\"b\":1},\"order\":{\"total\":120,\"items\":[" + items + "]}}");
    Jq jq = new Jq(Limits.defaults());
    for (String source :
        new String[] {
          ".a.b",
          ".order.total > 100",
          "{id: .a.b, total: .order.total}",
          ".order.items | map(.price * .qty) | add",
          "[.order.items[] | select(.qty > 5) | .price]",
          ".order.total += 1",
          ".order.items |= sort_by(-.price)",
          "\"order \\(.order.total) of \\(.a.b)\"",
          "reduce .order.items[] as $i (0; . + $i.qty)",
          "def f(x): x * 2; f(.a.b)",
        }) {
      Expression expression = jq.compile(source);
      double best = Double.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        best = Math.min(best, microseconds(expression, input));
      }
      System.out.printf("%8.3f us  %s%n", best, source);
    }
    long start = System.nanoTime();
    int compiled = 0;
    for (; System.nanoTime() - start < NANOS_PER_ROUND; compiled++) {
      jq.compile(".order.items | map(.price * .qty) | add");
    }
    System.out.printf("%8.3f us  to compile%n", (System.nanoTime() - start) / 1e3 / compiled);
  }

  private static double microseconds(Expression expression, JsonNode input) {
    long start = System.nanoTime();
    long end = start;
    int count = 0;
    while (end - start < NANOS_PER_ROUND) {
      for (int i = 0; i < 100; i++) {
        expression.evaluate(input, Scopes.EMPTY);
      }
      count += 100;
      end = System.nanoTime();
    }
    return (end - start) / 1e3 / count;
  }
}
