package dev.skein.runtime.graph;

import dev.skein.model.CallFunctionTask;
import dev.skein.model.CallGrpcTask;
import dev.skein.model.CallHttpTask;
import dev.skein.model.CallOpenApiTask;
import dev.skein.model.CallOtherTask;
import dev.skein.model.Definition;
import dev.skein.model.DoTask;
import dev.skein.model.EmitTask;
import dev.skein.model.ForTask;
import dev.skein.model.Foreach;
import dev.skein.model.ForkTask;
import dev.skein.model.ListenTask;
import dev.skein.model.RaiseTask;
import dev.skein.model.RunTask;
import dev.skein.model.SetTask;
import dev.skein.model.SwitchTask;
import dev.skein.model.Task;
import dev.skein.model.Then;
import dev.skein.model.TryTask;
import dev.skein.model.WaitTask;
import dev.skein.runtime.graph.Flowchart.Group;
import dev.skein.runtime.graph.Flowchart.Level;
import dev.skein.runtime.graph.Flowchart.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Reads the flow out of a definition.
final class FlowchartReader {
  private FlowchartReader() {}

  static Flowchart read(Definition definition) {
    Level main = new Wiring("", true).list(definition.tasks());
    Collection<Task> functions = definition.use().functions().values();
    if (!functions.isEmpty()) {
      var nodes = new ArrayList<>(main.nodes());
      List<Node> inside = functions.stream().map(FlowchartReader::node).toList();
      nodes.add(new Group(Faces.functions(), new Level(inside, List.of())));
      main = new Level(List.copyOf(nodes), main.edges());
    }
    return new Flowchart(Faces.title(definition.document()), main);
  }

  static Node node(Task task) {
    return switch (task) {
      case DoTask t -> new Group(Faces.of(t), list(t.reference(), t.tasks()));
      case ForTask t -> new Group(Faces.of(t), list(t.reference(), t.tasks()));
      case ForkTask t ->
          new Group(Faces.of(t), new Wiring(t.reference(), false).sideBySide(t.branches()));
      case TryTask t -> new Group(Faces.of(t), list(t.reference(), t.tasks()));
      case ListenTask t -> {
        Foreach foreach = t.foreach();
        yield foreach == null || foreach.tasks().isEmpty()
            ? new Flowchart.Box(Faces.of(t))
            : new Group(Faces.of(t), list(t.reference(), foreach.tasks()));
      }
      case SetTask _,
          SwitchTask _,
          RaiseTask _,
          WaitTask _,
          CallHttpTask _,
          CallFunctionTask _,
          CallGrpcTask _,
          CallOpenApiTask _,
          CallOtherTask _,
          EmitTask _,
          RunTask _ ->
          new Flowchart.Box(Faces.of(task));
    };
  }

  /// The handler of a try, which stands beside it.
  static Group handler(TryTask task) {
    var face = Faces.handler(task);
    return new Group(face, list(face.id(), task.handler().tasks()));
  }

  /// Whether something can come after the task by itself. After a raise nothing does.
  static boolean goesOn(Task task) {
    return !(task instanceof RaiseTask);
  }

  static boolean continues(Then then) {
    return then instanceof Then.Continue;
  }

  private static Level list(String owner, List<Task> tasks) {
    return new Wiring(owner, false).list(tasks);
  }
}
