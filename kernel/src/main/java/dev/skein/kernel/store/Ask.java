package dev.skein.kernel.store;

import java.time.Instant;

/// Something asked of a run that another node owns, durable until that node has done it.
///
/// @param number unique, by the time it was asked
public record Ask(long number, long run, Kind kind, String reason, Instant at) {
  /// What may be asked.
  public enum Kind {
    CANCEL,
    SUSPEND,
    RESUME
  }
}
