package dev.skein.runtime;

import dev.skein.connectors.http.Detour;
import dev.skein.kernel.Clock;
import dev.skein.kernel.SystemClock;
import dev.skein.kernel.store.Store;
import dev.skein.store.PostgresStore;

/// What Skein lives in: tests give it another time, and stand-ins for the systems that are called.
///
/// @param clock closed with it
public record Outside(Clock clock, Detour detour) {
  /// Nodes that share a store go by its clock.
  static Outside real(Store store) {
    Clock clock =
        store instanceof PostgresStore shared ? new SystemClock(shared.time()) : new SystemClock();
    return new Outside(clock, Detour.NONE);
  }
}
