package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Code of the assignments.
final class UpdateNodes {
  private UpdateNodes() {}

  /// What becomes of the value at one path; null deletes it.
  private interface Change {
    @Nullable JsonNode of(JsonNode value);
  }

  private static JsonNode change(Env env, Node target, JsonNode in, Change change) {
    Meter meter = env.meter;
    Draft draft = new Draft(meter, in);
    List<JsonNode> deleted = new ArrayList<>();
    target.run(
        env,
        Path.ROOT,
        in,
        (at, found) -> {
          meter.step();
          Path path = Path.complete(at, found);
          List<JsonNode> keys = path.keys();
          JsonNode value = change.of(draft.get(keys));
          if (value == null) {
            deleted.add(path.toArray(meter));
          } else {
            draft.set(keys, value);
          }
          return true;
        });
    if (deleted.isEmpty()) {
      return draft.root();
    }
    return Deletion.delete(meter, draft.root(), Values.array(meter, deleted));
  }

  /// `target |= update`: the first output of the update; none deletes the place.
  static final class Update extends Node.Single {
    private final Node target;
    private final Node update;

    Update(Node target, Node update) {
      this.target = target;
      this.update = update;
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return change(env, target, in, value -> first(env, update, value));
    }
  }

  static @Nullable JsonNode first(Env env, Node node, JsonNode in) {
    if (node.single()) {
      return node.value(env, in);
    }
    List<JsonNode> found = new ArrayList<>(1);
    node.run(
        env,
        null,
        in,
        (path, value) -> {
          found.add(value);
          return false;
        });
    return found.isEmpty() ? null : found.getFirst();
  }

  /// `target = value`, once for each value.
  static final class Assign extends Node {
    private final Node target;
    private final Node value;

    Assign(Node target, Node value) {
      this.target = target;
      this.value = value;
    }

    @Override
    boolean single() {
      return value.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      JsonNode assigned = value.value(env, in);
      return change(env, target, in, old -> assigned);
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return value.each(
          env,
          in,
          assigned -> {
            JsonNode result = change(env, target, in, old -> assigned);
            return out.accept(Path.computed(path, in, result), result);
          });
    }
  }

  /// `target += value` and its kind, once for each value; without an operator it is `//=`.
  static final class Modify extends Node {
    private final @Nullable Operator operator;
    private final Node target;
    private final Node value;

    Modify(@Nullable Operator operator, Node target, Node value) {
      this.operator = operator;
      this.target = target;
      this.value = value;
    }

    @Override
    boolean single() {
      return value.single();
    }

    @Override
    JsonNode value(Env env, JsonNode in) {
      return modified(env, in, value.value(env, in));
    }

    @Override
    boolean run(Env env, @Nullable Path path, JsonNode in, Sink out) {
      return value.each(
          env,
          in,
          operand -> {
            JsonNode result = modified(env, in, operand);
            return out.accept(Path.computed(path, in, result), result);
          });
    }

    private JsonNode modified(Env env, JsonNode in, JsonNode operand) {
      return change(
          env,
          target,
          in,
          old -> {
            if (operator == null) {
              return Values.isTrue(old) ? old : operand;
            }
            return operator.apply(env.meter, old, operand);
          });
    }
  }
}
