package dev.skein.runtime;

import dev.skein.connectors.http.Detour;
import dev.skein.kernel.Clock;
import dev.skein.kernel.SystemClock;

/// What Skein lives in: tests give it another time, and stand-ins for the systems that are called.
///
/// @param clock closed with it
public record Outside(Clock clock, Detour detour) {
  static Outside real() {
    return new Outside(new SystemClock(), Detour.NONE);
  }
}
