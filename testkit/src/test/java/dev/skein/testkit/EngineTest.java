package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.Announcement;
import dev.skein.kernel.Branch;
import dev.skein.kernel.Compensation;
import dev.skein.kernel.Context;
import dev.skein.kernel.Deferred;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Fault;
import dev.skein.kernel.RetryPolicy;
import dev.skein.kernel.StepOptions;
import dev.skein.kernel.TimedOut;
import dev.skein.kernel.WakeReason;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final WorkflowRef REF = new WorkflowRef("test", "flow", "1.0.0");

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<String> effects = Collections.synchronizedList(new ArrayList<>());
  private MemoryStore store = new MemoryStore();
  private Simulation simulation = simulation((_, input) -> input);
  private Workflow workflow = (_, input) -> input;

  @AfterEach
  void close() {
    simulation.close();
  }

  private Simulation simulation(Workflow code) {
    workflow = code;
    return new Simulation(
        store, clock, ref -> ref.equals(REF) ? workflow : null, EngineOptions.DEFAULT);
  }

  private RunRow run(Workflow code) throws InterruptedException {
    start(code);
    return simulation.settle("r");
  }

  private void start(Workflow code) {
    simulation.close();
    simulation = simulation(code);
    simulation.engine().start(new Engine.Start(REF, Payload.of("in"), "r", 3));
  }

  @Test
  void givesNewNumbersAlsoWhenTheClockWasSetBackWhileItWasClosed() throws InterruptedException {
    run((_, input) -> input);
    simulation.close();
    store = store.reopened();
    var earlier = new VirtualClock(clock.now().minus(Duration.ofHours(1)));
    try (var again = new Simulation(store, earlier, _ -> workflow, EngineOptions.DEFAULT)) {
      again.engine().start(new Engine.Start(REF, Payload.of("in"), "second", 3));
      assertThat(again.settle("second").status()).isEqualTo(RunStatus.COMPLETED);
    }
    assertThat(store.run("second").number()).isGreaterThan(store.run("r").number());
  }

  @Test
  void aDeferredStepWaitsDurablyAndKnowsWhatTheAttemptBeforeLeft() throws InterruptedException {
    Instant until = clock.now().plus(Duration.ofHours(2));
    Workflow code =
        (context, _) ->
            context.step(
                "pay",
                attempt -> {
                  effect(attempt.number() + attempt.deferred().text());
                  if (attempt.number() < 3) {
                    throw new Deferred(
                        until.plusSeconds(attempt.number()),
                        "the breaker of payments to close",
                        Payload.of("state" + attempt.number()));
                  }
                  return Payload.of("paid");
                });
    start(code);
    simulation.engine().awaitQuiet(Duration.ofSeconds(10));
    RunRow row = store.run("r");
    assertThat(row.status()).isEqualTo(RunStatus.WAITING);
    assertThat(row.progress().wakeAt()).isEqualTo(until.plusSeconds(1));
    assertThat(WakeReason.decode(row.progress().wake()))
        .extracting(WakeReason::what)
        .containsExactly("the breaker of payments to close");
    reopen(code);
    assertThat(simulation.settle("r").status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(effects).containsExactly("1", "2state1", "3state2");
    assertThat(clock.now()).isEqualTo(until.plusSeconds(2));
  }

  @Test
  void deferralsDoNotCountAmongTheAttemptsOfARetryPolicy() throws InterruptedException {
    var retry = new RetryPolicy(2, Duration.ofSeconds(1), 1, Duration.ofSeconds(1));
    RunRow row =
        run((context, _) ->
            context.step(
                "pay",
                StepOptions.DEFAULT.retry(retry),
                attempt -> {
                  effect("try");
                  if (attempt.number() <= 2) {
                    throw new Deferred(clock.now().plusSeconds(5), "later", Payload.EMPTY);
                  }
                  throw new Fault(new Failure("no", "no"));
                }));
    assertThat(row.status()).isEqualTo(RunStatus.FAULTED);
    assertThat(effects).hasSize(4);
  }

  private void reopen(Workflow code) {
    simulation.close();
    store = store.reopened();
    simulation = simulation(code);
  }

  private Payload effect(String name) {
    effects.add(name);
    return Payload.of(name);
  }

  private Payload output() {
    var entries = Engine.journal(store, store.run("r").number());
    return ((Entry.RunEnded) entries.getLast()).output();
  }

  private Failure failure() {
    var entries = Engine.journal(store, store.run("r").number());
    return ((Entry.RunEnded) entries.getLast()).failure();
  }

  @Test
  void runsStepsInOrderAndReturnsTheOutput() throws Exception {
    RunRow row =
        run((context, input) -> {
          String a = context.step("a", _ -> effect("a")).text();
          String b = context.step("b", _ -> effect("b")).text();
          return Payload.of(input.text() + a + b);
        });
    assertThat(row.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(output().text()).isEqualTo("inab");
    assertThat(effects).containsExactly("a", "b");
  }

  @Test
  void startingTheSameIdAgainReturnsTheSameRun() throws Exception {
    RunRow first = run((context, _) -> context.step("a", _ -> effect("a")));
    RunRow again = simulation.engine().start(new Engine.Start(REF, Payload.of("x"), "r", 3));
    assertThat(again.number()).isEqualTo(first.number());
    assertThat(effects).hasSize(1);
  }

  @Test
  void refusesAWorkflowThatIsNotThere() {
    var missing = new WorkflowRef("test", "missing", "1");
    assertThatThrownBy(() -> simulation.engine().start(Engine.Start.of(missing, Payload.EMPTY)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("test/missing:1");
  }

  @Test
  void returnsTheRecordedOutputInsteadOfRunningTheStepAgain() throws Exception {
    Workflow code =
        (context, _) -> {
          Payload a = context.step("a", _ -> effect("a"));
          context.sleep("nap", Duration.ofHours(1));
          context.step("b", _ -> effect("b"));
          return a;
        };
    start(code);
    assertThat(simulation.engine().awaitQuiet(Duration.ofSeconds(5))).isTrue();
    assertThat(store.run("r").status()).isEqualTo(RunStatus.WAITING);
    reopen(code);
    simulation.settle("r");
    assertThat(effects).containsExactly("a", "b");
    assertThat(output().text()).isEqualTo("a");
  }

  @Test
  void aSleepingRunLeavesMemoryAndSaysWhatWillWakeIt() throws Exception {
    start((context, input) -> {
      context.sleep("/do/0/nap", Duration.ofDays(1));
      return input;
    });
    assertThat(simulation.engine().awaitQuiet(Duration.ofSeconds(5))).isTrue();
    var reasons = WakeReason.decode(store.run("r").progress().wake());
    assertThat(reasons)
        .containsExactly(
            new WakeReason(
                WakeReason.Kind.TIMER, "/do/0/nap", Instant.parse("2026-01-02T00:00:00Z")));
    RunRow row = simulation.settle("r");
    assertThat(row.progress().endedAt()).isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
  }

  @Test
  void journalsRetriesAndKeepsTheIdempotencyKey() throws Exception {
    var keys = new ArrayList<String>();
    RunRow row =
        run((context, _) ->
            context.step(
                "flaky",
                StepOptions.DEFAULT.retry(
                    new RetryPolicy(3, Duration.ofMinutes(10), 2, Duration.ofHours(1))),
                attempt -> {
                  keys.add(attempt.idempotencyKey());
                  if (attempt.number() < 3) {
                    throw new IllegalStateException("not yet");
                  }
                  return Payload.of("done");
                }));
    assertThat(row.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(keys).containsExactly("r:/flaky", "r:/flaky", "r:/flaky");
    assertThat(row.progress().endedAt()).isEqualTo(Instant.parse("2026-01-01T00:30:00Z"));
  }

  @Test
  void aFailureFaultsTheRunAfterUndoingInReverseOrder() throws Exception {
    RunRow row =
        run((context, _) -> {
          compensated(context, "a");
          compensated(context, "b");
          throw new Fault(new Failure("test:broken", "it broke"));
        });
    assertThat(row.status()).isEqualTo(RunStatus.FAULTED);
    assertThat(failure().type()).isEqualTo("test:broken");
    assertThat(effects).containsExactly("a", "b", "undo b of b", "undo a of a");
  }

  private void compensated(Context context, String name) {
    var undo =
        new Compensation(
            name,
            Payload.EMPTY,
            null,
            (at, output) -> at.step("undo", _ -> effect("undo " + name + " of " + output)));
    context.step(name, StepOptions.DEFAULT.compensation(undo), _ -> effect(name));
  }

  @Test
  void undoesACallWhoseOutcomeIsUnknownButNotOneThatIsKnownToHaveFailed() throws Exception {
    run((context, _) -> {
      for (boolean unknown : List.of(false, true)) {
        var undo =
            new Compensation(
                "x",
                Payload.EMPTY,
                null,
                (at, _) -> at.step("undo", _ -> effect("undo " + unknown)));
        context.step(
            "call",
            StepOptions.DEFAULT.compensation(undo),
            _ -> {
              throw new Fault(new Failure("test:lost", "lost", Payload.EMPTY, unknown));
            });
      }
      return Payload.EMPTY;
    });
    assertThat(effects).isEmpty();
    store = new MemoryStore();
    run((context, _) -> {
      var undo =
          new Compensation(
              "x", Payload.EMPTY, null, (at, _) -> at.step("undo", _ -> effect("undone")));
      return context.step(
          "call",
          StepOptions.DEFAULT.compensation(undo),
          _ -> {
            throw new Fault(new Failure("test:lost", "lost", Payload.EMPTY, true));
          });
    });
    assertThat(effects).containsExactly("undone");
  }

  @Test
  void forkReturnsResultsInTheOrderOfItsBranches() throws Exception {
    run((context, _) -> {
      var branches = new ArrayList<Branch<String>>();
      for (int i = 0; i < 5; i++) {
        int minutes = 5 - i;
        branches.add(
            new Branch<>(
                "b" + i,
                branch -> {
                  branch.sleep("wait", Duration.ofMinutes(minutes));
                  return branch.step("s", _ -> Payload.of("" + minutes)).text();
                }));
      }
      return Payload.of(String.join("", context.fork("all", 2, branches)));
    });
    assertThat(output().text()).isEqualTo("54321");
  }

  @Test
  void aFailingBranchCancelsTheOthersAndIsThrown() throws Exception {
    RunRow row =
        run((context, input) -> {
          context.<Payload>fork(
              "both",
              2,
              List.of(
                  new Branch<>(
                      "slow",
                      at -> {
                        at.step("s1", _ -> effect("s1"));
                        at.sleep("long", Duration.ofDays(9));
                        return at.step("s2", _ -> effect("s2"));
                      }),
                  new Branch<>(
                      "bad",
                      at -> {
                        at.sleep("short", Duration.ofHours(9));
                        throw new Fault(new Failure("test:bad", "bad"));
                      })));
          return input;
        });
    assertThat(row.status()).isEqualTo(RunStatus.FAULTED);
    assertThat(failure().type()).isEqualTo("test:bad");
    assertThat(effects).containsExactly("s1");
    assertThat(row.progress().endedAt()).isEqualTo(Instant.parse("2026-01-01T09:00:00Z"));
  }

  @Test
  void theFirstBranchToCompleteWinsTheRaceAndTheOthersAreInterruptedMidCall() throws Exception {
    var called = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    run((context, _) ->
        context.race(
            "race",
            List.of(
                new Branch<>(
                    "stuck",
                    at ->
                        at.step(
                            "call",
                            _ -> {
                              called.countDown();
                              try {
                                new CountDownLatch(1).await();
                              } catch (InterruptedException e) {
                                interrupted.countDown();
                                throw e;
                              }
                              return Payload.of("never");
                            })),
                new Branch<>(
                    "quick",
                    at ->
                        at.step(
                            "call",
                            _ -> {
                              called.await();
                              return Payload.of("quick");
                            })))));
    assertThat(interrupted.getCount()).isZero();
    assertThat(output().text()).isEqualTo("quick");
  }

  @Test
  void aLimitCancelsWhatRunsInsideAndIsDurable() throws Exception {
    Workflow code =
        (context, _) -> {
          try {
            return context.limit(
                "limit",
                Duration.ofHours(1),
                inner -> {
                  inner.step("before", _ -> effect("before"));
                  inner.sleep("long", Duration.ofHours(2));
                  return inner.step("after", _ -> effect("after"));
                });
          } catch (TimedOut e) {
            return context.step("late", _ -> effect("late"));
          }
        };
    start(code);
    simulation.engine().awaitQuiet(Duration.ofSeconds(5));
    reopen(code);
    RunRow row = simulation.settle("r");
    assertThat(effects).containsExactly("before", "late");
    assertThat(row.progress().endedAt()).isEqualTo(Instant.parse("2026-01-01T01:00:00Z"));
  }

  private void signal(String type, String payload) {
    simulation.engine().signal("r", new Announcement("test", payload, type, Payload.of(payload)));
  }

  @Test
  void aSignalSentBeforeItIsAwaitedIsTakenOnceInOrder() throws Exception {
    start((context, _) -> {
      context.sleep("nap", Duration.ofHours(1));
      return Payload.of(context.await("go").text() + context.await("go").text());
    });
    simulation.engine().awaitQuiet(Duration.ofSeconds(5));
    signal("go", "1");
    signal("other", "x");
    simulation.settle("r");
    signal("go", "2");
    simulation.settle("r");
    assertThat(output().text()).isEqualTo("12");
  }

  @Test
  void cancelStopsTheRunAndUndoes() throws Exception {
    start((context, input) -> {
      compensated(context, "a");
      context.sleep("nap", Duration.ofDays(1));
      compensated(context, "b");
      return input;
    });
    simulation.engine().awaitQuiet(Duration.ofSeconds(5));
    simulation.engine().cancel("r", "changed my mind");
    RunRow row = simulation.settle("r");
    assertThat(row.status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(failure().message()).isEqualTo("changed my mind");
    assertThat(effects).containsExactly("a", "undo a of a");
  }

  @Test
  void aSuspendedRunWaitsForItsOperatorAndThenGoesOn() throws Exception {
    start((context, input) -> {
      context.step("a", _ -> effect("a"));
      context.sleep("nap", Duration.ofHours(1));
      context.step("b", _ -> effect("b"));
      return input;
    });
    simulation.engine().awaitQuiet(Duration.ofSeconds(5));
    simulation.engine().suspend("r", "maintenance");
    clock.advance(Duration.ofHours(5));
    RunRow held = simulation.settle("r");
    assertThat(held.status()).isEqualTo(RunStatus.SUSPENDED);
    assertThat(WakeReason.decode(held.progress().wake()).getFirst().kind())
        .isEqualTo(WakeReason.Kind.OPERATOR);
    simulation.engine().resume("r");
    assertThat(simulation.settle("r").status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(effects).containsExactly("a", "b");
  }

  @Test
  void aRunSuspendedDuringAnAttemptThatThenFailsDoesNotWaitForTheNextAttempt() throws Exception {
    var operator = Thread.ofVirtual().unstarted(() -> simulation.engine().suspend("r", "look"));
    var asked = new CountDownLatch(1);
    var hourly = new RetryPolicy(2, Duration.ofHours(1), 1, Duration.ofHours(1));
    start((context, _) ->
        context.step(
            "pay",
            StepOptions.DEFAULT.retry(hourly),
            attempt -> {
              if (attempt.number() == 1) {
                operator.start();
                asked.countDown();
                while (operator.getState() != Thread.State.WAITING) {
                  Thread.onSpinWait();
                }
                throw new Fault(new Failure("test:flaky", "flaky"));
              }
              return effect("paid");
            }));
    asked.await();
    assertThat(operator.join(Duration.ofSeconds(5))).isTrue();
    assertThat(store.run("r").status()).isEqualTo(RunStatus.SUSPENDED);
    simulation.engine().resume("r");
    assertThat(simulation.settle("r").status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(effects).containsExactly("paid");
  }

  @Test
  void aRunWhoseCodeNoLongerFitsItsJournalIsPausedWithBothSidesShown() throws Exception {
    start((context, input) -> {
      context.step("charge", _ -> effect("charge"));
      context.sleep("nap", Duration.ofHours(1));
      return input;
    });
    simulation.engine().awaitQuiet(Duration.ofSeconds(5));
    reopen((context, input) -> {
      context.step("book", _ -> effect("book"));
      context.sleep("nap", Duration.ofHours(1));
      return input;
    });
    RunRow row = simulation.settle("r");
    assertThat(row.status()).isEqualTo(RunStatus.SUSPENDED);
    assertThat(effects).containsExactly("charge");
    assertThat(store.incidents(row.number()).getFirst().details())
        .isEqualTo("- the journal has: the step /charge\n+ the workflow asks for: the step /book");
  }

  @Test
  void keepsLargePayloadsAside() throws Exception {
    var large = Payload.of(new byte[1 << 20]);
    run((context, _) -> context.step("big", _ -> large));
    assertThat(output()).isEqualTo(large);
    var frames = store.frames(store.run("r").number(), 1, 100);
    assertThat(frames).allMatch(frame -> frame.size() < 10_000);
  }

  @Test
  void aLoopGoesOnFromItsLastCheckpoint() throws Exception {
    var iterations = new AtomicInteger();
    Workflow code =
        (context, _) -> {
          Payload saved = context.restored();
          for (int i = saved == null ? 0 : Integer.parseInt(saved.text()); i < 3_000; i++) {
            int at = i;
            context.checkpoint(() -> Payload.of("" + at));
            iterations.incrementAndGet();
            context.iteration(i).step("s", _ -> Payload.of("" + at));
          }
          context.sleep("nap", Duration.ofDays(1));
          return Payload.of("done");
        };
    start(code);
    simulation.engine().awaitQuiet(Duration.ofSeconds(20));
    assertThat(iterations.getAndSet(0)).isEqualTo(3_000);
    reopen(code);
    assertThat(simulation.settle("r").status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(iterations.get()).isLessThan(1_100);
  }

  @Test
  void aRunWithADamagedJournalBecomesAnIncidentAndTheOthersGoOn() throws Exception {
    Workflow code =
        (context, input) -> {
          context.step("a", _ -> effect("a"));
          context.sleep("nap", Duration.ofHours(1));
          return input;
        };
    start(code);
    simulation.engine().start(new Engine.Start(REF, Payload.of("in"), "other", 3));
    simulation.engine().awaitQuiet(Duration.ofSeconds(5));
    store.damage(store.run("r").number());
    reopen(code);
    assertThat(simulation.settle("other").status()).isEqualTo(RunStatus.COMPLETED);
    RunRow row = store.run("r");
    assertThat(row.status()).isEqualTo(RunStatus.SUSPENDED);
    assertThat(store.incidents(row.number()).getFirst().kind()).isEqualTo("journal-damaged");
  }

  @Test
  void aStepInterruptedByClosingIsHandedBackAndRunsAgain() throws Exception {
    var called = new CountDownLatch(1);
    start((context, _) ->
        context.step(
            "call",
            _ -> {
              called.countDown();
              new CountDownLatch(1).await();
              return Payload.of("never");
            }));
    called.await();
    reopen((context, _) -> context.step("call", _ -> effect("call")));
    assertThat(simulation.settle("r").status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(effects).containsExactly("call");
  }

  @Test
  void timeAndChanceAreTheSameOnReplay() throws Exception {
    var seen = new ArrayList<String>();
    Workflow code =
        (context, _) -> {
          context.step("a", _ -> effect("a"));
          String drawn = context.now() + " " + context.random().nextInt();
          seen.add(drawn);
          context.sleep("nap", Duration.ofHours(1));
          return Payload.of(drawn + context.random().nextInt());
        };
    start(code);
    simulation.engine().awaitQuiet(Duration.ofSeconds(5));
    reopen(code);
    simulation.settle("r");
    assertThat(seen).hasSize(2);
    assertThat(seen.get(1)).isEqualTo(seen.get(0));
  }
}
