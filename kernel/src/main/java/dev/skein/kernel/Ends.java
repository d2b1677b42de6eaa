package dev.skein.kernel;

import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who waits for the end of which run, and who for the end of any. Thread-safe.
final class Ends {
  private final Map<Long, CompletableFuture<RunRow>> awaited = new ConcurrentHashMap<>();
  private final List<Consumer<RunRow>> subscribers = new CopyOnWriteArrayList<>();

  void subscribe(Consumer<RunRow> subscriber) {
    subscribers.add(subscriber);
  }

  CompletableFuture<RunRow> of(long run) {
    return awaited.computeIfAbsent(run, _ -> new CompletableFuture<>());
  }

  /// Somebody who was about to wait sees that the run has ended. Others may wait for the same, and
  /// [#ended] will not find them any more.
  void seen(RunRow row, CompletableFuture<RunRow> end) {
    awaited.remove(row.number(), end);
    end.complete(row);
  }

  /// Null if the run has not ended in time.
  @Nullable RunRow await(CompletableFuture<RunRow> end, Duration patience)
      throws InterruptedException {
    try {
      return end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("an end is awaited in vain", e);
    }
  }

  void ended(RunRow row) {
    var end = awaited.remove(row.number());
    if (end != null) {
      end.complete(row);
    }
    subscribers.forEach(subscriber -> subscriber.accept(row));
  }

  void stopped(long run, RuntimeException why) {
    var end = awaited.remove(run);
    if (end != null) {
      end.completeExceptionally(why);
    }
  }

  void allStopped(RuntimeException why) {
    awaited.values().forEach(end -> end.completeExceptionally(why));
  }
}
