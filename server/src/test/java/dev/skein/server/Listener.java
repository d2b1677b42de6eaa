package dev.skein.server;

import dev.skein.interpreter.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A client of server-sent events, on a socket of its own.
final class Listener implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader in;
  final String status;

  record Event(String name, String id, JsonNode data) {
    String status() {
      return data.path("status").asString("");
    }
  }

  /// @param headers lines with their ends
  Listener(String url, String... headers) throws IOException {
    URI at = URI.create(url);
    socket = new Socket(at.getHost(), at.getPort());
    socket.setSoTimeout(20_000);
    String request =
        "GET "
            + at.getPath()
            + " HTTP/1.1\r\nHost: localhost\r\n"
            + String.join("", headers)
            + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    status = in.readLine().split(" ", -1)[1];
  }

  /// Null at the end of the stream.
  Event next() throws IOException {
    String name = null;
    String id = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ") && name != null) {
        return new Event(name, id, Json.parse(line.substring(6)));
      } else if (line.equals("0")) {
        return null;
      }
    }
    return null;
  }

  Event until(String name, String status) throws IOException {
    Event event = next();
    while (event != null && !(event.name.equals(name) && event.status().equals(status))) {
      event = next();
    }
    return event;
  }

  List<Event> rest() throws IOException {
    var all = new ArrayList<Event>();
    for (Event event = next(); event != null; event = next()) {
      all.add(event);
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
