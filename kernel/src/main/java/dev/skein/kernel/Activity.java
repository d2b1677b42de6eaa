package dev.skein.kernel;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts the runs that are doing something, so that closing (and a clock turned by hand) can wait
/// for none.
final class Activity {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private int active;

  void begin() {
    lock.lock();
    try {
      active++;
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      active--;
      if (active == 0) {
        none.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Does something on a thread of its own, and counts it.
  void aside(String name, Runnable action) {
    begin();
    Thread.ofVirtual()
        .name(name)
        .start(() -> {
          try {
            action.run();
          } finally {
            end();
          }
        });
  }

  boolean awaitNone(Duration patience) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(patience.toMillis());
    lock.lock();
    try {
      while (active > 0) {
        if (nanos <= 0) {
          return false;
        }
        nanos = none.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
