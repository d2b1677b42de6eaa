package dev.skein.kernel;

import dev.skein.kernel.Moving.Difference;
import dev.skein.kernel.store.RunRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Replays a run's journal with some code, to see whether they tell the same story. Every thread of
/// the run goes as far as the journal answers, and stays there; nothing is done, and nothing
/// written. Used once; guarded by the run's lock.
final class Rehearsal {
  private final List<Difference> differences = new ArrayList<>();
  private final List<String> named = new ArrayList<>();

  private Rehearsal() {}

  /// What the journal has and the code does not ask for, or asks for otherwise; in the journal's
  /// order.
  ///
  /// @throws dev.skein.kernel.journal.JournalException if the journal is damaged
  static List<Difference> of(Tenure tenure, RunRow row, Workflow workflow) {
    var rehearsal = new Rehearsal();
    Recorded recorded = Recorded.read(tenure.store(), row.number(), Recorded.WHOLE);
    var run = new ActiveRun(tenure, row, recorded, rehearsal);
    tenure.activity().begin();
    try {
      new RunLife(tenure, run).live(workflow, recorded.input());
    } finally {
      tenure.activity().end();
    }
    run.locked(() -> recorded.unasked().forEach(unit -> rehearsal.unasked(unit)));
    return List.copyOf(rehearsal.differences);
  }

  void differs(String inJournal, String inCode) {
    note(inJournal, inCode);
  }

  private void unasked(Recorded.Unit unit) {
    note("the %s %s".formatted(unit.kind, unit.key), null);
  }

  private void note(String inJournal, @Nullable String inCode) {
    if (!named.contains(inJournal)) {
      named.add(inJournal);
      differences.add(new Difference(inJournal, inCode));
    }
  }
}
