package dev.skein.connectors.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PlainSocket;
import io.helidon.webclient.api.ClientConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One open connection, lent to Helidon for one exchange after the other.
///
/// Helidon's own connections don't serve here: they can't bound a connect by the call, spend a
/// monitor thread on each idle socket, return sockets with unread bytes to their pool, and read a
/// chunk of any size into memory. This one counts what arrives and leaves its fate to the pool.
///
/// Owned by the thread whose exchange runs; only [#closeResource] and [#cut] are called from
/// others.
final class Connection implements ClientConnection {
  // status line and headers, which Helidon bounds too
  private static final int HEAD_BYTES = 64 * 1024;

  private final ConnectionPool.Lane lane;
  private final Socket socket;
  private final HelidonSocket wire;
  private final DataReader reader;
  private final DataWriter writer = new SocketWriter();

  private final InterimAnswers interim = new InterimAnswers(HEAD_BYTES);
  private long receivedBytes;
  private long limitBytes;
  private long idleSinceNanos;
  private volatile boolean cut;

  /// More bytes came than the exchange may take.
  static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  Connection(ConnectionPool.Lane lane, Socket socket) {
    this.lane = lane;
    this.socket = socket;
    this.wire = PlainSocket.client(socket, Integer.toHexString(System.identityHashCode(socket)));
    this.reader = DataReader.create(this::receive);
  }

  ConnectionPool.Lane lane() {
    return lane;
  }

  /// Ends the exchange because its time is over.
  void cut() {
    cut = true;
    closeResource();
  }

  boolean wasCut() {
    return cut;
  }

  /// Starts the count of a new exchange.
  void begin(long bodyLimitBytes) {
    receivedBytes = 0;
    limitBytes = bodyLimitBytes + HEAD_BYTES;
    interim.begin();
  }

  /// Whether the peer has said anything in this exchange.
  boolean answered() {
    return receivedBytes > 0;
  }

  /// Whether bytes came that belong to no answer: then nothing on it can be trusted.
  boolean hasLeftovers() {
    return reader.available() > 0;
  }

  void idleSince(long nanos) {
    idleSinceNanos = nanos;
  }

  boolean isIdleLongerThan(Duration age, long nowNanos) {
    return nowNanos - idleSinceNanos > age.toNanos();
  }

  // null is how Helidon's reader learns of the end
  @SuppressWarnings("NullAway")
  private byte[] receive() {
    while (true) {
      byte @Nullable [] bytes = wire.get();
      if (bytes == null) {
        return interim.end();
      }
      receivedBytes += bytes.length;
      if (receivedBytes > limitBytes) {
        throw new TooLarge();
      }
      byte[] passed = interim.pass(bytes);
      if (passed.length > 0) {
        return passed;
      }
    }
  }

  @Override
  public DataReader reader() {
    return reader;
  }

  @Override
  public DataWriter writer() {
    return writer;
  }

  @Override
  public String channelId() {
    return wire.childSocketId();
  }

  @Override
  public HelidonSocket helidonSocket() {
    return wire;
  }

  @Override
  public void readTimeout(Duration readTimeout) {
    try {
      socket.setSoTimeout(Math.clamp(readTimeout.toMillis(), 1, Integer.MAX_VALUE));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isConnected() {
    return !socket.isClosed();
  }

  /// Does nothing: the exchange knows better than Helidon whether the connection is fit for
  /// another.
  @Override
  public void releaseResource() {}

  @Override
  public void closeResource() {
    try {
      socket.close();
    } catch (IOException e) {
      // the descriptor is gone all the same, and nobody waits for what was in flight
    }
  }

  /// Writes at once: Helidon hands over headers and body in one buffer.
  private final class SocketWriter implements DataWriter {
    @Override
    public void write(BufferData... buffers) {
      for (BufferData buffer : buffers) {
        wire.write(buffer);
      }
    }

    @Override
    public void write(BufferData buffer) {
      wire.write(buffer);
    }

    @Override
    public void writeNow(BufferData... buffers) {
      write(buffers);
    }

    @Override
    public void writeNow(BufferData buffer) {
      wire.write(buffer);
    }
  }
}
