package dev.skein.testkit;

import dev.skein.kernel.store.Ask;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Membership;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One process's way to a [MemoryCluster], which can be cut, for a while or for good, and can lose
/// the answer to a commit. Guarded by its lock.
public final class MemoryNode implements Membership {
  private static final Set<String> OF_OWNER =
      Set.of("due", "interrupted", "orphans", "runsWithEvents", "listeners");

  private final MemoryCluster cluster;
  private final VirtualClock clock;
  private final Duration between;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition thawed = lock.newCondition();
  private volatile long epoch;
  private volatile Consumer<News> listener = _ -> {};
  private boolean frozen;
  private boolean killed;
  private boolean losing;
  private long told;

  MemoryNode(MemoryCluster cluster, VirtualClock clock, Duration between) {
    this.cluster = cluster;
    this.clock = clock;
    this.between = between;
  }

  /// The store as this process sees it.
  public Store store() {
    return (Store)
        Proxy.newProxyInstance(
            MemoryNode.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (_, method, arguments) -> {
              if (method.getName().equals("membership")) {
                return this;
              }
              pass();
              if (method.getName().equals("commit")) {
                commit(arguments);
                return null;
              }
              try {
                Object found = method.invoke(cluster.data(), arguments);
                return OF_OWNER.contains(method.getName())
                    ? cluster.ofOwner(epoch, (List<?>) found)
                    : found;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @SuppressWarnings("unchecked") // as the store's method has it
  private void commit(Object[] arguments) {
    cluster.commit(epoch, (List<Change>) arguments[0]);
    lock.lock();
    try {
      if (losing) {
        losing = false;
        throw new StoreException(Code.FAILED, "the answer to a commit was lost");
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- what happens to it

  /// Nothing passes from now on; whoever tries waits.
  public void freeze() {
    lock.lock();
    try {
      frozen = true;
    } finally {
      lock.unlock();
    }
  }

  public void thaw() {
    lock.lock();
    try {
      frozen = false;
      thawed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nothing passes any more.
  public void kill() {
    lock.lock();
    try {
      killed = true;
      thawed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The next commit is made, and the node never hears of it.
  public void loseNextAnswer() {
    lock.lock();
    try {
      losing = true;
    } finally {
      lock.unlock();
    }
  }

  private void pass() {
    lock.lock();
    try {
      while (frozen && !killed) {
        thawed.awaitUninterruptibly();
      }
      if (killed) {
        throw new StoreException(Code.FAILED, "the process was killed");
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isCutOff() {
    lock.lock();
    try {
      return frozen || killed;
    } finally {
      lock.unlock();
    }
  }

  // ---- its part in the store

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public Seat join() {
    pass();
    listener = _ -> {};
    long next = cluster.join(this);
    boolean first = epoch == 0;
    epoch = next;
    if (first) {
      beat();
    }
    return new Seat(next, cluster.slot(next));
  }

  @Override
  public void listen(Consumer<News> news) {
    listener = news;
  }

  /// Another node has something to tell.
  void ring() {
    var _ = clock.at(clock.now().plusMillis(1), this::look);
  }

  private void beat() {
    look();
    lock.lock();
    try {
      if (!killed) {
        var _ = clock.at(clock.now().plus(between), this::beat);
      }
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    if (isCutOff()) {
      return;
    }
    long now = epoch;
    boolean alive = cluster.beat(now);
    long last = cluster.data().lastEvent();
    var news =
        new News(
            last > told,
            cluster.hasAsks(now),
            cluster.hasUnowned(),
            !alive,
            false,
            alive && cluster.leads(now));
    told = last;
    if (news.events() || news.asks() || news.unowned() || news.fenced()) {
      listener.accept(news);
    }
  }

  @Override
  public List<RunRow> adopt(long by, int limit) {
    pass();
    return cluster.adopt(by, limit);
  }

  @Override
  public boolean owns(long run) {
    pass();
    return cluster.owns(epoch, run);
  }

  @Override
  public List<Ask> asks(int limit) {
    pass();
    return cluster.data().asks().stream()
        .filter(ask -> cluster.mayAnswer(epoch, ask.run()))
        .limit(limit)
        .toList();
  }

  @Override
  public List<RunRow> settled(Collection<Long> runs) {
    pass();
    return cluster.settled(runs);
  }

  @Override
  public Duration pace() {
    return Duration.ofSeconds(1);
  }

  @Override
  public void leave() {
    pass();
    cluster.leave(epoch);
  }

  /// Why it should not be used any more; null while it can be.
  public @Nullable String fate() {
    lock.lock();
    try {
      return killed ? "killed" : frozen ? "frozen" : null;
    } finally {
      lock.unlock();
    }
  }
}
