package dev.skein.interpreter.expression;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// `reduce` and `foreach`.
final class FoldNodes {
  private FoldNodes() {}

  /// What is carried from one round to the next. Owned by one run.
  private static final class State {
    @Nullable Path path;
    JsonNode value;

    State(@Nullable Path path, JsonNode value) {
      this.path = path;
      this.value = value;
    }
  }

  static final class Reduce extends Node {
    private final Node source;
    private final BindNodes.Matcher pattern;
    private final Node start;
    private final Node update;

    Reduce(Node source, BindNodes.Matcher pattern, Node start, Node update) {
      this.source = source;
      this.pattern = pattern;
      this.start = start;
      this.update = update;
    }

    @Override
    boolean single() {
      return start.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return fold(env, in, new State(null, start.value(env, in))).value;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return start.run(
          env,
          path,
          in,
          (at, first) -> {
            State result = fold(env, in, new State(at, first));
            return out.accept(result.path, result.value);
          });
    }

    private State fold(Env env, JsonNode in, State state) {
      Reclaim reclaim = new Reclaim(env.meter);
      source.each(
          env,
          in,
          value ->
              pattern.match(
                  env,
                  value,
                  bound -> {
                    long before = env.meter.bytes();
                    round(bound, state);
                    reclaim.after(before, state.value);
                    return true;
                  }));
      return state;
    }

    /// The last output of the update is the new state; none at all is null.
    private void round(Env bound, State state) {
      bound.meter.step();
      if (state.path == null && update.single()) {
        state.value = update.value(bound, state.value);
        return;
      }
      Path path = state.path;
      JsonNode value = state.value;
      state.path = Path.computed(path, value, NullNode.instance);
      state.value = NullNode.instance;
      update.run(
          bound,
          path,
          value,
          (at, next) -> {
            state.path = at;
            state.value = next;
            return true;
          });
    }
  }

  static final class Foreach extends Node {
    private final Node source;
    private final BindNodes.Matcher pattern;
    private final Node start;
    private final Node update;
    private final Node extract;

    Foreach(Node source, BindNodes.Matcher pattern, Node start, Node update, Node extract) {
      this.source = source;
      this.pattern = pattern;
      this.start = start;
      this.update = update;
      this.extract = extract;
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return start.run(
          env,
          path,
          in,
          (at, first) -> {
            State state = new State(at, first);
            return source.each(
                env, in, value -> pattern.match(env, value, bound -> round(bound, state, out)));
          });
    }

    private boolean round(Env bound, State state, Sink out) {
      bound.meter.step();
      Path path = state.path;
      JsonNode value = state.value;
      // An update without output leaves null behind.
      state.path = Path.computed(path, value, NullNode.instance);
      state.value = NullNode.instance;
      return update.run(
          bound,
          path,
          value,
          (at, next) -> {
            state.path = at;
            state.value = next;
            return extract.run(bound, at, next, out);
          });
    }
  }

  /// Gives back to the meter what earlier rounds built and the state no longer holds: nothing else
  /// survives a round. It looks only after much was built, so that looking stays cheap.
  static final class Reclaim {
    private static final long WORTH_LOOKING = 4L << 20;

    private final Meter meter;
    private long built;
    private long alive;

    Reclaim(Meter meter) {
      this.meter = meter;
    }

    /// @param before what the meter showed at the start of the round
    void after(long before, JsonNode state) {
      built += meter.bytes() - before;
      if (built - alive < Math.max(WORTH_LOOKING, alive)) {
        return;
      }
      alive = Math.min(built, Meter.weight(meter, state));
      meter.release(built - alive);
      built = alive;
    }
  }
}
