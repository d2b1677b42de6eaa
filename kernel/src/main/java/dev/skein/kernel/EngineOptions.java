package dev.skein.kernel;

import java.time.Duration;

/// Limits of an engine.
///
/// @param passivateAfter runs that will wait longer than this leave memory
/// @param checkpointEvery how many entries, or offers of a checkpoint, lie between two checkpoints
/// @param largestQueue starts are refused while more sources than this wait to be committed
/// @param mostResident timers wake no more runs while this many are in memory
/// @param horizon timers due within it are held in memory as well
/// @param grace how long closing waits for effects under way
public record EngineOptions(
    Duration passivateAfter,
    int checkpointEvery,
    int largestQueue,
    int mostResident,
    Duration horizon,
    Duration grace) {
  public static final EngineOptions DEFAULT =
      new EngineOptions(
          Duration.ofSeconds(1),
          1_000,
          20_000,
          20_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(2));

  public EngineOptions checkpointEvery(int entries) {
    return new EngineOptions(passivateAfter, entries, largestQueue, mostResident, horizon, grace);
  }

  public EngineOptions horizon(Duration ahead) {
    return new EngineOptions(
        passivateAfter, checkpointEvery, largestQueue, mostResident, ahead, grace);
  }
}
