package dev.skein.runtime.schedule;

import dev.skein.model.Schedule.CatchUp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be started now, and when the next start is due.
///
/// @param starts when those were due, oldest first
/// @param next null if nothing is due any more
/// @param cut whether more was missed than is made up for
record Dues(List<Instant> starts, @Nullable Instant next, boolean cut) {
  static final int MOST_MADE_UP = 1_000;

  Dues {
    starts = List.copyOf(starts);
  }

  /// The rules of one schedule.
  record Rules(Recurrence recurrence, Jitter jitter, CatchUp catchUp) {
    /// A start counts as missed if its time was before `since`, or if the one after it is due too.
    ///
    /// @param due what is due next, by the recurrence; its time has come
    /// @param since when somebody began to look after the schedule
    Dues at(Instant now, Instant due, Instant since) {
      Instant last = lastStarted(due, now);
      Instant next = recurrence.after(last);
      return switch (catchUp) {
        case NONE ->
            jitter.start(last).isBefore(since)
                ? new Dues(List.of(), next == null ? recurrence.begin(now) : next, false)
                : new Dues(List.of(last), next, false);
        case ONE -> new Dues(List.of(last), next, false);
        case ALL -> all(due, last, next);
      };
    }

    /// The last one whose time has come, all before it counting as come.
    private Instant lastStarted(Instant due, Instant now) {
      Instant last = recurrence.latest(due, now.minus(jitter.most()));
      Instant next = recurrence.after(last);
      while (next != null && !jitter.start(next).isAfter(now)) {
        last = next;
        next = recurrence.after(last);
      }
      return last;
    }

    private Dues all(Instant due, Instant last, @Nullable Instant next) {
      var starts = new ArrayList<Instant>();
      Instant one = due;
      while (one != null && !one.isAfter(last) && starts.size() < MOST_MADE_UP) {
        starts.add(one);
        one = recurrence.after(one);
      }
      return new Dues(starts, next, one != null && !one.isAfter(last));
    }
  }
}
