package dev.skein.kernel.store;

import dev.skein.kernel.journal.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of the engines that share a store, under one epoch.
///
/// @param name for people: the machine and the process
/// @param leaseExpiresAt by the store's clock; past for one that is not heard of any more
/// @param alive whether nobody has declared it gone
/// @param leads whether it is the one that does what only one may do
/// @param open how many open runs it owns, by their status
/// @param condition null for one that has not told
public record Node(
    long epoch,
    String name,
    Instant startedAt,
    Instant leaseExpiresAt,
    boolean alive,
    boolean leads,
    Map<RunStatus, Long> open,
    @Nullable Condition condition) {
  public Node with(Condition next) {
    return new Node(epoch, name, startedAt, leaseExpiresAt, alive, leads, open, next);
  }

  /// How an engine is doing.
  ///
  /// @param median of the times that its last commits took; null if there were none
  /// @param slowest what 99 of 100 of them did not exceed
  /// @param queued how many wait for the next commit
  public record Condition(@Nullable Duration median, @Nullable Duration slowest, int queued) {}
}
