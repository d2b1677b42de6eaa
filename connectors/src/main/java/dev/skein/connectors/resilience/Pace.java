package dev.skein.connectors.resilience;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Spaces calls so that no more than the limit go out in its time, and a burst after a pause: the
/// generic cell rate algorithm (ITU-T I.371), which needs one number. A call that comes too soon is
/// given the next free place. Thread-safe.
public interface Pace {
  /// Takes the next place; zero if the call may go out now, else how long until its place comes.
  ///
  /// @return null if nobody can tell at the moment: then no place was taken
  @Nullable Duration take() throws InterruptedException;

  /// Takes a place only if it is free now.
  boolean tryTake() throws InterruptedException;
}
