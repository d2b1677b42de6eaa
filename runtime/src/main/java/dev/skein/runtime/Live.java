package dev.skein.runtime;

import dev.skein.kernel.Clock;
import dev.skein.kernel.Engine;
import dev.skein.kernel.Watcher;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.runtime.view.FollowedRun;
import dev.skein.runtime.view.Happening;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Tells of what happens to runs as soon as it is durable. Nobody is waited for: who follows one
/// run is rung for and reads the store; who follows all reads the last of what has happened, which
/// is kept here, and has lost the thread if that was more. Thread-safe; the news are guarded by
/// their monitor.
///
/// It hears only of runs that live in this process. Nothing is kept before anybody asks.
public final class Live implements Watcher {
  private static final int MOST_KEPT = 10_000;

  private final Engine engine;
  private final Store store;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final Map<Long, Set<Runnable>> byRun = new ConcurrentHashMap<>();
  private final Set<Runnable> ofAll = ConcurrentHashMap.newKeySet();
  private final ArrayDeque<News> news = new ArrayDeque<>();
  private final Clock clock;
  private final Instant since;
  private volatile boolean keeping;
  private long last;

  Live(Engine engine, Store store, Clock clock) {
    this.engine = engine;
    this.store = store;
    this.clock = clock;
    this.since = clock.now();
  }

  /// Something that has happened, by its place among all that did.
  public record News(long number, RunRow run, Happening happening) {}

  /// Somebody who is rung for until it is closed.
  public interface Following extends AutoCloseable {
    @Override
    void close();
  }

  void add(Watcher watcher) {
    watchers.add(watcher);
    engine.watch(this);
  }

  /// Follows one run from a place on.
  ///
  /// @param from as [FollowedRun#place] gave it; null for the beginning
  /// @throws IllegalArgumentException if that is no place
  public FollowedRun run(String id, @Nullable String from) {
    return new FollowedRun(store, engine.row(id), from);
  }

  /// Rings for whatever happens to that run: quick, from whatever thread.
  public Following ring(long run, Runnable bell) {
    byRun.compute(
        run,
        (_, there) -> {
          Set<Runnable> bells = there == null ? ConcurrentHashMap.newKeySet() : there;
          bells.add(bell); // here, so that the last to leave cannot take the set away between
          return bells;
        });
    engine.watch(this);
    return () ->
        byRun.computeIfPresent(
            run,
            (_, bells) -> {
              bells.remove(bell);
              return bells.isEmpty() ? null : bells;
            });
  }

  /// The same for all runs.
  public Following ring(Runnable bell) {
    keeping = true;
    ofAll.add(bell);
    engine.watch(this);
    return () -> ofAll.remove(bell);
  }

  /// What makes places among the news differ from those of another process.
  public Instant since() {
    return since;
  }

  public long lastNews() {
    synchronized (news) {
      return last;
    }
  }

  /// What has happened after that; null if some of it is no longer kept.
  public @Nullable List<News> newsAfter(long number) {
    synchronized (news) {
      if (number > last || last - number > news.size()) {
        return null;
      }
      return news.stream().skip(news.size() - (last - number)).toList();
    }
  }

  @Override
  public void committed(RunRow run, List<Entry> entries) {
    watchers.forEach(watcher -> watcher.committed(run, entries));
    if (keeping) {
      keep(run, happenings(run, entries));
    }
    byRun.getOrDefault(run.number(), Set.of()).forEach(Runnable::run);
    ofAll.forEach(Runnable::run);
  }

  @Override
  public void wrote(int changes, Duration took) {
    watchers.forEach(watcher -> watcher.wrote(changes, took));
  }

  private List<Happening> happenings(RunRow run, List<Entry> entries) {
    var all = new ArrayList<Happening>();
    RunStatus status = run.status();
    if (entries.isEmpty() && !status.ended()) { // of an end, its entry tells
      all.add(new Happening(null, status.toString(), clock.now(), null));
    }
    for (Entry entry : entries) {
      Happening happening = Happening.of(entry);
      if (happening != null) {
        all.add(happening);
      }
    }
    return all;
  }

  private void keep(RunRow run, List<Happening> happenings) {
    synchronized (news) {
      for (Happening happening : happenings) {
        last++;
        news.addLast(new News(last, run, happening));
        if (news.size() > MOST_KEPT) {
          news.removeFirst();
        }
      }
    }
  }
}
