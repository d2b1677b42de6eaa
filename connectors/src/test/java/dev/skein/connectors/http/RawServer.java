package dev.skein.connectors.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that misbehaves: each connection is handed to a script that reads and writes bytes.
final class RawServer implements AutoCloseable {
  interface Script {
    void serve(Peer peer) throws Exception;
  }

  /// One accepted connection.
  record Peer(Socket socket, InputStream in, int number) {
    /// Reads a request without reading more than it: head, and as many bytes as it announces.
    String readRequest() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        if (b < 0) {
          return "";
        }
        head.append((char) b);
      }
      String lower = head.toString().toLowerCase(Locale.ROOT);
      int at = lower.indexOf("content-length:");
      int length =
          at < 0 ? 0 : Integer.parseInt(lower.substring(at + 15, lower.indexOf('\r', at)).strip());
      return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    void write(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    }

    /// Blocks until the client closes.
    void awaitClose() throws IOException {
      while (in.read() >= 0) {
        // what comes does not matter
      }
    }
  }

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  final AtomicInteger connections = new AtomicInteger();
  final CountDownLatch peerClosed = new CountDownLatch(1);

  RawServer(Script script) throws IOException {
    Thread.ofVirtual().start(() -> accept(script));
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port() + "/");
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept(Script script) {
    try {
      while (true) {
        // the script and close() end it
        Socket socket = server.accept();
        sockets.add(socket);
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(script, socket, number));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(Script script, Socket socket, int number) {
    try (socket) {
      script.serve(new Peer(socket, new BufferedInputStream(socket.getInputStream()), number));
    } catch (Exception e) {
      // the client went away, which some tests want
    } finally {
      peerClosed.countDown();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
