package dev.skein.cli;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Clients that start runs at a rate, each on any of the servers, and ask again until one of them
/// promises it. As many as {@value #CLIENTS} ask at once; with all of them in vain, no more are
/// started.
final class Starters {
  private static final int CLIENTS = 32;

  private final List<ServerProcess> servers;
  private final String namespace;
  private final List<String> workflows;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Set<String> promised = ConcurrentHashMap.newKeySet();
  private final Set<String> refusals = ConcurrentHashMap.newKeySet();
  private final Semaphore free = new Semaphore(CLIENTS);
  private final Thread offering;
  private final AtomicInteger last = new AtomicInteger();
  private final long gapNanos;
  private volatile boolean over;

  /// Begins to start runs of these workflows in turn.
  Starters(List<ServerProcess> servers, int perSecond, String namespace, String... workflows) {
    this.servers = servers;
    this.namespace = namespace;
    this.workflows = List.of(workflows);
    this.gapNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.offering = Thread.ofVirtual().start(this::offer);
  }

  private void offer() {
    for (long due = System.nanoTime(); !over; due += gapNanos) {
      LockSupport.parkNanos(due - System.nanoTime());
      free.acquireUninterruptibly();
      Thread.ofVirtual().start(this::startOne);
    }
  }

  private void startOne() {
    try {
      start(last.incrementAndGet());
    } finally {
      free.release();
    }
  }

  private void start(int number) {
    String id = "r" + number;
    var random = new Random(number);
    asked.add(id);
    while (!over) {
      ServerProcess server = servers.get(random.nextInt(servers.size()));
      try {
        if (server.promises(id, namespace, workflows.get(number % workflows.size()))) {
          promised.add(id);
          return;
        }
        refusals.add("status");
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (IOException e) {
        refusals.add(e.getClass().getSimpleName()); // it is down; another is not, or it comes back
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// Starts no more, and waits for the answers that are under way.
  void stop() throws InterruptedException {
    over = true;
    offering.join();
    free.acquire(CLIENTS);
  }

  Set<String> asked() {
    return asked;
  }

  Set<String> promised() {
    return promised;
  }

  Set<String> refusals() {
    return refusals;
  }
}
