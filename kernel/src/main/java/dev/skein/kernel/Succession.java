package dev.skein.kernel;

import dev.skein.kernel.store.StoreException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which tenure of an engine counts. In a store that others share the next one begins when one is
/// over against its will, as soon as the store can be reached; else there is only one. Thread-safe:
/// the lock guards the change from one to the next.
final class Succession {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);
  private static final Duration BEFORE_JOINING_AGAIN = Duration.ofSeconds(1);

  private final Engine engine;
  private final boolean shared;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Tenure now;
  private volatile boolean closed;

  /// Joins the store.
  Succession(Engine engine) {
    this.engine = engine;
    this.shared = engine.store().membership().shared();
    this.now = new Tenure(engine, this::over);
  }

  void begin() {
    now.begin();
  }

  Tenure now() {
    return now;
  }

  private void over(Tenure past) {
    if (!shared || !mayJoinAgain(past)) {
      engine.ends().allStopped(past.failure());
      return;
    }
    engine
        .activity()
        .aside(
            "skein-rejoin",
            () -> {
              engine.standing().leads(false);
              succeed(past);
            });
  }

  private static boolean mayJoinAgain(Tenure past) {
    StoreException cause = past.committer().failure();
    return cause != null
        && (cause.code() == StoreException.Code.FENCED
            || cause.code() == StoreException.Code.FAILED);
  }

  private void succeed(Tenure past) {
    lock.lock();
    try {
      if (closed || now != past) {
        return;
      }
      past.abandon();
      LOG.warn("begins anew: {}", String.valueOf(past.failure().getMessage()));
      Tenure next = new Tenure(engine, this::over);
      now = next;
      begin(next);
    } catch (StoreException e) {
      LOG.warn("the store cannot be joined; trying again", e);
      var _ =
          engine
              .clock()
              .at(
                  engine.clock().now().plus(BEFORE_JOINING_AGAIN),
                  () -> engine.activity().aside("skein-rejoin", () -> succeed(past)));
    } finally {
      lock.unlock();
    }
  }

  /// One that cannot begin is over.
  private static void begin(Tenure next) {
    try {
      next.begin();
    } catch (StoreException e) {
      next.committer().stopSoon(e);
    }
  }

  /// Closes the last tenure, and one that is just beginning.
  void close() {
    closed = true;
    last().close();
  }

  private Tenure last() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }
}
