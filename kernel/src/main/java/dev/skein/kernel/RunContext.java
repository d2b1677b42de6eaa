package dev.skein.kernel;

import static java.util.stream.Collectors.joining;

import dev.skein.kernel.Recorded.Kind;
import dev.skein.kernel.Recorded.Unit;
import dev.skein.kernel.Unwinding.Cancelled;
import dev.skein.kernel.Unwinding.Leaving;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What a workflow's code sees of its run, from inside one scope. Every operation is the same three
/// moves: ask the journal, and if it has no answer go live, then do it and append.
final class RunContext implements Context {
  private final ActiveRun run;
  private final Scope scope;

  RunContext(ActiveRun run, Scope scope) {
    this.run = run;
    this.scope = scope;
  }

  @Override
  public String runId() {
    return run.row().id();
  }

  @Override
  public WorkflowRef workflow() {
    return run.row().workflow();
  }

  @Override
  public Instant startedAt() {
    return run.row().startedAt();
  }

  @Override
  public int priority() {
    return run.row().priority();
  }

  @Override
  public String path() {
    return scope.path();
  }

  @Override
  public Payload step(String name, StepOptions options, Work work) {
    run.lock();
    try {
      return new Step(run, scope, scope.nextKey(name), options).result(work);
    } finally {
      run.unlock();
    }
  }

  @Override
  public void sleep(String name, Duration duration) {
    run.lock();
    try {
      StepKey key = scope.nextKey(name);
      Unit unit = run.ask(key, Kind.TIMER);
      if (unit != null && unit.outcome != null) {
        scope.saw(unit.at, unit.ordinal);
        return;
      }
      run.goLive(scope, key, Kind.TIMER);
      Instant due = dueOf(unit, key, duration);
      if (due.isAfter(run.clock().now())) {
        run.waits()
            .park(
                run.waits()
                    .newWait(scope, new WakeReason(WakeReason.Kind.TIMER, key.toString(), due)));
      }
      Instant now = run.clock().now();
      scope.saw(now, run.append(new Entry.TimerFired(now, key)));
    } finally {
      run.unlock();
    }
  }

  /// When the timer is due, setting it if it was not.
  private Instant dueOf(@Nullable Unit unit, StepKey key, Duration duration) {
    if (unit != null && unit.due != null) {
      scope.saw(unit.at, unit.ordinal);
      return unit.due;
    }
    Instant now = run.clock().now();
    Instant due = now.plus(duration);
    scope.saw(now, run.append(new Entry.TimerSet(now, key, due)));
    return due;
  }

  @Override
  public Payload await(String name, List<EventFilter> filters) {
    String what = filters.stream().map(EventFilter::toString).distinct().collect(joining(" or "));
    var reason = new WakeReason(WakeReason.Kind.EVENT, what, null);
    run.lock();
    try {
      return taken(scope.nextKey(name), reason, filters);
    } finally {
      run.unlock();
    }
  }

  private Payload taken(StepKey key, WakeReason reason, List<EventFilter> filters) {
    Unit unit = run.ask(key, Kind.EVENT);
    if (unit != null && unit.outcome instanceof Entry.EventTaken taken) {
      scope.saw(unit.at, unit.ordinal);
      return taken.payload();
    }
    run.goLive(scope, key, Kind.EVENT);
    Event event = run.take(scope, reason, filters);
    Instant now = run.clock().now();
    scope.saw(now, run.append(new Entry.EventTaken(now, key, event.number(), event.payload())));
    return event.payload();
  }

  @Override
  public Payload publish(String name, Supplier<Announcement> event) {
    run.lock();
    try {
      StepKey key = scope.nextKey(name);
      Unit unit = run.ask(key, Kind.STEP);
      if (unit != null && unit.outcome instanceof Entry.StepCompleted done) {
        scope.saw(unit.at, unit.ordinal);
        return done.output();
      }
      run.goLive(scope, key, Kind.STEP);
      Announcement news = event.get();
      Instant now = run.clock().now();
      run.add(new Change.EventPublished(news.at(now, null)));
      scope.saw(now, run.append(new Entry.StepCompleted(now, key, 1, now, news.payload())));
      return news.payload();
    } finally {
      run.unlock();
    }
  }

  @Override
  public String child(String name, Child child) {
    run.lock();
    try {
      return run.children().start(scope, scope.nextKey(name), child);
    } finally {
      run.unlock();
    }
  }

  @Override
  public Payload join(String name, String child) {
    var reason = new WakeReason(WakeReason.Kind.CHILD, child, null);
    Payload end;
    try {
      run.lock();
      try {
        end = taken(scope.nextKey(name), reason, List.of(Children.endOf(child)));
      } finally {
        run.unlock();
      }
    } catch (Cancelled cancelled) {
      run.cancelChild(child); // without the lock: it waits until that is durable
      throw cancelled;
    }
    return run.outcome(child, end);
  }

  @Override
  public <T extends @Nullable Object> List<T> fork(
      String name, int limit, List<Branch<T>> branches) {
    run.lock();
    try {
      return new Fork<>(run, scope, scope.nextKey(name), false, branches).join(limit);
    } finally {
      run.unlock();
    }
  }

  @Override
  public <T extends @Nullable Object> T race(String name, List<Branch<T>> branches) {
    run.lock();
    try {
      return new Fork<>(run, scope, scope.nextKey(name), true, branches)
          .join(branches.size())
          .getFirst();
    } finally {
      run.unlock();
    }
  }

  @Override
  public <T extends @Nullable Object> T limit(String name, Duration limit, Branch.Body<T> body) {
    Deadline deadline;
    run.lock();
    try {
      StepKey key = scope.nextKey(name);
      Unit unit = run.ask(key, Kind.TIMER);
      if (unit == null) {
        run.goLive(scope, key, Kind.TIMER);
      }
      Instant due = dueOf(unit, key, limit);
      deadline = new Deadline(scope.inner(key, Scope.Role.INLINE), key, due);
      if (unit != null && unit.closed != null) {
        deadline.pass(unit.closed.at(), unit.closedOrdinal);
        deadline.scope.cancel(unit.closedOrdinal);
      }
      run.deadlines().open(deadline);
    } finally {
      run.unlock();
    }
    return within(deadline, body);
  }

  @SuppressWarnings("NullAway") // the result is null only where T allows it
  private <T extends @Nullable Object> T within(Deadline deadline, Branch.Body<T> body) {
    Throwable thrown = null;
    @Nullable T result = null;
    try {
      result = body.run(new RunContext(run, deadline.scope));
    } catch (Throwable t) { // sorted below: the limit may have caused it
      thrown = t;
    }
    boolean passed;
    run.lock();
    try {
      run.deadlines().close(deadline);
      scope.sawAllOf(deadline.scope);
      passed = deadline.passed();
      if (deadline.passedAt != null) {
        scope.saw(deadline.passedAt, deadline.passedEntry);
      }
    } finally {
      run.unlock();
    }
    boolean foreign =
        thrown instanceof Leaving
            || (thrown instanceof Cancelled cancelled && cancelled.scope() != deadline.scope);
    if (passed && !foreign) {
      throw new TimedOut(deadline.key);
    }
    if (thrown != null) {
      throw Fault.unchecked(thrown);
    }
    return result;
  }

  @Override
  public Context scope(String name) {
    run.lock();
    try {
      return new RunContext(run, scope.inner(scope.nextKey(name), Scope.Role.INLINE));
    } finally {
      run.unlock();
    }
  }

  @Override
  public Context iteration(long index) {
    return new RunContext(
        run, scope.inner(StepKey.join(scope.path(), Long.toString(index)), Scope.Role.INLINE));
  }

  @Override
  public Instant now() {
    return scope.time();
  }

  @Override
  public RandomGenerator random() {
    return scope.random(run.row().number());
  }

  @Override
  public void compensate(Compensation compensation) {
    run.locked(() -> run.compensations().register(scope, compensation));
  }

  @Override
  public void undo(SagaRules.Order order) {
    List<Compensation> todo;
    RunContext shielded;
    run.lock();
    try {
      todo = run.compensations().take(scope.path()).reversed();
      String path = scope.nextKey("compensation").toString();
      shielded = new RunContext(run, scope.inner(path, Scope.Role.SHIELDED));
    } finally {
      run.unlock();
    }
    new Undoing(shielded, order).undo(todo);
    run.locked(() -> scope.sawAllOf(shielded.scope));
  }

  @Override
  public List<Registered> compensations() {
    run.lock();
    try {
      return run.compensations().all();
    } finally {
      run.unlock();
    }
  }

  @Override
  public void register(Registered registered) {
    run.locked(() -> run.compensations().register(registered, scope.ordinal()));
  }

  @Override
  public void checkpoint(Supplier<Payload> state) {
    run.lock();
    try {
      run.checkpoints().offer(scope, state);
    } finally {
      run.unlock();
    }
  }

  @Override
  public @Nullable Payload restored() {
    run.lock();
    try {
      return run.checkpoints().takeRestored();
    } finally {
      run.unlock();
    }
  }

  @Override
  public void attributes(Map<String, String> attributes) {
    run.lock();
    try {
      if (run.recorded().unaskedWithin("") == null) {
        run.add(new Change.AttributesSet(run.row().number(), Map.copyOf(attributes)));
      }
    } finally {
      run.unlock();
    }
  }

  @Override
  public Span task(String name, Supplier<Payload> input) {
    run.lock();
    try {
      var span = new TaskSpan(run, scope, scope.nextTaskKey(name), input);
      scope.spans.addLast(span);
      LogContext.task(span.key());
      return span;
    } finally {
      run.unlock();
    }
  }
}
