package dev.skein.testkit;

import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Listener;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A store that several nodes share, in memory and in the time of a [VirtualClock]: what their
/// leases mean, and nothing of how a database keeps them. Every commit is held to what ownership
/// promises. Guarded by its own monitor.
public final class MemoryCluster {
  private final MemoryStore data;
  private final VirtualClock clock;
  private final Duration lease;
  private final TreeMap<Long, Seat> alive = new TreeMap<>();
  private final Map<Long, Long> owners = new HashMap<>();
  private final List<String> broken = new ArrayList<>();
  private long lastEpoch;

  /// One epoch of one node.
  private static final class Seat {
    final MemoryNode node;
    final int slot;
    Instant expires;

    Seat(MemoryNode node, int slot, Instant expires) {
      this.node = node;
      this.slot = slot;
      this.expires = expires;
    }
  }

  public MemoryCluster(VirtualClock clock, Duration lease) {
    this.data = new MemoryStore();
    this.clock = clock;
    this.lease = lease;
  }

  /// Another process that shares the store.
  public MemoryNode node() {
    return new MemoryNode(this, clock, lease.dividedBy(3));
  }

  /// What lies in it, for looking.
  public MemoryStore data() {
    return data;
  }

  /// What was done against the rules; empty if all is well.
  public synchronized List<String> broken() {
    return List.copyOf(broken);
  }

  // ---- for its nodes

  synchronized long join(MemoryNode node) {
    int slot = 0;
    while (isTaken(slot)) {
      slot++;
    }
    lastEpoch++;
    alive.put(lastEpoch, new Seat(node, slot, clock.now().plus(lease)));
    return lastEpoch;
  }

  private boolean isTaken(int slot) {
    return slot < RunNumbers.SLOTS && alive.values().stream().anyMatch(seat -> seat.slot == slot);
  }

  synchronized int slot(long epoch) {
    return seat(epoch).slot;
  }

  private Seat seat(long epoch) {
    Seat seat = alive.get(epoch);
    if (seat == null) {
      throw new StoreException(Code.FENCED, "epoch " + epoch + " is over");
    }
    return seat;
  }

  synchronized void leave(long epoch) {
    alive.remove(epoch);
    ring(epoch);
  }

  /// Renews the lease and declares others gone; false if it is over itself.
  synchronized boolean beat(long epoch) {
    Instant now = clock.now();
    alive.entrySet().removeIf(e -> e.getKey() != epoch && e.getValue().expires.isBefore(now));
    Seat seat = alive.get(epoch);
    if (seat != null) {
      seat.expires = now.plus(lease);
    }
    return seat != null;
  }

  synchronized boolean leads(long epoch) {
    return !alive.isEmpty() && alive.firstKey() == epoch;
  }

  synchronized boolean owns(long epoch, long run) {
    return owners.getOrDefault(run, 0L) == epoch;
  }

  private boolean isUnowned(long run) {
    return !alive.containsKey(owners.getOrDefault(run, 0L));
  }

  synchronized boolean hasUnowned() {
    return data.open().stream().anyMatch(row -> isUnowned(row.number()));
  }

  synchronized boolean hasAsks(long epoch) {
    return data.asks().stream().anyMatch(ask -> mayAnswer(epoch, ask.run()));
  }

  synchronized boolean mayAnswer(long epoch, long run) {
    RunRow row = data.run(run);
    return owns(epoch, run) || (row != null && row.status().ended());
  }

  synchronized List<RunRow> adopt(long epoch, int limit) {
    if (!alive.containsKey(epoch)) {
      return List.of();
    }
    List<RunRow> adopted =
        data.open().stream().filter(row -> isUnowned(row.number())).limit(limit).toList();
    adopted.forEach(row -> owners.put(row.number(), epoch));
    return adopted;
  }

  synchronized List<RunRow> settled(Collection<Long> runs) {
    return runs.stream()
        .map(data::run)
        .filter(row -> row != null && row.status().code() >= 3)
        .toList();
  }

  synchronized void commit(long epoch, List<Change> changes) {
    seat(epoch).expires = clock.now().plus(lease);
    changes.forEach(change -> check(epoch, change));
    data.commit(changes);
    boolean concernsOthers = false;
    for (Change change : changes) {
      switch (change) {
        case Change.RunCreated c -> owners.put(c.run().number(), epoch);
        case Change.RunProgressed c -> owners.put(c.run(), epoch);
        case Change.EventPublished _, Change.Asked _ -> concernsOthers = true;
        default -> {}
      }
    }
    if (concernsOthers) {
      ring(epoch);
    }
  }

  private void check(long epoch, Change change) {
    switch (change) {
      case Change.RunCreated c -> {
        if (data.run(c.run().id()) != null) {
          throw new StoreException(Code.CONFLICT, "there is a run " + c.run().id());
        }
      }
      case Change.FrameAppended c -> mayWrite(epoch, c.run(), change);
      case Change.RunProgressed c -> mayWrite(epoch, c.run(), change);
      default -> {}
    }
  }

  /// A run that has ended may be opened again by anybody.
  private void mayWrite(long epoch, long run, Change change) {
    RunRow row = data.run(run);
    if (row != null && !row.status().ended() && !owns(epoch, run)) {
      broken.add("epoch " + epoch + " wrote " + change + " of " + owners.get(run));
    }
  }

  private void ring(long epoch) {
    alive.forEach((other, seat) -> {
      if (other != epoch) {
        seat.node.ring();
      }
    });
  }

  /// Only what that node looks after.
  synchronized List<?> ofOwner(long epoch, List<?> found) {
    return found.stream().filter(one -> owns(epoch, run(one))).toList();
  }

  private static long run(Object found) {
    return switch (found) {
      case Store.Due due -> due.run();
      case RunRow row -> row.number();
      case Listener listener -> listener.run();
      case Long number -> number;
      default -> throw new IllegalArgumentException("nobody owns a " + found.getClass());
    };
  }
}
