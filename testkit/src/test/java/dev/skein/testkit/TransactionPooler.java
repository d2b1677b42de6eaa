package dev.skein.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/// A pooler that shares connections by the transaction, and is meaner than real ones: each
/// transaction goes to another connection than the one before, and a client that asks for a session
/// of its own, by a parameter that poolers do not keep track of, is turned away.
final class TransactionPooler implements AutoCloseable {
  private static final int CONNECTIONS = 3;
  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;
  private static final int VERSION_3 = 196608;
  private static final char READY = 'Z';
  private static final char IDLE = 'I';

  /// What real poolers keep, or can be told to ignore.
  private static final Set<String> HARMLESS =
      Set.of(
          "user",
          "database",
          "client_encoding",
          "DateStyle",
          "TimeZone",
          "extra_float_digits",
          "application_name");

  private record Message(int type, byte[] body) {
    boolean endsTransaction() {
      return type == READY && body[0] == IDLE;
    }
  }

  /// One end of a connection. Owned by the thread that has it.
  private record End(Socket socket, DataInputStream in, DataOutputStream out) {
    static End of(Socket socket) throws IOException {
      return new End(
          socket,
          new DataInputStream(new BufferedInputStream(socket.getInputStream())),
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream())));
    }

    /// One that hears everything and answers nothing.
    static End to(OutputStream out, Socket socket) {
      return new End(
          socket, new DataInputStream(InputStream.nullInputStream()), new DataOutputStream(out));
    }

    Message read() throws IOException {
      int type = in.readUnsignedByte();
      return new Message(type, in.readNBytes(in.readInt() - 4));
    }

    void write(Message message) throws IOException {
      out.writeByte(message.type);
      out.writeInt(message.body.length + 4);
      out.write(message.body);
    }

    /// Passes answers on until the database is ready for more, and says whether it is idle then.
    boolean answer(End client) throws IOException {
      out.flush();
      while (true) {
        Message message = read();
        client.write(message);
        if (message.type == READY) {
          client.out.flush();
          return message.endsTransaction();
        }
      }
    }
  }

  private final int database;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final LinkedBlockingQueue<End> idle = new LinkedBlockingQueue<>();
  private int connections;

  TransactionPooler(int database) throws IOException {
    this.database = database;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::accept);
  }

  /// The same address by way of this pooler.
  String through(String url) {
    return url.replace(":" + database + "/", ":" + server.getLocalPort() + "/");
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      }
    } catch (IOException e) {
      close(); // nobody connects any more
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      End client = End.of(socket);
      greet(client, startup(client));
      End behind = null;
      while (true) {
        Message message = client.read();
        if (message.type == 'X') {
          return;
        }
        behind = behind == null ? idle.take() : behind;
        behind.write(message);
        boolean wantsAnswer = message.type == 'S' || message.type == 'Q';
        if (wantsAnswer && behind.answer(client)) {
          idle.add(behind);
          behind = null;
        }
      }
    } catch (IOException e) {
      // the client or the database is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> startup(End client) throws IOException {
    while (true) {
      int length = client.in.readInt();
      int code = client.in.readInt();
      if (code == SSL_REQUEST || code == GSS_REQUEST) {
        client.out.writeByte('N');
        client.out.flush();
      } else {
        String text = new String(client.in.readNBytes(length - 8), StandardCharsets.UTF_8);
        List<String> words = List.of(text.split("\0"));
        var parameters = new TreeMap<String, String>();
        for (int i = 0; i + 1 < words.size(); i += 2) {
          parameters.put(words.get(i), words.get(i + 1));
        }
        return parameters;
      }
    }
  }

  private void greet(End client, Map<String, String> parameters) throws IOException {
    if (!HARMLESS.containsAll(parameters.keySet())) {
      refuse(client, "unsupported startup parameters " + parameters.keySet());
      throw new IOException("refused");
    }
    var known = new TreeMap<>(Map.of("client_encoding", "UTF8", "TimeZone", "UTC"));
    known.put("user", parameters.get("user"));
    known.put("database", parameters.get("database"));
    End greeter = connect(known);
    greeter.answer(client);
    greeter.socket.close();
    synchronized (this) {
      while (connections < CONNECTIONS) {
        End behind = connect(known);
        behind.answer(End.to(OutputStream.nullOutputStream(), behind.socket));
        idle.add(behind);
        connections++;
      }
    }
  }

  private End connect(Map<String, String> parameters) throws IOException {
    End behind = End.of(new Socket(InetAddress.getLoopbackAddress(), database));
    sockets.add(behind.socket);
    behind.out.write(startupPacket(parameters));
    return behind;
  }

  private static byte[] startupPacket(Map<String, String> parameters) {
    var text = new StringBuilder();
    parameters.forEach((name, value) -> text.append(name).append('\0').append(value).append('\0'));
    byte[] bytes = text.append('\0').toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(bytes.length + 8)
        .putInt(bytes.length + 8)
        .putInt(VERSION_3)
        .put(bytes)
        .array();
  }

  private static void refuse(End client, String why) throws IOException {
    String fields = "SFATAL\0VFATAL\0C08P01\0M" + why + "\0\0";
    client.write(new Message('E', fields.getBytes(StandardCharsets.UTF_8)));
    client.out.flush();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
