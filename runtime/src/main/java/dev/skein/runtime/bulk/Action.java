package dev.skein.runtime.bulk;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.Skein;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What can be done to many runs.
public enum Action {
  CANCEL {
    @Override
    void on(Skein skein, String run, String reason, String bulk) {
      skein.cancel(run, reason);
    }
  },
  SUSPEND {
    @Override
    void on(Skein skein, String run, String reason, String bulk) {
      skein.suspend(run, reason);
    }

    @Override
    public Action undoing() {
      return RESUME;
    }
  },
  RESUME {
    @Override
    void on(Skein skein, String run, String reason, String bulk) {
      skein.resume(run);
    }

    @Override
    public Action undoing() {
      return SUSPEND;
    }
  },
  RETRY {
    @Override
    void on(Skein skein, String run, String reason, String bulk) {
      skein.act().retry(run, reason);
    }
  },
  RERUN {
    @Override
    void on(Skein skein, String run, String reason, String bulk) {
      skein.act().rerun(run, null, bulk + "/" + run);
    }
  };

  /// @param bulk its id: done twice for the same bulk it is done once
  abstract void on(Skein skein, String run, String reason, String bulk);

  /// Whether the run is as it would be after it.
  boolean isSo(Skein skein, String run) {
    RunRow row = skein.look().find(run);
    RunStatus status = row == null ? RunStatus.PENDING : row.status();
    return switch (this) {
      case CANCEL -> status == RunStatus.CANCELLED;
      case SUSPEND -> status == RunStatus.SUSPENDED;
      case RESUME -> row != null && status != RunStatus.SUSPENDED && !status.ended();
      case RETRY -> row != null && !status.ended();
      case RERUN -> false;
    };
  }

  /// What takes it back; null if nothing does.
  public @Nullable Action undoing() {
    return null;
  }

  /// The statuses that runs must have for it.
  public Set<RunStatus> fitting() {
    return switch (this) {
      case CANCEL ->
          EnumSet.of(RunStatus.PENDING, RunStatus.RUNNING, RunStatus.WAITING, RunStatus.SUSPENDED);
      case SUSPEND -> EnumSet.of(RunStatus.PENDING, RunStatus.RUNNING, RunStatus.WAITING);
      case RESUME -> EnumSet.of(RunStatus.SUSPENDED);
      case RETRY -> EnumSet.of(RunStatus.FAULTED);
      case RERUN -> EnumSet.of(RunStatus.CANCELLED, RunStatus.FAULTED, RunStatus.COMPLETED);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
