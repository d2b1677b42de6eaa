package dev.skein.interpreter;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which doing of a task this is: who called the function it is in, which iteration of the loops
/// around, how often the flow came back. With the task's reference that makes a key which no other
/// doing of it in the run has, and which every retry and replay finds again.
///
/// @param caller where a function was called from; empty outside functions
/// @param again reference of the innermost task around that the flow has come back to
/// @param marked the same with `~n` behind every task that is run for the nth time
/// @param iterations `#n` for each loop around, outermost first
record Place(String caller, String again, String marked, String iterations) {
  static final Place START = new Place("", "", "", "");

  String key(String reference) {
    return caller + marked(reference) + iterations;
  }

  /// The name under which the doing is shown. Attempts share it.
  String shown(String reference) {
    return marked(reference) + iterations;
  }

  /// @param visit how often the task of that reference has been run in its list, this time included
  Place visit(String reference, int visit) {
    return visit == 1
        ? this
        : new Place(caller, reference, marked(reference) + "~" + visit, iterations);
  }

  Place iteration(long index) {
    return new Place(caller, again, marked, iterations + "#" + index);
  }

  Place calledFrom(String reference) {
    return new Place(caller + marked(reference), "", "", iterations);
  }

  void write(ObjectNode memo) {
    memo.put("caller", caller);
    memo.put("again", again);
    memo.put("marked", marked);
    memo.put("iterations", iterations);
  }

  static Place read(JsonNode memo) {
    return new Place(
        memo.path("caller").asString(""),
        memo.path("again").asString(""),
        memo.path("marked").asString(""),
        memo.path("iterations").asString(""));
  }

  private String marked(String reference) {
    return reference.startsWith(again) ? marked + reference.substring(again.length()) : reference;
  }
}
