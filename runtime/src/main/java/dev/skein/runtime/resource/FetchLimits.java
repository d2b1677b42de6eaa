package dev.skein.runtime.resource;

import java.time.Duration;

/// How much one deployment may fetch.
///
/// @param most resources of one definition
/// @param bytes of one resource
/// @param allBytes of all of them
/// @param time for one resource
/// @param allTime for all of them
public record FetchLimits(int most, int bytes, long allBytes, Duration time, Duration allTime) {
  private static final int MEBIBYTE = 1024 * 1024;

  public static final FetchLimits DEFAULT =
      new FetchLimits(
          100, 5 * MEBIBYTE, 50L * MEBIBYTE, Duration.ofSeconds(10), Duration.ofMinutes(1));

  static String shown(long bytes) {
    return bytes % MEBIBYTE == 0 ? bytes / MEBIBYTE + " MiB" : bytes + " bytes";
  }
}
