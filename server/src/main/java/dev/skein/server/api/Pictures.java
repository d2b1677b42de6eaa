package dev.skein.server.api;

import dev.skein.runtime.WorkflowText;
import dev.skein.runtime.graph.Extent;
import dev.skein.runtime.graph.WorkflowGraph;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Graphs of workflows, and which part of them is asked for.
final class Pictures {
  private static final int DEEPEST = 100;
  private static final int MOST_NAMED = 500;
  private static final String FITTING = "fit";

  private Pictures() {}

  /// The operation with the parameters that [#of] reads.
  static Operation declared(Operation operation) {
    return operation
        .query(
            "depth",
            "{\"type\": \"string\", \"pattern\": \"^(fit|[0-9]{1,2})$\"}",
            "how many levels of tasks inside of tasks are shown open; `fit` for as many as leave it"
                + " readable, all without")
        .query(
            "open",
            "{\"type\": \"string\"}",
            "the reference of a task to show open, or to show, whatever the depth; may be repeated")
        .query(
            "folded",
            "{\"type\": \"string\"}",
            "the reference of a task to fold, whatever the depth; may be repeated")
        .gives(200, new Operation.Reply("a picture", List.of("image/svg+xml"), ""));
  }

  static Answer of(Request request, String source) {
    var extent =
        new Extent(depth(request.query("depth")), all(request, "open"), all(request, "folded"));
    String picture = WorkflowGraph.svg(WorkflowText.read(source), extent);
    return Answer.of(200, "image/svg+xml", picture).tagged();
  }

  private static int depth(@Nullable String written) {
    if (written == null) {
      return Extent.WHOLE.depth();
    }
    if (written.equals(FITTING)) {
      return Extent.FITTING;
    }
    try {
      int depth = Integer.parseInt(written);
      if (depth >= 0 && depth < DEEPEST) {
        return depth;
      }
    } catch (NumberFormatException e) {
      throw Refusal.malformed("'depth' must be a number or 'fit', not '" + written + "'");
    }
    throw Refusal.malformed("'depth' must be a number from 0 to " + (DEEPEST - 1));
  }

  private static Set<String> all(Request request, String name) {
    List<String> given = request.query().getOrDefault(name, List.of());
    if (given.size() > MOST_NAMED) {
      throw Refusal.malformed("'" + name + "' may be given " + MOST_NAMED + " times");
    }
    return Set.copyOf(new java.util.HashSet<>(given));
  }
}
