package dev.skein.connectors.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Carries bytes to and from a server on this machine, until it is cut.
final class Wire implements AutoCloseable {
  private final ServerSocket listening;
  private final int to;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();

  Wire(int to) throws IOException {
    this.to = to;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::listen);
  }

  int port() {
    return listening.getLocalPort();
  }

  private void listen() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
        ends.add(client);
        ends.add(server);
        Thread.ofVirtual().start(() -> carry(client, server));
        Thread.ofVirtual().start(() -> carry(server, client));
      }
    } catch (IOException closed) {
      cut();
    }
  }

  private static void carry(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException cut) {
      // both ends are closed now, which is all there is to do
    }
  }

  /// Closes the connections there are; new ones are taken.
  void cut() {
    for (Socket end : ends) {
      try {
        end.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    ends.clear();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
