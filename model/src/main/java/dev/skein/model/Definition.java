package dev.skein.model;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A workflow that was read and found sound: every reference in it is resolved.
///
/// @param data the workflow's own `input` and `output`
/// @param schedule absent for runs that are started from outside only
/// @param api absent for a workflow that is not published
/// @param loose whether every string is tried as an expression
/// @param attributes search attributes: a name and an expression or template each
/// @param source the whole document as JSON
public record Definition(
    Document document,
    List<Task> tasks,
    Use use,
    Data data,
    @Nullable Timeout timeout,
    Saga saga,
    @Nullable Schedule schedule,
    @Nullable ApiOperation api,
    boolean loose,
    Map<String, JsonNode> attributes,
    JsonNode source) {

  /// The language of expressions: only `jq` is run.
  public String language() {
    return source.path("evaluate").path("language").asString("jq");
  }

  /// From 1 (first) to 5, for runs that are started without one.
  public int priority() {
    return source.path("document").path("metadata").path("skein").path("priority").asInt(3);
  }

  /// Shows every task to the visitor, also those of functions and compensations; outer ones first.
  public void everyTask(Consumer<Task> visitor) {
    tasks.forEach(task -> visit(task, visitor));
    use.functions().values().forEach(task -> visit(task, visitor));
    for (Extension extension : use.extensions()) {
      extension.before().forEach(task -> visit(task, visitor));
      extension.after().forEach(task -> visit(task, visitor));
    }
  }

  private static void visit(Task task, Consumer<Task> visitor) {
    visitor.accept(task);
    task.base().compensate().forEach(inner -> visit(inner, visitor));
    List<Task> inside =
        switch (task) {
          case DoTask t -> t.tasks();
          case ForTask t -> t.tasks();
          case ForkTask t -> t.branches();
          case ListenTask t -> t.foreach() == null ? List.of() : t.foreach().tasks();
          case TryTask t -> {
            t.handler().tasks().forEach(inner -> visit(inner, visitor));
            yield t.tasks();
          }
          case SetTask _,
              SwitchTask _,
              RaiseTask _,
              WaitTask _,
              CallHttpTask _,
              CallGrpcTask _,
              CallOpenApiTask _,
              CallFunctionTask _,
              CallOtherTask _,
              EmitTask _,
              RunTask _ ->
              List.of();
        };
    inside.forEach(inner -> visit(inner, visitor));
  }
}
