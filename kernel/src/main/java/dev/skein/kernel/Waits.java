package dev.skein.kernel;

import dev.skein.kernel.Unwinding.Leaving;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Listener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the threads of a run wait for. When all of them wait, and for long, the run leaves memory.
/// Owned by the run's lock, which is held in every method.
final class Waits {
  private final ActiveRun run;
  private final Tenure tenure;
  private final ReentrantLock lock;
  private final Set<Wait> waits = new LinkedHashSet<>();
  private int runnable = 1;
  private boolean countedActive = true;

  Waits(ActiveRun run, Tenure tenure, ReentrantLock lock) {
    this.run = run;
    this.tenure = tenure;
    this.lock = lock;
  }

  /// @param reason null for a thread that waits for other threads of the run
  Wait newWait(Scope scope, @Nullable WakeReason reason) {
    return new Wait(scope, lock.newCondition(), reason, List.of());
  }

  Wait forEvents(Scope scope, WakeReason reason, List<EventFilter> filters) {
    return new Wait(scope, lock.newCondition(), reason, filters);
  }

  /// Waits without holding a journal back: the run may leave memory instead. If it is leaving
  /// already, whoever would wake this thread has been and gone.
  void park(Wait wait) {
    mayGoOn(wait);
    waits.add(wait);
    stopRunning();
    Instant due = wait.due();
    Clock.Alarm alarm =
        due == null || wait.ready
            ? null
            : tenure.clock().at(due, () -> run.locked(() -> wake(wait)));
    while (!wait.ready) {
      wait.condition.awaitUninterruptibly();
    }
    if (alarm != null) {
      alarm.cancel();
    }
    waits.remove(wait);
    mayGoOn(wait);
  }

  /// Who waits for other threads of the run hears of an end from them.
  private void mayGoOn(Wait wait) {
    if (wait.reason != null && run.leaving()) {
      throw new Leaving();
    }
    if (wait.reason != null) {
      run.stopIfCancelled(wait.scope);
    }
  }

  void wake(Wait wait) {
    if (!wait.ready) {
      wait.ready = true;
      startRunning(1);
      wait.condition.signal();
    }
  }

  void startRunning(int threads) {
    runnable += threads;
    countActive();
  }

  void stopRunning() {
    runnable--;
    if (runnable == 0) {
      leaveIfWorthwhile();
    }
    countActive();
  }

  private void countActive() {
    boolean active = runnable > 0;
    if (active != countedActive) {
      countedActive = active;
      if (active) {
        tenure.activity().begin();
      } else {
        tenure.activity().end();
      }
    }
  }

  private void leaveIfWorthwhile() {
    if (run.leaving() || waits.isEmpty()) {
      return;
    }
    List<WakeReason> reasons = reasons();
    reasons.addAll(run.deadlines().reasons());
    Instant soonest = null;
    for (WakeReason reason : reasons) {
      Instant at = reason.at();
      if (at != null && (soonest == null || at.isBefore(soonest))) {
        soonest = at;
      }
    }
    Instant patience = tenure.clock().now().plus(tenure.options().passivateAfter());
    if (soonest == null || soonest.isAfter(patience) || run.isRehearsed()) {
      run.depart(Departure.waiting(reasons, soonest, listeners()));
    }
  }

  private List<Listener> listeners() {
    var listeners = new ArrayList<Listener>();
    for (Wait wait : waits) {
      listeners.addAll(run.mailbox().listeners(wait.filters));
    }
    return listeners;
  }

  List<WakeReason> reasons() {
    var reasons = new ArrayList<WakeReason>();
    for (Wait wait : waits) {
      if (wait.reason != null) {
        reasons.add(wait.reason);
      }
    }
    return reasons;
  }

  /// Wakes all that waits so that it unwinds.
  void stopAll() {
    for (Wait wait : List.copyOf(waits)) {
      if (wait.reason != null) {
        wake(wait);
      }
    }
  }

  /// The same for what waits inside the scope.
  void stop(Scope scope) {
    for (Wait wait : List.copyOf(waits)) {
      if (wait.reason != null && wait.scope.stopsWith(scope)) {
        wake(wait);
      }
    }
  }

  /// Wakes who may wait for such an event.
  void deliver(Event event) {
    for (Wait wait : List.copyOf(waits)) {
      for (EventFilter filter : wait.filters) {
        if (Mailbox.mayPass(tenure.workflows(), filter, event)) {
          wake(wait);
        }
      }
    }
  }
}
