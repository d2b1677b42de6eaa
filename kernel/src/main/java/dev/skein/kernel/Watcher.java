package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.store.RunRow;
import java.time.Duration;
import java.util.List;

/// Is told what has become durable, in order, by the committing thread: it must be quick.
@FunctionalInterface
public interface Watcher {
  /// @param entries none if the run has another status now, and that is the news
  void committed(RunRow run, List<Entry> entries);

  /// A commit of so many changes became durable, and took so long.
  default void wrote(int changes, Duration took) {}
}
