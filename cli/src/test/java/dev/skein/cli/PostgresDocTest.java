package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/operations.md shows of PostgreSQL works as it says.
class PostgresDocTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w+)\n(.*?)```");
  private static final String THEIRS = "db.example.com:5432";

  private final PostgresServer server = PostgresServer.shared();
  @TempDir private Path folder;
  private String document;

  @BeforeEach
  void read() throws IOException {
    document = Files.readString(Path.of("../docs/operations.md"));
    server.admin("DROP SCHEMA IF EXISTS skein CASCADE");
    server.admin("DROP ROLE IF EXISTS orders");
    block("sql").lines().forEach(server::admin);
    Files.writeString(folder.resolve("hello.yaml"), block("yaml"));
  }

  private String block(String language) {
    return BLOCK
        .matcher(document)
        .results()
        .filter(match -> match.group(1).equals(language))
        .map(match -> match.group(2))
        .findFirst()
        .orElseThrow();
  }

  private String skein(List<String> command) {
    var words = new ArrayList<String>();
    for (String word : command) {
      Path file = folder.resolve("hello.yaml");
      words.add(
          word.equals("hello.yaml")
              ? file.toString()
              : word.replace(THEIRS, "localhost:" + server.port()));
    }
    words.addAll(List.of("--data", folder.resolve("data").toString()));
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
    assertThat(exit).as(command + "\n" + err).isZero();
    return out.toString();
  }

  private List<List<String>> commands() {
    return block("sh").lines().map(line -> Arrays.asList(line.split(" "))).toList();
  }

  @Test
  void theCommandsWorkAsTheRoleThatTheStatementsMake() {
    List<String> outputs =
        commands().stream().map(words -> skein(words.subList(1, words.size()))).toList();
    assertThat(Json.parse(outputs.getFirst()).path("greeting").asString()).isEqualTo("hello");
    assertThat(outputs.getLast()).contains("first", "completed");
  }

  @Test
  void aRunIsLookedAtAndStartedInTheSameStore() {
    String store = commands().getFirst().getLast();
    skein(List.of("deploy", "hello.yaml", "--store", store));
    skein(List.of("start", "hello", "--id", "second", "--store", store));
    assertThat(skein(List.of("show", "second", "--json", "--store", store)))
        .contains("/do/0/greet");
    assertThat(folder.resolve("data/skein.db")).doesNotExist();
  }
}
