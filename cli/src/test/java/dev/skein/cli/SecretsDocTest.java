package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.runtime.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/secrets.md and docs/integrations.md show works as they say.
class SecretsDocTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w+)\n(?:# (\\S+)\n)?(.*?)```");

  @TempDir private Path folder;

  /// @param file what it is to be called; null if it is no file
  private record Block(String language, String file, String text) {}

  private static List<Block> blocks(String document) throws IOException {
    return BLOCK
        .matcher(Files.readString(Path.of("../docs").resolve(document)))
        .results()
        .map((MatchResult m) -> new Block(m.group(1), m.group(2), m.group(3)))
        .toList();
  }

  private static Block only(List<Block> blocks, String language) {
    return blocks.stream()
        .filter(block -> block.language.equals(language) && block.file == null)
        .findFirst()
        .orElseThrow();
  }

  private String skein(String command) {
    var words = new ArrayList<String>();
    for (String word : Arrays.asList(command.split(" ")).subList(1, command.split(" ").length)) {
      Path file = folder.resolve(word);
      words.add(Files.exists(file) ? file.toString() : word);
    }
    words.add("--data");
    words.add(folder.resolve("data").toString());
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
    assertThat(exit).as(command + "\n" + err).isZero();
    return out.toString();
  }

  @Test
  void theExampleOfSecretsPrintsWhatItSays() throws IOException {
    List<Block> blocks = blocks("secrets.md");
    for (Block block : blocks) {
      if (block.file != null) {
        Files.writeString(folder.resolve(block.file), block.text);
      }
    }
    List<String> printed = only(blocks, "sh").text.lines().map(this::skein).toList();
    assertThat(printed).hasSize(4);
    assertThat(printed.get(2)).contains("payClient", "payToken").doesNotContain("tok", "hunter2");
    assertThat(Json.parse(printed.getLast())).isEqualTo(Json.parse(only(blocks, "json").text));
  }

  @Test
  void theAuthenticationsOfIntegrationsAreRead() throws IOException {
    List<Block> settings =
        blocks("integrations.md").stream()
            .filter(block -> block.text.contains("integrations:"))
            .toList();
    assertThat(settings).hasSizeGreaterThanOrEqualTo(3);
    for (Block block : settings) {
      var read = Settings.read(block.text);
      assertThat(read.diagnostics()).as(block.text).isEmpty();
      assertThat(read.result()).isNotNull();
    }
  }
}
