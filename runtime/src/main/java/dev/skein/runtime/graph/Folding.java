package dev.skein.runtime.graph;

import dev.skein.runtime.graph.Flowchart.Badge;
import dev.skein.runtime.graph.Flowchart.Box;
import dev.skein.runtime.graph.Flowchart.Face;
import dev.skein.runtime.graph.Flowchart.Group;
import dev.skein.runtime.graph.Flowchart.Level;
import dev.skein.runtime.graph.Flowchart.Marker;
import dev.skein.runtime.graph.Flowchart.Node;
import java.util.ArrayList;
import java.util.List;

/// Makes boxes of groups that are not to be shown open. Edges stay as they are, since none crosses
/// the border of a group.
final class Folding {
  /// More than this is a wall of boxes.
  private static final int READABLE = 60;

  private static final int DEEPEST = 32;

  private final Extent extent;

  private Folding(Extent extent) {
    this.extent = extent;
  }

  static Flowchart folded(Flowchart chart, Extent extent) {
    var fitting = extent.depth() == Extent.FITTING ? extent.deep(fitting(chart)) : extent;
    return new Flowchart(chart.title(), new Folding(fitting).level(chart.top(), 0));
  }

  private static int fitting(Flowchart chart) {
    int depth = 0;
    while (depth < DEEPEST && shown(chart.top(), depth + 1) <= READABLE) {
      depth++;
    }
    return depth;
  }

  private static int shown(Level level, int depth) {
    int count = 0;
    for (Node node : level.nodes()) {
      count +=
          switch (node) {
            case Marker _ -> 0;
            case Box _ -> 1;
            case Group group -> 1 + (depth == 0 ? 0 : shown(group.inside(), depth - 1));
          };
    }
    return count;
  }

  private Level level(Level level, int depth) {
    return new Level(level.nodes().stream().map(node -> node(node, depth)).toList(), level.edges());
  }

  private Node node(Node node, int depth) {
    return switch (node) {
      case Marker marker -> marker;
      case Box box -> box;
      case Group group ->
          extent.shows(group.id(), depth)
              ? new Group(group.face(), level(group.inside(), depth + 1))
              : folded(group);
    };
  }

  private static Box folded(Group group) {
    var inside = new ArrayList<String>();
    collect(group.inside(), inside);
    Face face = group.face();
    var badges = new ArrayList<>(face.badges());
    String count = inside.size() == 1 ? "1 task" : inside.size() + " tasks";
    badges.add(new Badge(Badge.Sort.FOLDED, count, ""));
    var shown =
        new Face(
            face.id(),
            face.reference(),
            face.kind(),
            face.name(),
            face.detail(),
            List.copyOf(badges),
            face.tooltip());
    return new Box(shown, List.copyOf(inside));
  }

  private static void collect(Level level, List<String> references) {
    for (Node node : level.nodes()) {
      switch (node) {
        case Marker _ -> {}
        case Box box -> references.add(box.face().reference());
        case Group group -> {
          references.add(group.face().reference());
          collect(group.inside(), references);
        }
      }
    }
  }
}
