package dev.skein.kernel;

import dev.skein.kernel.journal.Entry.TaskStatus;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All that a running workflow may do to the world. A context belongs to one scope (the run itself,
/// a branch, an iteration, a part with a time limit) and to the one thread that runs it. What is
/// asked under a name is keyed by scope, name and occurrence, and is answered from the journal on
/// replay.
public interface Context {
  String runId();

  WorkflowRef workflow();

  Instant startedAt();

  /// The path of this scope, empty for the run itself.
  String path();

  /// Does `work` at least once, and returns the outcome that was recorded, exactly one.
  ///
  /// @throws Fault when it failed for good
  Payload step(String name, StepOptions options, Work work);

  default Payload step(String name, Work work) {
    return step(name, StepOptions.DEFAULT, work);
  }

  /// Waits durably: the run may leave memory meanwhile, and survives any crash.
  void sleep(String name, Duration duration);

  /// Takes the oldest event that passes one of the filters, waiting for one durably. A run may take
  /// each event once, of those sent to it and those published since it was started.
  Payload await(String name, List<EventFilter> filters);

  /// The same for the events of one type.
  default Payload await(String type) {
    return await(type, List.of(EventFilter.ofType(type)));
  }

  /// Publishes an event, once. It is in the log when the next step begins, or the run ends.
  ///
  /// @return its payload, as it was published first
  Payload publish(String name, Supplier<Announcement> event);

  /// Starts another run, once, and returns its id.
  ///
  /// @throws Fault if there is no such workflow
  String child(String name, Child child);

  /// Waits for the end of a run started by [#child], and returns its output. Cancels that run when
  /// this scope is cancelled, unless it is abandoned.
  ///
  /// @throws Fault the one that ended it, or of type [Fault#CANCELLED] if it was cancelled
  Payload join(String name, String child);

  /// A run to be started.
  ///
  /// @param abandon whether it goes on when the one that started it ends or stops waiting
  record Child(WorkflowRef workflow, Payload input, boolean abandon) {}

  /// Runs all branches, `limit` of them at a time, and returns their results in the order given.
  /// The first failure cancels the others and is thrown.
  <T extends @Nullable Object> List<T> fork(String name, int limit, List<Branch<T>> branches);

  /// Runs all branches and returns the result of the first that completes; the others are cancelled
  /// at once. Fails only if all do.
  <T extends @Nullable Object> T race(String name, List<Branch<T>> branches);

  /// Runs `body` in a scope of its own and cancels it when the time is over.
  ///
  /// @throws TimedOut then
  <T extends @Nullable Object> T limit(String name, Duration limit, Branch.Body<T> body);

  /// A scope inside this one; the same name again gets the next occurrence.
  Context scope(String name);

  /// The scope of one iteration; the caller uses each index once.
  Context iteration(long index);

  /// The time of the last thing recorded in this scope: the same on every replay.
  Instant now();

  /// Random numbers that are the same on every replay.
  RandomGenerator random();

  /// Remembers how to undo something that has been done. A second registration of the same name in
  /// this scope replaces the first.
  void compensate(Compensation compensation);

  /// Undoes, and forgets, all that was registered in this scope and the scopes inside it.
  ///
  /// @throws Fault of type [Fault#NOT_UNDONE] if something could not be undone
  void undo(SagaRules.Order order);

  /// What is registered in the whole run, oldest first.
  List<Registered> compensations();

  /// Registers again what a checkpoint has kept.
  void register(Registered registered);

  /// A compensation, and the path of the scope it belongs to.
  record Registered(String scope, Compensation compensation) {}

  /// Offers a place where replay may begin: code restored from there asks again for the scopes and
  /// tasks it is inside of now, and goes on in them. Whether the place is worth saving is decided
  /// here; only a scope that nothing runs beside can be, never a branch.
  void checkpoint(Supplier<Payload> state);

  /// The state of the checkpoint this replay began at, once; null if it began at the start.
  @Nullable Payload restored();

  /// Sets search attributes of the run.
  void attributes(Map<String, String> attributes);

  /// Notes that a task of the layer above began. Written only when something inside it has to wait;
  /// never waited for.
  Span task(String name, Supplier<Payload> input);

  /// A task begun and not ended. Owned by the thread of its context.
  interface Span {
    /// What the task puts out, without being done: somebody has said so. Null for any other task.
    @Nullable Payload replaced();

    void end(TaskStatus status, @Nullable Payload output, @Nullable Failure failure);
  }
}
