package dev.skein.testkit;

import dev.skein.kernel.Branch;
import dev.skein.kernel.Compensation;
import dev.skein.kernel.Context;
import dev.skein.kernel.Fault;
import dev.skein.kernel.RetryPolicy;
import dev.skein.kernel.SagaRules;
import dev.skein.kernel.StepOptions;
import dev.skein.kernel.TimedOut;
import dev.skein.kernel.Work.Attempt;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A workflow drawn from a seed: steps, retries, sleeps, forks, races, limits, loops and sagas,
/// nested. What it does outside goes to a ledger; its result and the ledger must not depend on
/// crashes.
final class RandomProgram implements Workflow {
  private static final int DEEPEST = 3;

  private final Node root;
  private final boolean limited;
  final Map<String, Integer> ledger = new ConcurrentHashMap<>();
  final Map<String, Integer> executions = new ConcurrentHashMap<>();

  private sealed interface Node {}

  private record Do(String name, int failures, boolean compensated) implements Node {}

  private record Sleep(int seconds) implements Node {}

  private record Sequence(List<Node> nodes) implements Node {}

  private record All(int limit, List<Node> nodes) implements Node {}

  private record Race(List<Node> nodes) implements Node {}

  private record Limit(int seconds, Node body) implements Node {}

  private record Loop(int times, Node body) implements Node {}

  private record Try(Node body) implements Node {}

  private record Raise() implements Node {}

  RandomProgram(long seed) {
    this(seed, true);
  }

  /// @param limited whether there are limits of time in it, which a node that is away for long may
  ///   let pass
  RandomProgram(long seed, boolean limited) {
    this.limited = limited;
    var random = new java.util.SplittableRandom(seed * 7919);
    var nodes = new ArrayList<Node>();
    for (int i = 0; i < 4; i++) {
      nodes.add(draw(random, 0));
    }
    if (random.nextInt(4) == 0) {
      nodes.add(new Raise());
    }
    this.root = new Sequence(nodes);
  }

  private static Node draw(RandomGenerator random, int depth) {
    int kind = depth >= DEEPEST ? random.nextInt(3) : random.nextInt(10);
    return switch (kind) {
      case 0, 1 -> new Do("s" + random.nextInt(3), random.nextInt(3), random.nextBoolean());
      case 2 -> new Sleep(random.nextInt(1, 5_000));
      case 3, 4 -> new Sequence(several(random, depth));
      case 5 -> new All(random.nextInt(1, 4), several(random, depth));
      case 6 -> new Race(List.of(racer(random, depth, 1_000), racer(random, depth, 9_000_000)));
      case 7 -> new Limit(random.nextInt(1, 9_000), draw(random, depth + 1));
      case 8 -> new Loop(random.nextInt(1, 4), draw(random, depth + 1));
      default ->
          new Try(
              random.nextBoolean()
                  ? new Sequence(List.of(draw(random, depth + 1), new Raise()))
                  : draw(random, depth + 1));
    };
  }

  /// One of two branches whose order is never in doubt.
  private static Node racer(RandomGenerator random, int depth, int seconds) {
    return new Sequence(List.of(new Sleep(seconds), new Do("r", 0, random.nextBoolean())));
  }

  private static List<Node> several(RandomGenerator random, int depth) {
    var nodes = new ArrayList<Node>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      nodes.add(draw(random, depth + 1));
    }
    return nodes;
  }

  @Override
  public Payload run(Context context, Payload input) {
    return Payload.of(evaluate(root, context));
  }

  private String evaluate(Node node, Context at) {
    return switch (node) {
      case Do step -> step(step, at);
      case Sleep sleep -> {
        at.sleep("sleep", Duration.ofSeconds(sleep.seconds));
        yield "z";
      }
      case Sequence sequence -> {
        var result = new StringBuilder();
        sequence.nodes.forEach(inner -> result.append(evaluate(inner, at)));
        yield result.toString();
      }
      case All all -> "(" + String.join(",", at.fork("all", all.limit, branches(all.nodes))) + ")";
      case Race race -> "<" + at.race("race", branches(race.nodes)) + ">";
      case Limit limit -> {
        if (!limited) {
          yield evaluate(limit.body, at);
        }
        try {
          yield at.limit(
              "limit", Duration.ofSeconds(limit.seconds), in -> evaluate(limit.body, in));
        } catch (TimedOut e) {
          yield "!";
        }
      }
      case Loop loop -> {
        var result = new StringBuilder();
        Context scope = at.scope("loop");
        for (int i = 0; i < loop.times; i++) {
          result.append(evaluate(loop.body, scope.iteration(i)));
        }
        yield result.toString();
      }
      case Try attempt -> {
        Context scope = at.scope("try");
        try {
          yield evaluate(attempt.body, scope);
        } catch (Fault | TimedOut e) {
          scope.undo(SagaRules.Order.REVERSE);
          yield "?";
        }
      }
      case Raise _ -> throw new Fault(new Failure("test:raised", "raised"));
    };
  }

  private List<Branch<String>> branches(List<Node> nodes) {
    var branches = new ArrayList<Branch<String>>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      branches.add(new Branch<>("b" + i, in -> evaluate(node, in)));
    }
    return branches;
  }

  private String step(Do step, Context at) {
    Compensation undo =
        !step.compensated
            ? null
            : new Compensation(
                step.name,
                Payload.EMPTY,
                null,
                (in, output) -> in.step("undo", attempt -> effect(attempt, -1, output)));
    var retry = new RetryPolicy(3, Duration.ofSeconds(30), 2, Duration.ofMinutes(5));
    return at.step(
            step.name,
            StepOptions.DEFAULT.retry(retry).compensation(undo),
            attempt -> {
              if (attempt.number() <= step.failures) {
                throw new Fault(new Failure("test:flaky", "flaky"));
              }
              return effect(attempt, 1, null);
            })
        .text();
  }

  private Payload effect(Attempt attempt, int amount, @Nullable Payload ignored) {
    executions.merge(attempt.idempotencyKey(), 1, Integer::sum);
    ledger.put(attempt.idempotencyKey(), amount);
    return Payload.of(amount > 0 ? "s" : "u");
  }
}
