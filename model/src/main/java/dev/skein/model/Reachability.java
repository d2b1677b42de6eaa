package dev.skein.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Follows the flow through a list of tasks.
final class Reachability {
  private final List<Task> tasks;
  private final Map<String, Integer> places = new HashMap<>();
  private final Set<Integer> reached = new HashSet<>();
  private final Deque<Integer> open = new ArrayDeque<>();

  private Reachability(List<Task> tasks) {
    this.tasks = tasks;
    for (int i = 0; i < tasks.size(); i++) {
      places.putIfAbsent(tasks.get(i).name(), i);
    }
  }

  /// The tasks that no way leads to, in their order.
  static List<Task> unreached(List<Task> tasks) {
    Reachability flow = new Reachability(tasks);
    flow.reach(0);
    while (!flow.open.isEmpty()) {
      flow.follow(flow.open.remove());
    }
    return tasks.stream()
        .filter(task -> !flow.reached.contains(flow.places.get(task.name())))
        .toList();
  }

  private void reach(int place) {
    if (place < tasks.size() && reached.add(place)) {
      open.add(place);
    }
  }

  private void follow(int place) {
    Task task = tasks.get(place);
    if (task.base().condition() != null) {
      reach(place + 1);
    }
    switch (task) {
      case SwitchTask choice -> {
        choice.cases().forEach(option -> follow(place, option.then()));
        if (choice.cases().stream().noneMatch(option -> option.when() == null)) {
          follow(place, task.base().then());
        }
      }
      case TryTask attempt -> {
        follow(place, task.base().then());
        follow(place, attempt.handler().then());
      }
      case DoTask _,
          SetTask _,
          ForTask _,
          ForkTask _,
          RaiseTask _,
          WaitTask _,
          CallHttpTask _,
          CallFunctionTask _,
          CallGrpcTask _,
          CallOpenApiTask _,
          CallOtherTask _,
          EmitTask _,
          ListenTask _,
          RunTask _ ->
          follow(place, task.base().then());
    }
  }

  private void follow(int place, Then then) {
    switch (then) {
      case Then.Continue _ -> reach(place + 1);
      case Then.To(String target) -> reach(places.getOrDefault(target, place + 1));
      case Then.Exit _, Then.End _ -> {}
    }
  }
}
