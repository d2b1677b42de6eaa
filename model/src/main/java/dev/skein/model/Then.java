package dev.skein.model;

/// Where the flow goes after a task.
public sealed interface Then {
  /// To the next task of the list.
  record Continue() implements Then {}

  /// Out of the list.
  record Exit() implements Then {}

  /// To the workflow's end.
  record End() implements Then {}

  /// To a task of the same list.
  record To(String task) implements Then {}

  static Then of(String directive) {
    return switch (directive) {
      case "continue" -> new Continue();
      case "exit" -> new Exit();
      case "end" -> new End();
      default -> new To(directive);
    };
  }
}
