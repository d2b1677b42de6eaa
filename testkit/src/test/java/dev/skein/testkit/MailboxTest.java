package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.Announcement;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.EventFilter;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// What a run takes when events become durable while it looks for them.
class MailboxTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final EventFilter FIRST = EventFilter.ofType("first");
  private static final EventFilter SECOND = EventFilter.ofType("second");

  private final MemoryStore store = new MemoryStore();

  @Test
  void takesTheOldestAlsoIfBothComeAfterItLookedForTheOneAndBeforeItLooksForTheOther()
      throws Exception {
    assertThat(takenByARunThatListensTo(List.of(FIRST, SECOND))).isEqualTo("12");
  }

  @Test
  void theOrderOfTheFiltersIsNotTheOrderOfTheEvents() throws Exception {
    assertThat(takenByARunThatListensTo(List.of(SECOND, FIRST))).isEqualTo("12");
  }

  private String takenByARunThatListensTo(List<EventFilter> filters) throws Exception {
    Workflow two =
        (context, _) -> {
          // a step, since only what is published after the start has become durable is the run's
          context.step("begin", _ -> Payload.of("0"));
          return Payload.of(
              context.await("one", filters).text() + context.await("other", filters).text());
        };
    var ref = new WorkflowRef("test", "two", "1.0.0");
    try (var simulation =
        new Simulation(
            publishingAfterTheFirstLook(),
            new VirtualClock(NOW),
            _ -> two,
            EngineOptions.DEFAULT)) {
      Engine engine = simulation.engine();
      engine.start(new Engine.Start(ref, Payload.of("null"), "two", 3));
      assertThat(engine.awaitQuiet(PATIENCE)).isTrue();
      // the engine did not see them come; with this one it finds them in the log
      engine.publish(List.of(new Announcement("test", "3", "other", Payload.of("3"))));
      long number = simulation.settle("two").number();
      return ((Entry.RunEnded) Engine.journal(store, number).getLast()).output().text();
    }
  }

  /// A store in which two events become durable right after a run has looked for the first time.
  private Store publishingAfterTheFirstLook() {
    var looked = new AtomicBoolean();
    return (Store)
        Proxy.newProxyInstance(
            MailboxTest.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (_, method, arguments) -> {
              try {
                Object result = method.invoke(store, arguments);
                if (method.getName().equals("eventsFor") && looked.compareAndSet(false, true)) {
                  store.commit(List.of(published("1", "first"), published("2", "second")));
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Change published(String id, String type) {
    return new Change.EventPublished(new Event(0, null, "test", id, type, Payload.of(id), NOW));
  }
}
