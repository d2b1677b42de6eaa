package dev.skein.connectors.resilience;

import dev.skein.connectors.policy.Policy;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets so many calls be under way at a time; the others wait in line, urgent ones first. If it
/// adapts, it lets in fewer while calls take longer than they usually do, and more again when they
/// do not. Thread-safe.
public final class Gate {
  /// What counts as slow, against the usual time.
  private static final double SLOW = 2;

  private static final double LOWERED = 0.9;
  private static final double USUAL_WEIGHT = 0.02;

  private final Policy.Concurrency limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final PriorityQueue<Waiter> line =
      new PriorityQueue<>(
          Comparator.comparingInt((Waiter w) -> w.priority).thenComparingLong(w -> w.order));
  private double allowed;
  private double usualNanos;
  private int inside;
  private long order;

  /// Owned by the gate's lock.
  private static final class Waiter {
    private final int priority;
    private final long order;
    private final Condition turn;
    private boolean admitted;

    Waiter(int priority, long order, Condition turn) {
      this.priority = priority;
      this.order = order;
      this.turn = turn;
    }
  }

  public Gate(Policy.Concurrency limit) {
    this.limit = limit;
    this.allowed = limit.max();
  }

  /// Waits for a place inside.
  ///
  /// @param priority 1 (first) to 5
  /// @param nanos the longest wait
  /// @return false if the line is full, or no place became free in time
  public boolean enter(int priority, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (inside < places() && line.isEmpty()) {
        inside++;
        return true;
      }
      return line.size() < limit.queue() && waited(priority, nanos);
    } finally {
      lock.unlock();
    }
  }

  private boolean waited(int priority, long nanos) throws InterruptedException {
    var waiter = new Waiter(priority, order++, lock.newCondition());
    line.add(waiter);
    long left = nanos;
    try {
      while (!waiter.admitted && left > 0) {
        left = waiter.turn.awaitNanos(left);
      }
    } finally {
      if (!waiter.admitted) {
        line.remove(waiter);
      } else if (Thread.currentThread().isInterrupted()) {
        inside--; // the place was given at the moment of the interrupt: it is passed on
        admit();
      }
    }
    return waiter.admitted;
  }

  /// A call is over.
  ///
  /// @param tookNanos how long it took; 0 if that says nothing about the system called
  public void leave(long tookNanos) {
    lock.lock();
    try {
      inside--;
      if (limit.adaptive() && tookNanos > 0) {
        adapt(tookNanos);
      }
      admit();
    } finally {
      lock.unlock();
    }
  }

  private void adapt(long tookNanos) {
    boolean slow = usualNanos > 0 && tookNanos > usualNanos * SLOW;
    allowed = slow ? Math.max(1, allowed * LOWERED) : Math.min(limit.max(), allowed + 1 / allowed);
    // what is slow moves the usual time too, so that a system that stays slower is let be
    usualNanos = usualNanos == 0 ? tookNanos : usualNanos + USUAL_WEIGHT * (tookNanos - usualNanos);
  }

  private void admit() {
    while (inside < places() && !line.isEmpty()) {
      Waiter next = line.remove();
      next.admitted = true;
      inside++;
      next.turn.signal();
    }
  }

  private int places() {
    return (int) allowed;
  }

  /// How many it lets in now, at most `max`.
  public int allowed() {
    lock.lock();
    try {
      return places();
    } finally {
      lock.unlock();
    }
  }

  public int inside() {
    lock.lock();
    try {
      return inside;
    } finally {
      lock.unlock();
    }
  }

  public int waiting() {
    lock.lock();
    try {
      return line.size();
    } finally {
      lock.unlock();
    }
  }
}
