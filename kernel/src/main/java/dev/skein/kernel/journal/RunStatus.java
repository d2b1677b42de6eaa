package dev.skein.kernel.journal;

import java.util.Locale;

/// Where a run stands; the phases of the Open Workflow DSL.
public enum RunStatus {
  PENDING(0),
  RUNNING(1),
  WAITING(2),
  SUSPENDED(3),
  CANCELLED(4),
  FAULTED(5),
  COMPLETED(6);

  private final int code;

  RunStatus(int code) {
    this.code = code;
  }

  /// The number under which stores and journals keep it; never reused.
  public int code() {
    return code;
  }

  public static RunStatus of(int code) {
    for (RunStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new JournalException("unknown run status " + code);
  }

  public boolean ended() {
    return code >= CANCELLED.code;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
