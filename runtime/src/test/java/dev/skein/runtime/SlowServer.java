package dev.skein.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Answers `/slow` after five seconds unless its caller hangs up before, and anything else at once.
/// On bare sockets, since only they tell when a caller hangs up.
final class SlowServer implements AutoCloseable {
  static final Duration SLOW = Duration.ofSeconds(5);

  private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// How long the caller of `/slow` stayed on the line; SLOW if it waited for the answer.
  final CompletableFuture<Duration> stayed = new CompletableFuture<>();

  SlowServer() throws IOException {
    threads.execute(this::listen);
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        threads.execute(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))) {
      String line = in.readLine();
      boolean slow = line != null && line.contains("/slow");
      while (line != null && !line.isEmpty()) {
        line = in.readLine();
      }
      if (slow) {
        awaitHangUp(socket, in);
      }
      String answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(answer.getBytes(US_ASCII));
    } catch (IOException e) {
      stayed.completeExceptionally(e);
    }
  }

  private void awaitHangUp(Socket socket, BufferedReader in) throws IOException {
    long began = System.nanoTime();
    socket.setSoTimeout((int) SLOW.toMillis());
    try {
      if (in.read() == -1) {
        stayed.complete(Duration.ofNanos(System.nanoTime() - began));
      }
    } catch (SocketTimeoutException patient) {
      stayed.complete(SLOW);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.close();
  }
}
