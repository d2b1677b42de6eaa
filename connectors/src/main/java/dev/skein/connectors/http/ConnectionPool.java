package dev.skein.connectors.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Opens connections and keeps the idle ones. Safe for all threads: its state is concurrent maps
/// and counters. It has no thread of its own; who returns a connection also closes those idle too
/// long.
final class ConnectionPool implements AutoCloseable {
  private static final int MAX_IDLE = 512;
  // shorter than the keep-alive of common servers (nginx 75 s, Node 5 s is the exception)
  private static final Duration MAX_IDLE_TIME = Duration.ofSeconds(30);
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);

  /// What connections have in common that may stand for each other.
  record Lane(Origin origin, HttpCall.Route route) {
    static Lane of(Request request) {
      return new Lane(request.origin(), request.call().route());
    }
  }

  private final SSLContext tls;
  private final Detour detour;
  private final Deadlines deadlines;
  private final Map<Lane, Deque<Connection>> idle = new ConcurrentHashMap<>();
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger idleCount = new AtomicInteger();
  private final AtomicLong nextSweepNanos = new AtomicLong(System.nanoTime());
  private volatile boolean closed;

  ConnectionPool(SSLContext tls, Detour detour, Deadlines deadlines) {
    this.tls = tls;
    this.detour = detour;
    this.deadlines = deadlines;
  }

  /// The connection used last, so that the rest may grow old; null if none is idle.
  @Nullable Connection takeIdle(Lane lane) {
    Deque<Connection> queue = idle.get(lane);
    if (queue == null) {
      return null;
    }
    for (Connection it = queue.pollFirst(); it != null; it = queue.pollFirst()) {
      idleCount.decrementAndGet();
      if (it.isIdleLongerThan(MAX_IDLE_TIME, System.nanoTime())) {
        discard(it);
      } else {
        return it;
      }
    }
    return null;
  }

  void giveBack(Connection connection) {
    if (closed || idleCount.get() >= MAX_IDLE) {
      discard(connection);
      return;
    }
    long now = System.nanoTime();
    connection.idleSince(now);
    idleCount.incrementAndGet();
    // under the lane's lock, as the sweep takes away lanes that have none
    idle.compute(
        connection.lane(),
        (_, known) -> {
          Deque<Connection> queue = known == null ? new ConcurrentLinkedDeque<>() : known;
          queue.addFirst(connection);
          return queue;
        });
    if (closed) {
      closeAll();
    }
    sweep(now);
  }

  void discard(Connection connection) {
    open.remove(connection);
    connection.closeResource();
  }

  Connection open(Lane lane, Patience patience) throws HttpCallException, InterruptedException {
    if (closed) {
      throw HttpCallException.unreachable(
          "The HTTP connector is closed", new IOException("closed"));
    }
    Origin origin = lane.origin;
    InetSocketAddress standIn = detour.instead(origin.secure(), origin.host(), origin.port());
    Socket socket =
        standIn == null ? connect(lane, patience) : connected(origin, standIn, patience);
    try {
      Connection connection =
          new Connection(
              lane,
              origin.secure() && standIn == null ? secured(lane, socket, patience.now()) : socket);
      open.add(connection);
      return connection;
    } catch (IOException e) {
      closeQuietly(socket);
      throw failed(origin, "the TLS handshake failed", e);
    }
  }

  /// Closes all connections, those in use too: their calls fail.
  @Override
  public void close() {
    closed = true;
    closeAll();
  }

  private void closeAll() {
    idle.clear();
    open.forEach(this::discard);
  }

  private static Socket connect(Lane lane, Patience patience)
      throws HttpCallException, InterruptedException {
    Origin origin = lane.origin;
    HttpCallException last = failed(origin, "it has no address", new IOException("no address"));
    for (InetAddress address : resolve(origin, patience.now())) {
      refuse(lane, address);
      try {
        return connected(origin, new InetSocketAddress(address, origin.port()), patience);
      } catch (HttpCallException e) {
        last = e;
      }
    }
    throw last;
  }

  private static Socket connected(Origin origin, InetSocketAddress address, Patience patience)
      throws HttpCallException, InterruptedException {
    // deliberately not in a try-with-resources: the connection takes it over
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address, millis(patience.now()));
      return socket;
    } catch (IOException e) {
      closeQuietly(socket);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw failed(origin, "it does not accept connections", e);
    }
  }

  /// Before every connect, and about the very address: names may lead elsewhere the next time.
  private static void refuse(Lane lane, InetAddress address) throws HttpCallException {
    Optional<String> refusal = lane.route.egress().refusal(address);
    if (refusal.isPresent()) {
      throw HttpCallException.refused(
          "%s leads to %s, which calls may not reach: %s"
              .formatted(lane.origin, address.getHostAddress(), refusal.get()));
    }
  }

  /// Name resolution can't be interrupted nor bounded, so another thread does it and may be left
  /// behind.
  private static InetAddress[] resolve(Origin origin, Duration timeout)
      throws HttpCallException, InterruptedException {
    FutureTask<InetAddress[]> lookup =
        new FutureTask<>(() -> InetAddress.getAllByName(origin.host()));
    Thread.ofVirtual().name("skein-dns").start(lookup);
    try {
      return lookup.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw failed(
          origin,
          cause instanceof UnknownHostException
              ? "no such host is known"
              : "its name can't be resolved",
          cause);
    } catch (TimeoutException e) {
      throw failed(origin, "its name was not resolved within " + timeout, e);
    }
  }

  private Socket secured(Lane lane, Socket plain, Duration timeout)
      throws IOException, InterruptedException {
    Origin origin = lane.origin;
    SSLContext own = lane.route.tls();
    SSLSocketFactory factory = (own == null ? tls : own).getSocketFactory();
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, origin.host(), origin.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    // a server may send a byte now and then for ever, so no timeout of a read bounds it
    Future<?> deadline = deadlines.at(timeout, () -> closeQuietly(plain));
    try {
      socket.startHandshake();
      if (!deadline.cancel(false)) {
        throw new IOException("no handshake within " + timeout);
      }
      return socket;
    } catch (IOException e) {
      if (Thread.interrupted()) {
        closeQuietly(plain);
        throw new InterruptedException();
      }
      throw e;
    }
  }

  private void sweep(long now) {
    long due = nextSweepNanos.get();
    if (now - due < 0 || !nextSweepNanos.compareAndSet(due, now + SWEEP_INTERVAL.toNanos())) {
      return;
    }
    for (Deque<Connection> queue : idle.values()) {
      // the oldest is last; somebody else may take it between the look and the removal
      Connection oldest = queue.peekLast();
      while (oldest != null && oldest.isIdleLongerThan(MAX_IDLE_TIME, now)) {
        if (queue.removeLastOccurrence(oldest)) {
          idleCount.decrementAndGet();
          discard(oldest);
        }
        oldest = queue.peekLast();
      }
    }
    for (Lane lane : idle.keySet()) {
      idle.computeIfPresent(lane, (_, queue) -> queue.isEmpty() ? null : queue);
    }
  }

  private static HttpCallException failed(Origin origin, String reason, Throwable cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return HttpCallException.unreachable(
        "Host %s can't be reached on port %d: %s (%s)"
            .formatted(origin.host(), origin.port(), reason, why),
        cause);
  }

  private static int millis(Duration timeout) {
    return Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it was never used
    }
  }
}
