package dev.skein.kernel;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What will make an open run go on. Every open run has at least one.
///
/// @param what the step, the events, the run, the incident
/// @param at when, for a timer
public record WakeReason(Kind kind, String what, @Nullable Instant at) {
  /// Who or what wakes it.
  public enum Kind {
    /// It runs now, on the node that owns it.
    RUNNING,
    TIMER,
    EVENT,
    CHILD,
    OPERATOR,
    INCIDENT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean isEvent() {
    return kind == Kind.EVENT || kind == Kind.CHILD;
  }

  /// One reason a line: kind, instant or `-`, what; with tabs between.
  static String encode(List<WakeReason> reasons) {
    var lines = new ArrayList<String>();
    for (WakeReason reason : reasons) {
      String at = reason.at == null ? "-" : reason.at.toString();
      lines.add(reason.kind.name() + "\t" + at + "\t" + reason.what.replace('\n', ' '));
    }
    return String.join("\n", lines);
  }

  public static List<WakeReason> decode(String text) {
    var reasons = new ArrayList<WakeReason>();
    for (String line : text.split("\n", -1)) {
      String[] fields = line.split("\t", 3);
      if (fields.length == 3) {
        Instant at = fields[1].equals("-") ? null : Instant.parse(fields[1]);
        reasons.add(new WakeReason(Kind.valueOf(fields[0]), fields[2], at));
      }
    }
    return reasons;
  }

  @Override
  public String toString() {
    return switch (kind) {
      case RUNNING -> "it is running: " + what;
      case TIMER -> "it waits for the timer " + what + ", due " + at;
      case EVENT -> "it waits for " + what;
      case CHILD -> "it waits for the end of run " + what;
      case OPERATOR -> "an operator must resume it: " + what;
      case INCIDENT -> "an incident must be resolved: " + what;
    };
  }
}
