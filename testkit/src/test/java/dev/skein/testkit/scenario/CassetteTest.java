package dev.skein.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassetteTest {
  @TempDir private Path folder;

  private static Cassette.Asked asked(String target, String body) {
    return new Cassette.Asked("POST", target, body);
  }

  private static Cassette.Answered answered(Map<String, String> headers, String text) {
    return new Cassette.Answered(200, headers, text.getBytes(StandardCharsets.UTF_8));
  }

  private String saved(Cassette cassette) throws Exception {
    Path file = folder.resolve("tape.json");
    cassette.save(file);
    return Files.readString(file);
  }

  @Test
  void secretsAreHiddenAsTheyAreWrittenInUrlsFormsAndJson() throws Exception {
    String secret = "p@ss w\"rd";
    var cassette = new Cassette(List.of(secret));
    cassette.record(
        asked("/x?key=p%40ss%20w%22rd", "password=p%40ss+w%22rd"),
        answered(Map.of("Location", "/y?key=p%40ss%20w%22rd"), "{\"sent\": \"p@ss w\\\"rd\"}"));
    assertThat(saved(cassette)).doesNotContain("ss%20w", "ss+w", "ss w").contains("***");
  }

  @Test
  void ofASecretThatIsAnObjectEveryPartIsHidden() throws Exception {
    var cassette = new Cassette(List.of("{\"username\": \"ada\", \"in\": [\"hunter2\"]}"));
    cassette.record(asked("/x", "password=hunter2"), answered(Map.of(), "hello ada"));
    assertThat(saved(cassette)).doesNotContain("hunter2", "ada");
  }

  @Test
  void tokensThatAreGivenOutAreHiddenAndCalledWithAgain() throws Exception {
    var cassette = new Cassette(List.of());
    var tokens = "{\"access_token\": \"at-4711\", \"refresh_token\": \"rt-4712\"}";
    cassette.record(asked("/token", "grant_type=password"), answered(Map.of(), tokens));
    var renewed = asked("/token", "refresh_token=rt-4712");
    cassette.record(renewed, answered(Map.of(), "{\"access_token\": \"at-4713\"}"));
    assertThat(saved(cassette)).doesNotContain("at-471", "rt-471");
    var replayed = Cassette.load(folder.resolve("tape.json"), List.of());
    assertThat(replayed.answer(asked("/token", "refresh_token=***"))).isNotNull();
  }
}
