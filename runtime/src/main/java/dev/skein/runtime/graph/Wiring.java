package dev.skein.runtime.graph;

import dev.skein.model.Case;
import dev.skein.model.SwitchTask;
import dev.skein.model.Task;
import dev.skein.model.Template;
import dev.skein.model.Then;
import dev.skein.model.TryTask;
import dev.skein.runtime.graph.Flowchart.Edge;
import dev.skein.runtime.graph.Flowchart.Group;
import dev.skein.runtime.graph.Flowchart.Level;
import dev.skein.runtime.graph.Flowchart.Mark;
import dev.skein.runtime.graph.Flowchart.Marker;
import dev.skein.runtime.graph.Flowchart.Node;
import dev.skein.runtime.graph.Flowchart.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Joins the tasks of one list by edges, as `Flow` of the interpreter walks them. Used once, by one
/// thread.
final class Wiring {
  private final Marker entry;
  private final Marker exit;
  private final Marker end;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();

  /// The conditions of tasks by id, shown on the edges that lead to them.
  private final Map<String, String> conditions = new HashMap<>();

  /// @param owner the id of the group around the list; at the top its exit is the end
  Wiring(String owner, boolean top) {
    entry = new Marker(owner + "#entry", top ? Mark.START : Mark.ENTRY);
    end = new Marker(owner + "#end", Mark.END);
    exit = top ? end : new Marker(owner + "#exit", Mark.EXIT);
  }

  Level list(List<Task> tasks) {
    nodes.add(entry);
    tasks.forEach(this::rememberCondition);
    edge(entry.id(), tasks.isEmpty() ? exit.id() : tasks.getFirst().reference(), "", "", Path.NEXT);
    for (int i = 0; i < tasks.size(); i++) {
      Task task = tasks.get(i);
      nodes.add(FlowchartReader.node(task));
      String next = i + 1 < tasks.size() ? tasks.get(i + 1).reference() : exit.id();
      leave(task, new Targets(tasks, next));
    }
    return close();
  }

  Level sideBySide(List<Task> branches) {
    nodes.add(entry);
    branches.forEach(this::rememberCondition);
    for (Task branch : branches) {
      edge(entry.id(), branch.reference(), "", "", Path.NEXT);
      nodes.add(FlowchartReader.node(branch));
      leave(branch, new Targets(List.of(), exit.id()));
    }
    return close();
  }

  /// The markers that edges lead to come last, so that the layout takes what leads back to be the
  /// exception.
  private Level close() {
    for (Marker marker : exit.equals(end) ? List.of(end) : List.of(end, exit)) {
      if (edges.stream().anyMatch(edge -> edge.to().equals(marker.id()))) {
        nodes.add(marker);
      }
    }
    return new Level(List.copyOf(nodes), List.copyOf(edges));
  }

  private void leave(Task task, Targets targets) {
    Then then = task.base().then();
    if (task instanceof SwitchTask choice) {
      leaveSwitch(choice, targets);
    } else if (FlowchartReader.goesOn(task)) {
      edge(task.reference(), targets.of(then), "", "", path(then));
    }
    boolean skippable = task.base().condition() != null;
    if (skippable && !(FlowchartReader.goesOn(task) && FlowchartReader.continues(then))) {
      edge(
          task.reference(), targets.next(), "skipped", "if the condition does not hold", Path.NEXT);
    }
    if (task instanceof TryTask attempt) {
      leaveByError(attempt, targets);
    }
  }

  private void leaveSwitch(SwitchTask choice, Targets targets) {
    for (Case one : choice.cases()) {
      String when = one.when();
      String tooltip = when == null ? "otherwise" : Template.strip(when);
      edge(choice.reference(), targets.of(one.then()), one.name(), tooltip, path(one.then()));
    }
    if (choice.cases().stream().allMatch(one -> one.when() != null)) {
      Then then = choice.base().then();
      edge(choice.reference(), targets.of(then), "otherwise", "no case holds", path(then));
    }
  }

  private void leaveByError(TryTask attempt, Targets targets) {
    Then own = attempt.handler().then();
    Then then = FlowchartReader.continues(own) ? attempt.base().then() : own;
    String label = Faces.caught(attempt.handler());
    String tooltip = Faces.caughtInFull(attempt.handler());
    if (attempt.handler().tasks().isEmpty()) {
      edge(attempt.reference(), targets.of(then), label, tooltip, Path.ERROR);
      return;
    }
    Group handler = FlowchartReader.handler(attempt);
    nodes.add(handler);
    edge(attempt.reference(), handler.id(), label, tooltip, Path.ERROR);
    edge(handler.id(), targets.of(then), "", "", path(then));
  }

  private void rememberCondition(Task task) {
    String condition = task.base().condition();
    if (condition != null) {
      conditions.put(task.reference(), "if " + Template.strip(condition));
    }
  }

  private void edge(String from, String to, String label, String tooltip, Path path) {
    String condition = conditions.getOrDefault(to, "");
    edges.add(
        new Edge(
            from, to, joined(label, condition, " · "), joined(tooltip, condition, "\n"), path));
  }

  private static String joined(String first, String second, String between) {
    return first.isEmpty() || second.isEmpty() ? first + second : first + between + second;
  }

  private static Path path(Then then) {
    return FlowchartReader.continues(then) ? Path.NEXT : Path.JUMP;
  }

  /// Where each `then` of a task leads.
  private final class Targets {
    private final List<Task> siblings;
    private final String next;

    Targets(List<Task> siblings, String next) {
      this.siblings = siblings;
      this.next = next;
    }

    String next() {
      return next;
    }

    String of(Then then) {
      return switch (then) {
        case Then.Continue() -> next;
        case Then.Exit() -> exit.id();
        case Then.End() -> end.id();
        case Then.To(String name) ->
            siblings.stream()
                .filter(task -> task.name().equals(name))
                .map(Task::reference)
                .findFirst()
                .orElse(next);
      };
    }
  }
}
