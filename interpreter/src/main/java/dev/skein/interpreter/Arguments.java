package dev.skein.interpreter;

import dev.skein.model.Task;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What expressions see by name besides variables, context and secrets.
interface Arguments {
  /// The value of `$name`, asked without the dollar sign; null if there is no such argument.
  @Nullable JsonNode argument(String name);

  static Arguments of(Map<String, JsonNode> values) {
    return values::get;
  }

  /// Those of a task: `$workflow`, `$runtime`, `$task`, and as they come to be, `$input` and
  /// `$output`. What describes the task is put together when somebody asks: hardly anybody does.
  ///
  /// @param raw what was given to the task
  /// @param done what it has put out, not transformed yet
  record OfTask(
      JsonNode workflow,
      Task task,
      JsonNode raw,
      Instant startedAt,
      @Nullable JsonNode input,
      @Nullable JsonNode done,
      @Nullable JsonNode output)
      implements Arguments {

    OfTask(JsonNode workflow, Task task, JsonNode raw, Instant startedAt) {
      this(workflow, task, raw, startedAt, null, null, null);
    }

    OfTask withInput(JsonNode transformed) {
      return new OfTask(workflow, task, raw, startedAt, transformed, done, output);
    }

    OfTask withDone(JsonNode result) {
      return new OfTask(workflow, task, raw, startedAt, input, result, output);
    }

    OfTask withOutput(JsonNode transformed) {
      return new OfTask(workflow, task, raw, startedAt, input, done, transformed);
    }

    @Override
    public @Nullable JsonNode argument(String name) {
      return switch (name) {
        case "workflow" -> workflow;
        case "runtime" -> Descriptors.RUNTIME;
        case "task" -> described();
        case "input" -> input;
        case "output" -> output;
        default -> null;
      };
    }

    private JsonNode described() {
      ObjectNode descriptor = Descriptors.task(task, raw, startedAt);
      if (done != null) {
        descriptor.set("output", done);
      }
      return descriptor;
    }
  }
}
