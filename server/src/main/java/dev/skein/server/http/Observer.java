package dev.skein.server.http;

import java.time.Duration;

/// Hears of every request that was answered. Thread-safe; it must be quick.
@FunctionalInterface
public interface Observer {
  /// @param route its path with names in braces; empty if there is none
  void answered(String method, String route, int status, Duration took);
}
