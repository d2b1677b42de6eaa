package dev.skein.model;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A workflow.
///
/// @param attributes search attributes by name, from `document.metadata.skein.attributes`
/// @param source the whole document
public record Definition(
    Document document,
    List<Task> tasks,
    Use use,
    Data data,
    @Nullable Timeout timeout,
    Saga saga,
    Map<String, JsonNode> attributes,
    JsonNode source) {

  /// Shows every task, inner ones and those of functions and compensations included, to the visitor; outer ones first.
  public void everyTask(Consumer<Task> visitor) {
    tasks.forEach(task -> visit(task, visitor));
    use.functions().values().forEach(task -> visit(task, visitor));
  }

  private static void visit(Task task, Consumer<Task> visitor) {
    visitor.accept(task);
    task.base().compensate().forEach(inner -> visit(inner, visitor));
    List<Task> inside =
        switch (task) {
          case DoTask t -> t.tasks();
          case ForTask t -> t.tasks();
          case ForkTask t -> t.branches();
          case TryTask t -> {
            t.handler().tasks().forEach(inner -> visit(inner, visitor));
            yield t.tasks();
          }
          case SetTask _, SwitchTask _, RaiseTask _, WaitTask _, CallHttpTask _, CallFunctionTask _ ->
              List.of();
        };
    inside.forEach(inner -> visit(inner, visitor));
  }
}
