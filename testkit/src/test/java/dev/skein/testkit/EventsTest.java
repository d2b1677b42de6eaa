package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.Announcement;
import dev.skein.kernel.Branch;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.EventFilter;
import dev.skein.kernel.TimedOut;
import dev.skein.kernel.WakeReason;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.Workflows;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The log of events, and the runs that listen to it.
class EventsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Map<String, Workflow> code = new ConcurrentHashMap<>();
  private VirtualClock clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private MemoryStore store = new MemoryStore();
  private Simulation simulation = open();

  /// A condition is a text that the event's payload must contain.
  private Simulation open() {
    var workflows =
        new Workflows() {
          @Override
          public Workflow find(WorkflowRef ref) {
            return code.get(ref.name());
          }

          @Override
          public boolean passes(Payload condition, Payload event) {
            if (condition.text().equals("fragile") && event.text().equals("poison")) {
              throw new IllegalStateException("this condition cannot bear this event");
            }
            return event.text().contains(condition.text());
          }
        };
    return new Simulation(store, clock, workflows, EngineOptions.DEFAULT);
  }

  private void crash() {
    MemoryStore left = store.reopened();
    simulation.close();
    store = left;
    simulation = open();
  }

  @AfterEach
  void close() {
    simulation.close();
  }

  private Engine engine() {
    return simulation.engine();
  }

  private void start(String id, Workflow workflow) throws Exception {
    code.put(id, workflow);
    engine()
        .start(new Engine.Start(new WorkflowRef("test", id, "1.0.0"), Payload.of("null"), id, 3));
    assertThat(engine().awaitQuiet(PATIENCE)).isTrue();
  }

  private void publish(String id, String type, String payload) throws Exception {
    engine().publish(List.of(new Announcement("test", id, type, Payload.of(payload))));
    assertThat(engine().awaitQuiet(PATIENCE)).isTrue();
  }

  private static Workflow taking(int events, EventFilter... filters) {
    return (context, _) -> {
      var taken = new StringBuilder();
      for (int i = 0; i < events; i++) {
        taken.append(context.await("listen", List.of(filters)).text());
      }
      return Payload.of(taken.toString());
    };
  }

  private String output(String id) throws Exception {
    RunRow row = simulation.settle(id);
    assertThat(row.status()).isEqualTo(RunStatus.COMPLETED);
    var journal = Engine.journal(store, row.number());
    return ((dev.skein.kernel.journal.Entry.RunEnded) journal.getLast()).output().text();
  }

  @Test
  void everyRunThatListensTakesAnEventAndTakesItOnce() throws Exception {
    start("one", taking(2, EventFilter.ofType("paid")));
    start("two", taking(1, EventFilter.ofType("paid")));
    publish("1", "paid", "a");
    publish("1", "paid", "again, which counts for nothing");
    publish("2", "sent", "b");
    publish("3", "paid", "c");
    assertThat(output("one")).isEqualTo("ac");
    assertThat(output("two")).isEqualTo("a");
  }

  @Test
  void takesWhatWasPublishedSinceTheRunStartedBeforeItListened() throws Exception {
    publish("0", "paid", "too early");
    start(
        "late",
        (context, input) -> {
          context.sleep("nap", Duration.ofHours(1));
          return taking(1, EventFilter.ofType("paid")).run(context, input);
        });
    publish("1", "paid", "in time");
    assertThat(output("late")).isEqualTo("in time");
  }

  @Test
  void takesTheOldestThatPassesAnyOfTheFilters() throws Exception {
    var big = new EventFilter("paid", Payload.of("big"));
    var cancelled = EventFilter.ofType("cancelled");
    start("picky", taking(2, big, cancelled));
    publish("1", "paid", "small ");
    publish("2", "cancelled", "stop ");
    publish("3", "paid", "big ");
    assertThat(output("picky")).isEqualTo("stop big ");
  }

  @Test
  void aRunThatHasLeftMemoryComesBackOnlyForAnEventItWouldTake() throws Exception {
    start("picky", taking(1, new EventFilter("paid", Payload.of("mine"))));
    assertThat(store.run("picky").status()).isEqualTo(RunStatus.WAITING);
    assertThat(WakeReason.decode(store.run("picky").progress().wake()))
        .containsExactly(new WakeReason(WakeReason.Kind.EVENT, "an event of type 'paid'", null));
    long commits = store.commits();
    publish("1", "paid", "other's");
    assertThat(store.commits()).isEqualTo(commits + 1);
    publish("2", "paid", "mine");
    assertThat(output("picky")).isEqualTo("mine");
    assertThat(store.listeners("paid", null)).isEmpty();
  }

  @Test
  void anEventThatWasDurableButNotToldBeforeACrashIsTakenAfterIt() throws Exception {
    start("one", taking(1, EventFilter.ofType("paid")));
    simulation.close();
    MemoryStore left = store.reopened();
    left.commit(
        List.of(
            new dev.skein.kernel.store.Change.EventPublished(
                new dev.skein.kernel.store.Event(
                    0, null, "test", "1", "paid", Payload.of("x"), clock.now()))));
    store = left;
    simulation = open();
    assertThat(output("one")).isEqualTo("x");
  }

  @Test
  void whatWasTakenIsNotTakenAgainAfterACrash() throws Exception {
    start("two", taking(2, EventFilter.ofType("paid")));
    publish("1", "paid", "a");
    crash();
    assertThat(engine().awaitQuiet(PATIENCE)).isTrue();
    publish("1", "paid", "a");
    publish("2", "paid", "b");
    assertThat(output("two")).isEqualTo("ab");
  }

  @Test
  void branchesShareTheRunsMailboxAndNoneTakesWhatAnotherTook() throws Exception {
    EventFilter any = new EventFilter(null, Payload.EMPTY);
    start(
        "forked",
        (context, _) -> {
          List<String> taken =
              context.fork(
                  "both",
                  2,
                  List.of(
                      new Branch<>("0", at -> at.await("listen", List.of(any)).text()),
                      new Branch<>("1", at -> at.await("listen", List.of(any)).text())));
          return Payload.of(taken.stream().sorted().toList().toString());
        });
    publish("1", "x", "a");
    publish("2", "y", "b");
    assertThat(output("forked")).isEqualTo("[a, b]");
  }

  @Test
  void aLimitEndsTheWaitForAnEvent() throws Exception {
    start(
        "limited",
        (context, _) -> {
          try {
            return context.limit("limit", Duration.ofHours(1), at -> at.await("paid"));
          } catch (TimedOut timedOut) {
            return Payload.of("gave up at " + context.now());
          }
        });
    assertThat(output("limited")).isEqualTo("gave up at 2026-01-01T01:00:00Z");
  }

  @Test
  void aConditionThatFailsOnAnEventFailsTheRunThatHasItAndHoldsUpNoOther() throws Exception {
    start(
        "fragile",
        (context, _) ->
            context.limit( // soon, so that the run waits in memory
                "limit",
                Duration.ofSeconds(1),
                at -> at.await("listen", List.of(new EventFilter("paid", Payload.of("fragile"))))));
    start("sound", taking(1, EventFilter.ofType("paid")));
    assertThat(store.run("fragile").status()).isEqualTo(RunStatus.RUNNING);
    publish("1", "paid", "poison");
    assertThat(output("sound")).isEqualTo("poison");
    assertThat(simulation.settle("fragile").status()).isEqualTo(RunStatus.FAULTED);
  }

  @Test
  void publishesOnceHoweverOftenItIsReplayedAndHearsItself() throws Exception {
    start(
        "speaker",
        (context, _) -> {
          Payload said =
              context.publish(
                  "say",
                  () ->
                      new Announcement("speaker", "1", "said", Payload.of("at " + context.now())));
          context.sleep("nap", Duration.ofHours(1));
          return Payload.of(said.text() + " = " + context.await("said").text());
        });
    crash();
    assertThat(output("speaker")).isEqualTo("at 2026-01-01T00:00:00Z = at 2026-01-01T00:00:00Z");
    assertThat(store.events(0, 10)).hasSize(1);
  }

  @Test
  void eventsThatComeWhileRunsLeaveAndReturnReachThemAll() throws Exception {
    int runs = 40;
    int events = 100;
    Workflow counting =
        (context, _) -> {
          for (int i = 0; i < events; i++) {
            context.await("next", List.of(new EventFilter("tick", Payload.of("for " + i + "."))));
          }
          return Payload.of("done");
        };
    for (int i = 0; i < runs; i++) {
      start("r" + i, counting);
    }
    List<Thread> publishers = new ArrayList<>();
    for (int half = 0; half < 2; half++) {
      int first = half;
      publishers.add(
          Thread.ofVirtual()
              .start(() -> {
                var random = new SplittableRandom(first);
                for (int i = first; i < events; i += 2) {
                  LockSupport.parkNanos(random.nextLong(4_000_000)); // while they leave
                  engine()
                      .publish(
                          List.of(
                              new Announcement(
                                  "/test", "t" + i, "tick", Payload.of("for " + i + "."))));
                }
              }));
    }
    for (Thread publisher : publishers) {
      publisher.join();
    }
    for (int i = 0; i < runs; i++) {
      assertThat(engine().await("r" + i, PATIENCE)).as("r" + i).isNotNull();
    }
  }
}
