package dev.skein.kernel;

import dev.skein.kernel.journal.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs compensations in a scope that outlives the cancel of the scope they belong to.
record Undoing(Context context, SagaRules.Order order) {
  void undo(List<Compensation> compensations) {
    var failures = new ArrayList<String>();
    if (order == SagaRules.Order.PARALLEL) {
      var branches = new ArrayList<Branch<@Nullable String>>();
      for (int i = 0; i < compensations.size(); i++) {
        Compensation compensation = compensations.get(i);
        branches.add(new Branch<>(i + compensation.name(), at -> failureOf(at, compensation)));
      }
      context
          .fork("all", Math.max(1, branches.size()), branches)
          .forEach(failure -> add(failures, failure));
    } else {
      for (Compensation compensation : compensations) {
        add(failures, failureOf(context.scope(compensation.name()), compensation));
      }
    }
    if (!failures.isEmpty()) {
      throw new Fault(
          new Failure(Fault.NOT_UNDONE, "could not undo " + String.join("; ", failures)));
    }
  }

  private static void add(List<String> failures, @Nullable String failure) {
    if (failure != null) {
      failures.add(failure);
    }
  }

  private static @Nullable String failureOf(Context at, Compensation compensation) {
    try {
      compensation.undo().run(at, compensation.output());
      return null;
    } catch (Exception e) {
      return compensation.name() + ": " + Fault.failureOf(e).message();
    }
  }
}
