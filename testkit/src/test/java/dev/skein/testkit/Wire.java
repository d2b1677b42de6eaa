package dev.skein.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The network between a store and its database, which fails as it is told to. Guarded by its lock.
final class Wire implements AutoCloseable {
  private static final String COMMIT = "WITH proof";

  /// What happens to the next commit that passes.
  enum Fault {
    NONE,
    LOSE_THE_REQUEST,
    LOSE_THE_ANSWER,
    HOLD
  }

  private final ServerSocket server;
  private final int database;
  private final Set<Closeable> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private Fault next = Fault.NONE;
  private boolean frozen;
  private int faults;

  Wire(int database) throws IOException {
    this.database = database;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// The same address by way of this wire.
  String through(String url) {
    return url.replace(":" + database + "/", ":" + server.getLocalPort() + "/");
  }

  void fail(Fault fault) {
    lock.lock();
    try {
      next = fault;
    } finally {
      lock.unlock();
    }
  }

  /// Nothing passes from now on; connections stay.
  void freeze() {
    set(true);
  }

  void thaw() {
    set(false);
  }

  private void set(boolean now) {
    lock.lock();
    try {
      frozen = now;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until that many faults have happened.
  void awaitFaults(int count) throws InterruptedException {
    lock.lock();
    try {
      while (faults < count) {
        moved.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), database);
        sockets.add(client);
        sockets.add(behind);
        Thread.ofVirtual().start(() -> carry(client, behind, true));
        Thread.ofVirtual().start(() -> carry(behind, client, false));
      }
    } catch (IOException e) {
      cut(); // nobody connects any more
    }
  }

  private void carry(Socket from, Socket to, boolean requests) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      var bytes = new byte[64 * 1024];
      for (int size = in.read(bytes); size > 0; size = in.read(bytes)) {
        Fault fault = requests ? faultOf(bytes, size) : Fault.NONE;
        if (fault == Fault.LOSE_THE_REQUEST) {
          return;
        }
        awaitThaw();
        if (fault == Fault.LOSE_THE_ANSWER) {
          from.close(); // the database still does what it was asked
        }
        out.write(bytes, 0, size);
      }
    } catch (IOException e) {
      // one end is gone; so is the other
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Fault faultOf(byte[] bytes, int size) {
    if (!new String(bytes, 0, size, StandardCharsets.ISO_8859_1).contains(COMMIT)) {
      return Fault.NONE;
    }
    lock.lock();
    try {
      Fault fault = next;
      next = Fault.NONE;
      if (fault != Fault.NONE) {
        frozen |= fault == Fault.HOLD;
        faults++;
        moved.signalAll();
      }
      return fault;
    } finally {
      lock.unlock();
    }
  }

  private void awaitThaw() throws InterruptedException {
    lock.lock();
    try {
      while (frozen) {
        moved.await();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    cut();
  }

  /// Ends all connections, and takes no more.
  void cut() {
    thaw();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    drop();
  }

  /// Ends all connections; others can be made.
  void drop() {
    try {
      for (Closeable socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
