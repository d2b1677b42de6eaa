package dev.skein.kernel.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One engine among those that share a store. A run that is open is owned by one of them: only that
/// one has it in memory, wakes it and writes its journal. Who joins begins an epoch, which every
/// commit proves; an epoch is over when its node leaves, or is not heard of for the length of its
/// lease, by the store's clock. The runs it owned are then anybody's.
///
/// What finds runs to be looked after ([Store#due], [Store#interrupted], [Store#orphans],
/// [Store#runsWithEvents], [Store#listeners]) finds those that this node owns.
public interface Membership {
  /// Of a store with one engine, which owns every run.
  Membership ALONE = new Alone();

  /// Something that an engine must look at, because others did it.
  ///
  /// @param events may be in the log that it has not read
  /// @param asks wait for runs that it owns
  /// @param unowned runs are open
  /// @param fenced this node's epoch is over, and not by its own will
  /// @param redeployed what is deployed or scheduled may have changed
  /// @param leads whether this is the node that does what only one may do: the oldest one
  record News(
      boolean events,
      boolean asks,
      boolean unowned,
      boolean fenced,
      boolean redeployed,
      boolean leads) {}

  /// A node's place under one epoch.
  ///
  /// @param slot below [RunNumbers#SLOTS]; no other node that lives has it
  record Seat(long epoch, int slot) {}

  /// Whether others may have a part in the store.
  boolean shared();

  /// Begins an epoch, that owns nothing; the one before is over, if there was one.
  Seat join();

  /// @param news is told from now on, on a thread that may not be held up, what there is to look at
  void listen(Consumer<News> news);

  /// @param condition is asked from now on, whenever there is an occasion to tell others how this
  ///   node is
  default void describe(Supplier<Node.Condition> condition) {}

  /// Takes over open runs that nobody owns and returns them; empty if there are none left, or if
  /// the epoch is over.
  List<RunRow> adopt(long epoch, int limit);

  boolean owns(long run);

  /// What is asked of runs that this node owns, oldest first.
  List<Ask> asks(int limit);

  /// Those of these runs that have ended or are suspended.
  List<RunRow> settled(Collection<Long> runs);

  /// How often to look at what no news tell of: the ends of runs that others own.
  Duration pace();

  /// Ends the epoch: others take over at once what this node owns.
  void leave();

  /// Nobody else is there.
  final class Alone implements Membership {
    private Alone() {}

    @Override
    public boolean shared() {
      return false;
    }

    @Override
    public Seat join() {
      return new Seat(1, 0);
    }

    @Override
    public void listen(Consumer<News> news) {}

    @Override
    public List<RunRow> adopt(long epoch, int limit) {
      return List.of();
    }

    @Override
    public boolean owns(long run) {
      return true;
    }

    @Override
    public List<Ask> asks(int limit) {
      return List.of();
    }

    @Override
    public List<RunRow> settled(Collection<Long> runs) {
      return List.of();
    }

    @Override
    public Duration pace() {
      return Duration.ofDays(1);
    }

    @Override
    public void leave() {}
  }
}
