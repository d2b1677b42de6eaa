package dev.skein.runtime.graph;

import java.util.Set;

/// How much of a workflow a picture shows: tasks with others inside may be folded, which makes
/// plain boxes of them.
///
/// @param depth how many of them are shown open inside of each other; [#FITTING] for as many as
///   leave the picture readable
/// @param open references of tasks that are shown open, or shown at all, whatever the depth
/// @param folded references of tasks that are folded, whatever the depth
public record Extent(int depth, Set<String> open, Set<String> folded) {
  public static final int FITTING = -1;

  /// Everything.
  public static final Extent WHOLE = new Extent(Integer.MAX_VALUE, Set.of(), Set.of());

  public Extent {
    open = Set.copyOf(open);
    folded = Set.copyOf(folded);
  }

  public static Extent to(int depth) {
    return new Extent(depth, Set.of(), Set.of());
  }

  /// @param level how many are open around it
  boolean shows(String group, int level) {
    boolean asked = open.stream().anyMatch(one -> one.equals(group) || one.startsWith(group + "/"));
    return asked || (level < depth && !folded.contains(group));
  }

  Extent deep(int levels) {
    return new Extent(levels, open, folded);
  }
}
