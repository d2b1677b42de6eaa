package dev.skein.kernel;

import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Who waits for the end of which run. Thread-safe.
final class Ends {
  private final Map<Long, CompletableFuture<RunRow>> awaited = new ConcurrentHashMap<>();

  CompletableFuture<RunRow> of(long run) {
    return awaited.computeIfAbsent(run, _ -> new CompletableFuture<>());
  }

  void forget(long run, CompletableFuture<RunRow> end) {
    awaited.remove(run, end);
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
