package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Context;
import dev.skein.model.CallFunctionTask;
import dev.skein.model.CallGrpcTask;
import dev.skein.model.CallHttpTask;
import dev.skein.model.CallOpenApiTask;
import dev.skein.model.CallOtherTask;
import dev.skein.model.DoTask;
import dev.skein.model.EmitTask;
import dev.skein.model.Extension;
import dev.skein.model.ForTask;
import dev.skein.model.ForkTask;
import dev.skein.model.ListenTask;
import dev.skein.model.RaiseTask;
import dev.skein.model.RunTask;
import dev.skein.model.SetTask;
import dev.skein.model.SwitchTask;
import dev.skein.model.Task;
import dev.skein.model.TryTask;
import dev.skein.model.WaitTask;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs the tasks of extensions around others. They get the data of the task they extend and leave
/// it as it is; one of them that goes to `exit` takes the extended task's place. Extensions do not
/// extend their own tasks.
final class Extensions {
  private final TaskRunner tasks;
  private final List<Extension> all;

  Extensions(TaskRunner tasks, List<Extension> all) {
    this.tasks = tasks;
    this.all = List.copyOf(all);
  }

  /// Where a task is extended.
  ///
  /// @param env of the task
  /// @param scope what its expressions see
  record At(Task task, Env env, Scope scope) {}

  /// Those that apply, by their place in the list.
  List<Integer> of(At at, JsonNode input) {
    if (all.isEmpty() || at.env.shared().isExtension) {
      return List.of();
    }
    Scope described = described(at);
    var found = new ArrayList<Integer>();
    for (int i = 0; i < all.size(); i++) {
      Extension extension = all.get(i);
      String when = extension.when();
      boolean meant =
          extension.extend().equals("all") || kinds(at.task).contains(extension.extend());
      if (meant && (when == null || tasks.templates().holds(when, input, described))) {
        found.add(i);
      }
    }
    return found;
  }

  /// Returns what takes the place of the task's output; null if the task is to be run.
  @Nullable JsonNode before(List<Integer> extensions, At at, JsonNode input) {
    for (int i : extensions) {
      List<Task> list = all.get(i).before();
      if (!list.isEmpty()) {
        Flow.Outcome outcome = run(list, input, at, inside(at, i, "before"));
        if (outcome.exited()) {
          return outcome.output();
        }
      }
    }
    return null;
  }

  void after(List<Integer> extensions, At at, JsonNode output) {
    for (int i : extensions.reversed()) {
      List<Task> list = all.get(i).after();
      if (!list.isEmpty()) {
        var _ = run(list, output, at, inside(at, i, "after"));
      }
    }
  }

  private Flow.Outcome run(List<Task> list, JsonNode data, At at, Env inside) {
    Flow.Outcome outcome = tasks.flow().outcome(list, data, inside);
    at.env.shared().context = inside.shared().context;
    return outcome;
  }

  private Env inside(At at, int index, String side) {
    String reference = "/use/extensions/" + index + "/" + all.get(index).name() + "/" + side;
    Context scope = at.env.kernel().scope(at.env.name(at.task.reference()) + "/" + side + index);
    return at.env
        .in(scope, reference)
        .calledFrom(at.task.reference())
        .extending(described(at).variable("task"));
  }

  /// The same, with the task's own properties in `$task`, as `$task.call` asks for them.
  private static Scope described(At at) {
    ObjectNode descriptor = Json.NODES.objectNode();
    if (at.task.base().definition() instanceof ObjectNode definition) {
      descriptor.setAll(definition);
    }
    if (at.scope.variable("task") instanceof ObjectNode known) {
      descriptor.setAll(known);
    }
    return new Scope() {
      @Override
      public @Nullable JsonNode variable(String name) {
        return name.equals("task") ? descriptor : at.scope.variable(name);
      }

      @Override
      public java.time.Instant now() {
        return at.scope.now();
      }
    };
  }

  private static List<String> kinds(Task task) {
    return switch (task) {
      case CallHttpTask _, CallGrpcTask _, CallOpenApiTask _, CallFunctionTask _, CallOtherTask _ ->
          List.of("call");
      case DoTask _, ForkTask _ -> List.of("composite");
      case ForTask _ -> List.of("for", "composite");
      case TryTask _ -> List.of("try", "composite");
      case EmitTask _ -> List.of("emit");
      case ListenTask _ -> List.of("listen");
      case RaiseTask _ -> List.of("raise");
      case RunTask _ -> List.of("run");
      case SetTask _ -> List.of("set");
      case SwitchTask _ -> List.of("switch");
      case WaitTask _ -> List.of("wait");
    };
  }
}
