package dev.skein.runtime.view;

import dev.skein.kernel.journal.StepKey;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One execution of a task, however many attempts it took: the flow coming back to a task, or the
/// next iteration of a loop around it, is another execution.
///
/// @param scope where it ran, without the attempts of the scopes around
/// @param name reference, with `~n` behind each task that the flow came to for the nth time, then
///   `#n` for each iteration around
public record TaskKey(String scope, String name) {
  private static final Pattern OCCURRENCE = Pattern.compile("#\\d+(?=/|$)");
  private static final Pattern VISIT = Pattern.compile("~([2-9]|\\d{2,})(?=/|$)");

  public static TaskKey of(StepKey key) {
    return new TaskKey(OCCURRENCE.matcher(key.scope()).replaceAll(""), key.name());
  }

  /// JSON pointer of the task.
  public String reference() {
    return VISIT.matcher(marked()).replaceAll("");
  }

  /// `3`, or `3#0` inside two loops; null outside loops.
  public @Nullable String iteration() {
    int hash = name.indexOf('#');
    return hash < 0 ? null : name.substring(hash + 1);
  }

  /// The task's own name.
  public String task() {
    String reference = reference();
    return reference.substring(reference.lastIndexOf('/') + 1);
  }

  /// How many tasks it stands inside of, itself included. Two segments of a reference, the list and
  /// the place in it, stand for one.
  public int depth() {
    int tasks = 0;
    for (String segment : marked().split("/", -1)) {
      if (!segment.isEmpty() && segment.chars().allMatch(Character::isDigit)) {
        tasks++;
      }
    }
    return Math.max(1, tasks);
  }

  /// Puts a task that is first heard of now among the others: before the tasks inside it, which may
  /// have been heard of sooner because pure tasks are noted only at their end.
  public void addTo(List<TaskKey> order) {
    int place = order.size();
    while (place > 0 && order.get(place - 1).isInside(this)) {
      place--;
    }
    order.add(place, this);
  }

  /// The names that tasks around this one could have, innermost first.
  public List<String> namesAround() {
    var names = new ArrayList<String>();
    String marked = marked();
    for (int end = marked.lastIndexOf('/'); end > 0; end = marked.lastIndexOf('/', end - 1)) {
      String iterations = iterations();
      names.add(marked.substring(0, end) + iterations);
      while (!iterations.isEmpty()) {
        iterations = iterations.substring(0, iterations.lastIndexOf('#'));
        names.add(marked.substring(0, end) + iterations);
      }
    }
    return names;
  }

  public boolean isInside(TaskKey outer) {
    return scope.startsWith(outer.scope)
        && marked().startsWith(outer.marked() + "/")
        && iterations().startsWith(outer.iterations());
  }

  private String marked() {
    int hash = name.indexOf('#');
    return hash < 0 ? name : name.substring(0, hash);
  }

  private String iterations() {
    int hash = name.indexOf('#');
    return hash < 0 ? "" : name.substring(hash);
  }
}
