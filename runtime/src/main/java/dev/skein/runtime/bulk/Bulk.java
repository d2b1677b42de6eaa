package dev.skein.runtime.bulk;

import dev.skein.kernel.EngineException;
import dev.skein.runtime.Skein;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One action on many runs, under way or over. Thread-safe.
public final class Bulk {
  private static final Logger LOG = LoggerFactory.getLogger(Bulk.class);
  private static final int WORKERS = 8;
  private static final int MOST_REFUSALS_KEPT = 100;

  private final String id;
  private final Order order;
  private final int matched;
  private final Queue<String> todo;
  private final Queue<String> done = new ConcurrentLinkedQueue<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(WORKERS);

  /// What is to be done.
  ///
  /// @param by who wants it
  public record Order(Action action, String reason, String by) {}

  /// A run that it was not done to, and why.
  public record Refusal(String run, String message) {}

  /// How far it is.
  ///
  /// @param refusals the first of them
  public record Progress(
      int matched, int done, int refused, boolean over, List<Refusal> refusals) {}

  Bulk(String id, Order order, List<String> runs) {
    this.id = id;
    this.order = order;
    this.matched = runs.size();
    this.todo = new ConcurrentLinkedQueue<>(runs);
  }

  public String id() {
    return id;
  }

  public Action action() {
    return order.action;
  }

  /// Who wants it.
  public String by() {
    return order.by;
  }

  void begin(Skein skein) {
    LOG.info("bulk {}: {} {} runs: {}", id, action(), matched, order.reason);
    for (int i = 0; i < WORKERS; i++) {
      Thread.ofVirtual().name("skein-bulk-" + id + "-" + i).start(() -> work(skein));
    }
  }

  private void work(Skein skein) {
    try {
      for (String run = todo.poll(); run != null; run = todo.poll()) {
        act(skein, run);
      }
    } finally {
      over.countDown();
    }
  }

  private void act(Skein skein, String run) {
    try {
      action().on(skein, run, order.reason);
      done.add(run);
    } catch (EngineException e) {
      refuse(run, e);
      if (e.code() == EngineException.Code.CLOSED) {
        todo.clear();
      }
    } catch (RuntimeException e) {
      LOG.debug("bulk {} cannot {} run {}", id, action(), run, e);
      refuse(run, e);
    }
  }

  private void refuse(String run, RuntimeException why) {
    if (refused.incrementAndGet() <= MOST_REFUSALS_KEPT) {
      synchronized (refusals) {
        refusals.add(new Refusal(run, String.valueOf(why.getMessage())));
      }
    }
  }

  public Progress progress() {
    boolean ended = over.getCount() == 0;
    synchronized (refusals) {
      return new Progress(matched, done.size(), refused.get(), ended, List.copyOf(refusals));
    }
  }

  /// Those it was done to.
  List<String> done() {
    return List.copyOf(done);
  }

  boolean isOver() {
    return over.getCount() == 0;
  }
}
