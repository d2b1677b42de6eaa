package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command in docs/contracts.md says what stands below it.
class ContractsDocTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w+)\n(?:# (\\S+)\n)?(.*?)```");

  @TempDir private Path folder;
  private HttpServer shop;

  /// The shop of the document, which has taken a price for text.
  @BeforeEach
  void open() throws IOException {
    shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shop.createContext(
        "/",
        exchange -> {
          String body =
              switch (exchange.getRequestURI().toString()) {
                case "/items?limit=1" -> "[{\"id\": \"hat\", \"price\": 7}]";
                case "/items/hat" -> "{\"id\": \"hat\", \"price\": \"7\"}";
                default -> "";
              };
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(
              body.isEmpty() ? 400 : 200, body.isEmpty() ? -1 : body.length());
          exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    shop.start();
  }

  @AfterEach
  void close() {
    shop.stop(0);
  }

  private String said(String command) {
    var arguments = new ArrayList<String>();
    for (String word : command.strip().split(" ")) {
      arguments.add(
          word.endsWith(".yaml")
              ? folder.resolve(word).toString()
              : word.replace("localhost:8080", "localhost:" + shop.getAddress().getPort()));
    }
    arguments.removeFirst();
    if (arguments.getFirst().equals("run")) {
      arguments.addAll(
          List.of(
              "--config",
              folder.resolve("skein.yaml").toString(),
              "--data",
              folder.resolve("data").toString()));
    }
    var said = new StringWriter();
    var printer = new PrintWriter(said, true);
    Main.run(printer, printer, arguments.toArray(new String[0]));
    return said.toString();
  }

  @Test
  void everyCommandSaysWhatStandsBelowIt() throws Exception {
    List<MatchResult> blocks =
        BLOCK.matcher(Files.readString(Path.of("../docs/contracts.md"))).results().toList();
    for (MatchResult block : blocks) {
      if (block.group(2) != null) {
        Files.writeString(folder.resolve(block.group(2)), block.group(3));
      }
    }
    int commands = 0;
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).group(1).equals("sh")) {
        assertThat(said(blocks.get(i).group(3))).contains(blocks.get(i + 1).group(3).strip());
        commands++;
      }
    }
    assertThat(commands).isEqualTo(3);
  }
}
