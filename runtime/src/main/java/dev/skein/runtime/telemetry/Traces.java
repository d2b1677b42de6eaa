package dev.skein.runtime.telemetry;

import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.runtime.view.TaskKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which trace each run belongs to: that of who asked for it, that of the run that started it, or
/// one of its own. Nothing of it is kept but what a run came with, among its attributes.
/// Thread-safe.
public final class Traces {
  private static final int MOST_REMEMBERED = 10_000;

  /// Runs that start each other go on in one trace so far; then another begins.
  private static final int DEEPEST = 100;

  private final Store store;
  private final double sample;
  private final boolean on;
  private final Map<String, Standing> remembered =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Standing> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /// @param on whether runs belong to traces at all
  /// @param sample which part of the traces that begin here is kept, 0 to 1
  Traces(Store store, boolean on, double sample) {
    this.store = store;
    this.on = on;
    this.sample = sample;
  }

  /// Where a run stands.
  ///
  /// @param around its span is the run's parent, if it has one
  record Standing(TraceContext around, Origin origin) {}

  /// Where a trace comes from.
  enum Origin {
    HERE,
    RUN,
    OUTSIDE
  }

  /// What a run keeps of the request that started it.
  ///
  /// @param headers of the request
  public Map<String, String> kept(Function<String, @Nullable String> headers) {
    TraceContext context = on ? TraceContext.read(headers) : null;
    return context == null ? Map.of() : context.headers();
  }

  /// What is sent along when a run calls another system.
  ///
  /// @param doing which doing of a task makes the call; null if none does
  public Map<String, String> headers(String run, @Nullable StepKey doing) {
    RunRow row = on ? store.run(run) : null;
    if (row == null) {
      return Map.of();
    }
    String span = doing == null ? "" : RunSpans.span(TaskKey.of(doing));
    return of(row).around().at(TraceContext.span(run, span)).headers();
  }

  Standing of(RunRow run) {
    return of(run, 0);
  }

  private Standing of(RunRow run, int depth) {
    synchronized (remembered) {
      Standing known = remembered.get(run.id());
      if (known != null) {
        return known;
      }
    }
    Standing found = find(run, depth);
    synchronized (remembered) {
      remembered.put(run.id(), found);
    }
    return found;
  }

  private Standing find(RunRow run, int depth) {
    RunRow.Parent parent = run.parent();
    RunRow starter = parent == null || depth >= DEEPEST ? null : store.run(parent.run());
    if (starter != null) {
      TraceContext around = of(starter, depth + 1).around();
      return new Standing(around.at(TraceContext.span(starter.id(), "")), Origin.RUN);
    }
    TraceContext given = TraceContext.read(store.attributes(run.number())::get);
    return given == null
        ? new Standing(TraceContext.of(run.id(), sample), Origin.HERE)
        : new Standing(given, Origin.OUTSIDE);
  }
}
