package dev.skein.kernel;

import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who waits for the end of which run, and who for the end of any here. Where others share the
/// store, the ends of runs that they own are looked for as long as somebody waits. Thread-safe.
final class Ends {
  private static final Logger LOG = LoggerFactory.getLogger(Ends.class);

  private final Store store;
  private final Clock clock;
  private final Activity activity;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final Map<Long, Awaited> awaited = new ConcurrentHashMap<>();
  private final List<Consumer<RunRow>> subscribers = new CopyOnWriteArrayList<>();

  /// An end, and how many wait for it; the map's own locking guards the number.
  private static final class Awaited {
    final CompletableFuture<RunRow> end = new CompletableFuture<>();
    int waiters;
  }

  /// @param store asked while somebody waits, if others share it
  Ends(Store store, Clock clock, Activity activity) {
    this.store = store;
    this.clock = clock;
    this.activity = activity;
  }

  void subscribe(Consumer<RunRow> subscriber) {
    subscribers.add(subscriber);
  }

  /// Waits for the end; null if the run has not ended in time.
  ///
  /// @param now what is known of the run once its end cannot be missed any more; null if it has not
  ///   ended
  @Nullable RunRow await(long run, Duration patience, Supplier<@Nullable RunRow> now)
      throws InterruptedException {
    CompletableFuture<RunRow> end = join(run);
    try {
      RunRow there = now.get();
      return there != null ? there : end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("an end is awaited in vain", e);
    } finally {
      leave(run);
    }
  }

  private CompletableFuture<RunRow> join(long run) {
    Awaited joined =
        awaited.compute(
            run,
            (_, there) -> {
              Awaited some = there == null ? new Awaited() : there;
              some.waiters++;
              return some;
            });
    if (store.membership().shared()) {
      lookSoon();
    }
    return joined.end;
  }

  /// Shows the end of a run of another node to those who are shown all ends.
  void follow(long run) {
    if (store.membership().shared()) {
      var _ =
          join(run)
              .whenComplete((row, stopped) -> {
                leave(run);
                if (stopped == null) {
                  subscribers.forEach(subscriber -> subscriber.accept(row));
                }
              });
    }
  }

  private void leave(long run) {
    awaited.computeIfPresent(
        run,
        (_, some) -> {
          some.waiters--;
          return some.waiters == 0 ? null : some;
        });
  }

  private void lookSoon() {
    if (looking.compareAndSet(false, true)) {
      Duration pace = store.membership().pace();
      var _ = clock.at(clock.now().plus(pace), () -> activity.aside("skein-ends", this::look));
    }
  }

  private void look() {
    looking.set(false);
    try {
      for (RunRow row : store.membership().settled(List.copyOf(awaited.keySet()))) {
        if (row.status().ended()) {
          complete(row);
        } else {
          var incidents = store.incidents(row.number());
          if (!incidents.isEmpty()) {
            stopped(row.number(), new IncidentException(row.id(), incidents.getLast()));
          }
        }
      }
    } catch (StoreException e) {
      LOG.debug("ends are looked for again", e);
    }
    if (!awaited.isEmpty()) {
      lookSoon();
    }
  }

  /// A run of this engine has ended.
  void ended(RunRow row) {
    complete(row);
    subscribers.forEach(subscriber -> subscriber.accept(row));
  }

  private void complete(RunRow row) {
    Awaited some = awaited.get(row.number());
    if (some != null) {
      some.end.complete(row);
    }
  }

  void stopped(long run, RuntimeException why) {
    Awaited some = awaited.get(run);
    if (some != null) {
      some.end.completeExceptionally(why);
    }
  }

  void allStopped(RuntimeException why) {
    awaited.values().forEach(some -> some.end.completeExceptionally(why));
  }
}
