package dev.skein.bench;

import dev.skein.interpreter.expression.Expression;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Evaluations of compiled expressions, beside the same written in Java by hand on the same values,
/// and beside those of jackson-jq, which works on Jackson 2.
final class Evaluations implements Figure {
  private static final int ROUNDS = 15;
  private static final int BATCH = 1_000;
  private static final String TEXT =
      """
      {"a": {"b": 1}, "order": {"id": "o-17"}, "customer": {"name": "Ada"},
       "items": [{"price": 5}, {"price": 12}, {"price": 20.5}, {"price": 8}, {"price": 31}]}
      """;
  private static final JsonNode INPUT = JsonMapper.builder().build().readTree(TEXT);
  private static final Scope SCOPE =
      new Scope() {
        @Override
        public @Nullable JsonNode variable(String name) {
          return null;
        }

        @Override
        public Instant now() {
          return Instant.EPOCH;
        }
      };

  /// Keeps the compiler from dropping what nobody uses. Owned by the measuring thread.
  private @Nullable Object unusedLast;

  /// @param barNanos what one evaluation may take
  /// @param byHand the same in Java
  private record Subject(String source, double barNanos, Function<JsonNode, JsonNode> byHand) {}

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject(".a.b + 1", 100, Evaluations::sum),
          new Subject(
              "{total: (.items | map(select(.price > 10)) | length), id: .order.id,"
                  + " name: .customer.name}",
              2_000,
              Evaluations::summary));

  @Override
  public String label() {
    return "expressions";
  }

  @Override
  public List<Line> measure(Settings settings, Limits limits) {
    var jq = new Jq(dev.skein.interpreter.expression.Limits.defaults());
    long round = settings.pick(200, 50) * 1_000_000L;
    var lines = new ArrayList<Line>();
    for (Subject subject : SUBJECTS) {
      Expression expression = jq.compile(subject.source);
      double ours = nanos(round, () -> expression.evaluate(INPUT, SCOPE));
      double bare = nanos(round, () -> subject.byHand.apply(INPUT));
      double theirs = nanos(round, new JacksonJq(subject.source, TEXT)::evaluate);
      String name = subject.source.length() > 20 ? "object, map and select" : subject.source;
      lines.add(
          new Line(
              "evaluate " + name,
              Settings.text("%,.0f ns", ours),
              Settings.text("%,.0f ns: by hand", bare),
              Settings.text("%.1f", ours / bare),
              Settings.text("at most %,.0f ns", subject.barNanos),
              ours <= subject.barNanos ? "yes" : "NO"));
      lines.add(
          new Line(
              "the same by jackson-jq",
              Settings.text("%,.0f ns", theirs),
              "",
              Settings.text("%.1f times Skein's", theirs / ours),
              "",
              ""));
    }
    double compiled = nanos(round, () -> jq.compile(SUBJECTS.getLast().source));
    lines.add(Line.note("compile the latter", Settings.text("%,.0f ns", compiled)));
    return lines;
  }

  private static JsonNode sum(JsonNode input) {
    return IntNode.valueOf(input.get("a").get("b").intValue() + 1);
  }

  private static JsonNode summary(JsonNode input) {
    int total = 0;
    for (JsonNode item : input.get("items").values()) {
      total += item.get("price").doubleValue() > 10 ? 1 : 0;
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("total", total)
        .set("id", input.get("order").get("id"))
        .set("name", input.get("customer").get("name"));
  }

  /// What one call takes, the median of the rounds. Half of them again go before as a warm-up.
  private double nanos(long roundNanos, Supplier<Object> work) {
    double[] rounds = new double[ROUNDS];
    for (int round = -ROUNDS / 2; round < ROUNDS; round++) {
      long began = System.nanoTime();
      long took;
      long calls = 0;
      do {
        for (int i = 0; i < BATCH; i++) {
          unusedLast = work.get();
        }
        calls += BATCH;
        took = System.nanoTime() - began;
      } while (took < roundNanos);
      rounds[Math.max(round, 0)] = (double) took / calls;
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }
}
