package dev.skein.kernel;

import dev.skein.kernel.Recorded.Unit;
import dev.skein.kernel.Unwinding.Cancelled;
import dev.skein.kernel.Unwinding.Leaving;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A run in memory: its journal, its threads, what they wait for.
///
/// One lock guards everything here and in the scopes, deadlines, waits and outbox of the run. The
/// journal's order is the order in which entries were appended under that lock, and every decision
/// that replay must repeat (which branch won, whether the limit or the work came first) is made
/// under it, in one piece with the entry that records it. Two rules carry the rest:
///
/// - *Nothing new after a close.* Once a scope is cancelled no unit of work inside it is appended;
///   on replay its recorded units are answered, and the first one that is not recorded stops it in
///   the same place.
/// - *Durable before outside.* Appending never waits; beginning an effect waits until all that was
///   appended is durable.
final class ActiveRun {
  private final Tenure tenure;
  private final ReentrantLock lock = new ReentrantLock();
  private final Waits waits;
  private final Map<Thread, Scope> effects = new HashMap<>();
  private final Deadlines deadlines = new Deadlines(this);
  private final Mailbox mailbox;
  private final Compensations compensations = new Compensations();
  private final Recorded recorded;
  private final RunJournal journal;
  private final @Nullable Rehearsal rehearsal;
  private String cancelReason;
  private final Checkpoints checkpoints;
  private @Nullable Departure departure;

  ActiveRun(Tenure tenure, RunRow row, Recorded recorded) {
    this(tenure, row, recorded, null);
  }

  /// @param rehearsal hears of what does not fit, where nothing is to be done or written; else null
  ActiveRun(Tenure tenure, RunRow row, Recorded recorded, @Nullable Rehearsal rehearsal) {
    this.tenure = tenure;
    this.recorded = recorded;
    this.rehearsal = rehearsal;
    this.journal = new RunJournal(tenure, row, recorded, lock, rehearsal != null);
    this.journal.onFailure(this::fail);
    this.checkpoints = new Checkpoints(this, tenure.options().checkpointEvery());
    this.cancelReason = recorded.cancelReason();
    this.waits = new Waits(this, tenure, lock);
    this.mailbox = new Mailbox(tenure.store(), tenure.workflows(), row.number());
  }

  // ---- what everybody asks

  RunRow row() {
    return journal.row();
  }

  Recorded recorded() {
    return recorded;
  }

  Clock clock() {
    return tenure.clock();
  }

  Waits waits() {
    return waits;
  }

  Mailbox mailbox() {
    return mailbox;
  }

  Checkpoints checkpoints() {
    return checkpoints;
  }

  Children children() {
    return new Children(this, tenure);
  }

  Deadlines deadlines() {
    return deadlines;
  }

  Compensations compensations() {
    return compensations;
  }

  boolean leaving() {
    return departure != null;
  }

  /// Whether nothing is done or written.
  boolean isRehearsed() {
    return rehearsal != null;
  }

  String cancelReason() {
    return cancelReason;
  }

  @Nullable Departure departure() {
    return departure;
  }

  void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  // ---- journal; the lock is held

  /// Appends and hands to the committer; returns the entry's place in the journal.
  long append(Entry entry) {
    return journal.append(entry);
  }

  /// For what nobody needs to hear again.
  void appendAgain(Entry entry) {
    journal.appendAgain(entry);
  }

  /// How many entries the journal has.
  long ordinal() {
    return journal.ordinal();
  }

  void add(Change change) {
    journal.add(change);
  }

  void progress(RunRow.Progress next) {
    journal.progress(next);
  }

  /// Waits until all that was appended so far is durable.
  void awaitDurable() {
    journal.awaitDurable();
  }

  /// Holds back a run that appends faster than its store commits.
  void throttle() {
    journal.throttle();
  }

  /// Why nothing more of it becomes durable; null while it does.
  @Nullable StoreException failure() {
    return journal.failure();
  }

  private boolean broken() {
    return departure != null && departure.why() == Departure.Why.BROKEN;
  }

  /// The store has failed: nothing more will be durable.
  private void fail(StoreException cause) {
    departure = Departure.broken(cause);
    stopThreads(true);
  }

  // ---- asking; the lock is held

  /// What is recorded under the key, or null.
  @Nullable Unit ask(StepKey key, Recorded.Kind kind) {
    Unit unit = recorded.ask(key);
    if (unit != null && unit.kind != kind) {
      diverge("the %s %s".formatted(unit.kind, key), "the %s %s".formatted(kind, key));
    }
    return unit;
  }

  /// Must be called before anything is done, or waited for, that the journal does not answer.
  void goLive(Scope scope, StepKey asking, Recorded.Kind kind) {
    throttle();
    if (departure != null) {
      throw new Leaving();
    }
    if (rehearsal == null) {
      deadlines.watch(scope);
    }
    stopIfCancelled(scope);
    Unit unasked = recorded.unaskedWithin(scope.sequentialTop().path());
    if (unasked != null) {
      diverge(
          "the %s %s".formatted(unasked.kind, unasked.key), "the %s %s".formatted(kind, asking));
    }
    if (rehearsal != null) {
      stay(scope);
    }
    beginSpans(scope);
  }

  /// This thread has come as far as a rehearsal goes; the others may not have.
  private void stay(Scope scope) {
    waits.park(
        waits.newWait(scope, new WakeReason(WakeReason.Kind.RUNNING, "a rehearsal's end", null)));
    throw new Leaving();
  }

  private void beginSpans(Scope scope) {
    Scope parent = scope.parent();
    if (parent != null) {
      beginSpans(parent);
    }
    scope.spans.forEach(TaskSpan::begin);
  }

  void stopIfCancelled(Scope scope) {
    Scope by = scope.cancelledBy();
    if (by != null) {
      throw new Cancelled(by);
    }
  }

  /// Suspends the run: its journal and its code no longer tell the same story.
  void diverge(String inJournal, String inCode) {
    if (rehearsal != null) {
      rehearsal.differs(inJournal, inCode);
    }
    depart(Departure.diverged(inJournal, inCode));
    throw new Leaving();
  }

  // ---- effects

  /// Waits until everything appended is durable, then lets `thread` begin an effect, which a cancel
  /// will interrupt.
  void beginEffect(Scope scope) {
    lock.lock();
    try {
      awaitDurable();
      if (departure != null) {
        throw new Leaving();
      }
      stopIfCancelled(scope);
      effects.put(Thread.currentThread(), scope);
    } finally {
      lock.unlock();
    }
  }

  /// The lock is held. Clears an interrupt that was meant for the effect.
  void endEffect(Scope scope) {
    effects.remove(Thread.currentThread());
    boolean interrupted = Thread.interrupted();
    stopIfCancelled(scope);
    if (departure != null && (interrupted || broken())) {
      throw new Leaving();
    }
  }

  /// Waits for one of the events, which may be there already; returns it once it is taken.
  Event take(Scope scope, WakeReason reason, List<EventFilter> filters) {
    tenure.events().listening().add(row().number(), filters); // first: no event slips through
    while (true) {
      Event event = takeNow(filters);
      if (event != null) {
        add(new Change.EventTaken(row().number(), event.number()));
        return event;
      }
      waits.park(waits.forEvents(scope, reason, filters));
    }
  }

  private @Nullable Event takeNow(List<EventFilter> filters) {
    try {
      return mailbox.take(filters);
    } catch (StoreException unreadable) {
      fail(unreadable);
      throw new Leaving();
    }
  }

  // ---- stopping; the lock is held

  /// Stops all that runs in the scope and the scopes inside it.
  void cancel(Scope scope, long entry) {
    scope.cancel(entry);
    waits.stop(scope);
    effects.forEach((thread, in) -> {
      if (in.stopsWith(scope)) {
        thread.interrupt();
      }
    });
  }

  /// Makes the run leave memory; the first reason stands.
  void depart(Departure reason) {
    if (departure == null) {
      departure = reason;
      stopThreads(false);
    }
  }

  // ---- requests from outside; they take the lock

  /// Why its threads wait at the moment; empty while one of them runs.
  List<WakeReason> waitingFor() {
    lock.lock();
    try {
      return waits.reasons();
    } finally {
      lock.unlock();
    }
  }

  boolean isLeaving() {
    lock.lock();
    try {
      return departure != null;
    } finally {
      lock.unlock();
    }
  }

  /// Cancels the run, durably; false if it is leaving and must be asked again when it is back.
  boolean requestCancel(Scope root, String reason) {
    lock.lock();
    try {
      if (departure != null) {
        return false;
      }
      if (root.cancelledBy() == null) {
        cancelReason = reason;
        var request = new Entry.ControlRequested(clock().now(), Entry.Control.CANCEL, reason);
        cancel(root, append(request));
        awaitDurable();
      }
      return true;
    } catch (Leaving broken) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// Makes the run leave; false if it is leaving already for another reason.
  boolean requestDeparture(Departure reason, boolean interrupting) {
    lock.lock();
    try {
      boolean first = departure == null;
      depart(reason);
      if (interrupting) {
        stopThreads(true);
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  /// Wakes all that waits so that it unwinds; effects go on to their end unless `interrupting`.
  private void stopThreads(boolean interrupting) {
    waits.stopAll();
    if (interrupting) {
      effects.keySet().forEach(Thread::interrupt);
    }
  }

  // ---- children; the lock is not held

  /// Asks a run started by this one to stop, unless it is abandoned.
  void cancelChild(String child) {
    if (rehearsal == null) {
      tenure.families().noLongerAwaited(child, row());
    }
  }

  Payload outcome(String child, Payload end) {
    return Children.outcome(child, end, tenure.store());
  }

  // ---- events

  /// Wakes who waits for such an event; false if the run is leaving and must be brought back.
  boolean deliver(Event event) {
    lock.lock();
    try {
      waits.deliver(event);
      return departure == null;
    } finally {
      lock.unlock();
    }
  }
}
