package dev.skein.testkit;

import dev.skein.kernel.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Time turned by hand. Alarms that become due run on the thread that turns it. Thread-safe.
public final class VirtualClock implements Clock {
  private final PriorityQueue<Pending> alarms = new PriorityQueue<>();
  private Instant now;
  private long order;

  private record Pending(Instant due, long order, Runnable action) implements Comparable<Pending> {
    @Override
    public int compareTo(Pending other) {
      int byTime = due.compareTo(other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  public VirtualClock(Instant now) {
    this.now = now;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public Alarm at(Instant due, Runnable action) {
    synchronized (this) {
      if (due.isAfter(now)) {
        var pending = new Pending(due, order++, action);
        alarms.add(pending);
        return () -> cancel(pending);
      }
    }
    Thread.ofVirtual()
        .start(action); // due already; never on the caller's thread, as with a real clock
    return () -> {};
  }

  private synchronized void cancel(Pending pending) {
    alarms.remove(pending);
  }

  /// When the next alarm is due; null if there is none.
  public synchronized @Nullable Instant next() {
    Pending first = alarms.peek();
    return first == null ? null : first.due;
  }

  public void advance(Duration by) {
    advanceTo(now().plus(by));
  }

  /// Runs the alarms due until then, each at its own time.
  public void advanceTo(Instant to) {
    while (true) {
      var due = new ArrayList<Pending>();
      synchronized (this) {
        Pending first = alarms.peek();
        if (first == null || first.due.isAfter(to)) {
          now = to.isAfter(now) ? to : now;
          return;
        }
        now = first.due.isAfter(now) ? first.due : now;
        due.add(alarms.remove());
      }
      due.forEach(one -> one.action.run());
    }
  }
}
