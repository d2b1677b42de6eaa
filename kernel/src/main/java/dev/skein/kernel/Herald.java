package dev.skein.kernel;

import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunRow;
import java.time.Instant;
import java.util.List;

/// Makes events of what happens to runs; they are published in the commit that makes it durable.
/// Asked with the run's lock held: it must be quick, and must not wait for the run.
public interface Herald {
  /// Nobody wants to hear.
  Herald SILENT =
      new Herald() {
        @Override
        public boolean isWanted() {
          return false;
        }

        @Override
        public List<Announcement> written(RunRow run, Entry entry) {
          return List.of();
        }

        @Override
        public List<Announcement> became(RunRow run, RunStatus status, Instant at) {
          return List.of();
        }
      };

  /// Whether the others are worth asking.
  boolean isWanted();

  /// The run's journal goes on with this entry.
  List<Announcement> written(RunRow run, Entry entry);

  /// The run was suspended, or is no longer.
  ///
  /// @param status the new one
  List<Announcement> became(RunRow run, RunStatus status, Instant at);
}
