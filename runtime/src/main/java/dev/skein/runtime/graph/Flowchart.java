package dev.skein.runtime.graph;

import java.util.List;

/// A workflow as nodes and edges. An edge joins nodes of one level and never crosses the border of
/// a group: what leaves a list from inside goes to a marker of that list.
record Flowchart(String title, Level top) {
  /// Nodes side by side, and the edges between them.
  record Level(List<Node> nodes, List<Edge> edges) {}

  sealed interface Node {
    String id();
  }

  /// A circle.
  record Marker(String id, Mark mark) implements Node {}

  /// A task without others inside, or whose others are folded.
  ///
  /// @param inside references of what is folded
  record Box(Face face, List<String> inside) implements Node {
    Box(Face face) {
      this(face, List.of());
    }

    @Override
    public String id() {
      return face.id();
    }
  }

  /// A task with others inside, or the handler of one.
  record Group(Face face, Level inside) implements Node {
    @Override
    public String id() {
      return face.id();
    }
  }

  /// What is written on a box or in the title of a group.
  ///
  /// @param reference of the task; for a handler, of the task it belongs to
  /// @param detail the line under the name; empty for none
  /// @param tooltip shown when pointed at
  record Face(
      String id,
      String reference,
      Kind kind,
      String name,
      String detail,
      List<Badge> badges,
      String tooltip) {}

  /// A small note on a node.
  ///
  /// @param reference of the task that the note stands for; empty if it stands for none
  record Badge(Sort sort, String text, String reference) {
    enum Sort {
      TIMEOUT,
      RETRY,
      UNDO,
      MODE,
      FOLDED
    }
  }

  /// @param label empty for none
  record Edge(String from, String to, String label, String tooltip, Path path) {}

  enum Path {
    NEXT,
    JUMP,
    ERROR
  }

  enum Mark {
    /// Where the workflow starts.
    START,
    /// Where the workflow ends.
    END,
    /// Where a list begins.
    ENTRY,
    /// Where a list is left.
    EXIT
  }
}
