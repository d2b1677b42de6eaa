package dev.skein.runtime.bulk;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.runtime.Skein;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What can be done to many runs.
public enum Action {
  CANCEL(open()) {
    @Override
    void on(Skein skein, String run, String reason) {
      skein.cancel(run, reason);
    }
  },
  SUSPEND(EnumSet.of(RunStatus.PENDING, RunStatus.RUNNING, RunStatus.WAITING)) {
    @Override
    void on(Skein skein, String run, String reason) {
      skein.suspend(run, reason);
    }

    @Override
    public Action undoing() {
      return RESUME;
    }
  },
  RESUME(EnumSet.of(RunStatus.SUSPENDED)) {
    @Override
    void on(Skein skein, String run, String reason) {
      skein.resume(run);
    }

    @Override
    public Action undoing() {
      return SUSPEND;
    }
  },
  RETRY(EnumSet.of(RunStatus.FAULTED)) {
    @Override
    void on(Skein skein, String run, String reason) {
      skein.act().retry(run, reason);
    }
  },
  RERUN(EnumSet.of(RunStatus.CANCELLED, RunStatus.FAULTED, RunStatus.COMPLETED)) {
    @Override
    void on(Skein skein, String run, String reason) {
      skein.act().rerun(run, null);
    }
  };

  private final Set<RunStatus> fitting;

  Action(Set<RunStatus> fitting) {
    this.fitting = Set.copyOf(fitting);
  }

  private static Set<RunStatus> open() {
    return EnumSet.of(RunStatus.PENDING, RunStatus.RUNNING, RunStatus.WAITING, RunStatus.SUSPENDED);
  }

  abstract void on(Skein skein, String run, String reason);

  /// What takes it back; null if nothing does.
  public @Nullable Action undoing() {
    return null;
  }

  /// The statuses that runs must have for it.
  public Set<RunStatus> fitting() {
    return fitting;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
