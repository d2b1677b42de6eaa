package dev.skein.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// An HTTP server on loopback that gives every request without a body the same answer, or none, and
/// costs next to nothing.
final class Prompt implements AutoCloseable {
  private static final String END = "\r\n\r\n";

  private final ServerSocket socket;
  private final byte[] answer;

  /// One that is connected to, and never says a word.
  static Prompt mute() {
    return new Prompt(new byte[0]);
  }

  /// @param body JSON
  Prompt(String body) {
    this(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d%s%s"
            .formatted(body.length(), END, body)
            .getBytes(StandardCharsets.US_ASCII));
  }

  private Prompt(byte[] answer) {
    try {
      this.socket = new ServerSocket(0, 2_000, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.answer = answer;
  }

  int port() {
    return socket.getLocalPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  void open() {
    Thread.ofPlatform().daemon().start(this::accept);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        client.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      int matched = 0;
      for (int next = in.read(); next >= 0; next = in.read()) {
        matched = next == END.charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        if (matched == END.length()) {
          matched = 0;
          client.getOutputStream().write(answer);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
