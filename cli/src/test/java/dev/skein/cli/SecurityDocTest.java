package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.runtime.settings.ServerSettings;
import dev.skein.runtime.settings.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What docs/security.md shows works as it says, with a server and without one.
class SecurityDocTest {
  private static final Path DOC = Path.of("../docs/security.md");
  private static final Pattern COMMAND = Pattern.compile("(?m)^skein (.*)$");
  private static final Pattern SETTINGS = Pattern.compile("(?s)```yaml\n# skein.yaml\n(.*?)```");

  @TempDir private Path folder;

  private record Ran(int exit, String out, String err) {}

  private Ran skein(String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", data().toString()));
    int exit =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    return new Ran(exit, out.toString().strip(), err.toString());
  }

  private Path data() {
    return folder.resolve("data");
  }

  /// A server in a thread of its own.
  private final class Serving implements AutoCloseable {
    private final Thread thread;
    private String url = "";

    Serving(String... more) throws IOException {
      var pipe = new PipedWriter();
      var said = new BufferedReader(new PipedReader(pipe));
      var err = new PrintWriter(pipe, true);
      var words = new ArrayList<>(List.of("serve", "--port", "0", "--data", data().toString()));
      words.addAll(List.of(more));
      thread =
          Thread.ofPlatform()
              .start(() -> {
                Main.run(new PrintWriter(new StringWriter()), err, words.toArray(String[]::new));
                err.close();
              });
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.startsWith("skein: serving on ")) {
          url = line.substring("skein: serving on ".length());
          return;
        }
      }
      throw new AssertionError("the server has not begun");
    }

    JsonNode session(String key) throws Exception {
      var request =
          HttpRequest.newBuilder(URI.create(url + "/api/v1/session"))
              .header("Authorization", "Bearer " + key)
              .build();
      try (var client = HttpClient.newHttpClient()) {
        return Json.parse(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
      }
    }

    @Override
    public void close() {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Runs every command of the page, in its order, and returns the first key it has made.
  private String everyCommand() throws IOException {
    String key = "";
    String id = "";
    String anchor = "";
    List<String> commands =
        COMMAND.matcher(Files.readString(DOC)).results().map(found -> found.group(1)).toList();
    assertThat(commands).hasSize(7);
    for (String command : commands) {
      Ran ran = skein(command.replace("NUMBER:HASH", anchor).replaceAll("\\bID$", id).split(" "));
      assertThat(ran.exit).as("%s%n%s", command, ran.err).isZero();
      if (command.startsWith("key create --name ann")) {
        key = ran.out;
      } else if (command.startsWith("key create")) {
        id = ran.out.substring(3, 15);
      } else if (command.equals("key list")) {
        assertThat(ran.out).contains(id, "shop-ci", "shop:developer", "*:admin");
      } else if (command.startsWith("audit list")) {
        assertThat(ran.out.lines()).hasSize(5);
        assertThat(ran.out).contains("revokeKey", "createKey");
      } else if (command.equals("audit verify")) {
        anchor = ran.out;
      }
    }
    assertThat(skein("key", "list").out).contains("revoked");
    return key;
  }

  @Test
  void everyCommandWorksWithoutAServer() throws Exception {
    assertThat(everyCommand()).startsWith("sk_");
  }

  @Test
  void everyCommandWorksThroughTheServerThatHoldsTheData() throws Exception {
    try (var serving = new Serving()) {
      String key = everyCommand();
      assertThat(serving.session(key).at("/roles/*").asString()).isEqualTo("admin");
      assertThat(serving.session("sk_wrong").path("code").asString()).isEqualTo("unauthorized");
      Path left = data().resolve("server.key");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(left)))
          .isEqualTo("rw-------");
      Ran shown = skein("key", "list", "--url", serving.url, "--key", key);
      assertThat(shown.out).contains("shop-ci");
      Ran unshown = skein("key", "list", "--url", serving.url, "--key", "sk_wrong");
      assertThat(unshown.exit).isEqualTo(1);
      assertThat(unshown.err).contains("this key is wrong");
    }
    assertThat(data().resolve("server.key")).doesNotExist();
  }

  @Test
  void othersReachTheServerOnlyOnceThereIsAKey() throws Exception {
    Ran refused = skein("serve", "--port", "0", "--host", "0.0.0.0");
    assertThat(refused.exit).isEqualTo(2);
    assertThat(refused.err).contains("skein key create --name NAME --role admin");
    String key = skein("key", "create", "--name", "ann", "--role", "viewer").out;
    try (var serving = new Serving("--host", "0.0.0.0")) {
      serving.url = serving.url.replace("0.0.0.0", "127.0.0.1");
      assertThat(serving.session(key).at("/roles/*").asString()).isEqualTo("viewer");
    }
  }

  @Test
  void aBrokenLogIsToldByTheExitCode() throws Exception {
    skein("key", "create", "--name", "ann", "--role", "viewer");
    Ran whole = skein("audit", "verify");
    assertThat(whole.out).startsWith("2:");
    Ran other = skein("audit", "verify", "--anchor", "2:" + "0".repeat(64));
    assertThat(other.exit).isEqualTo(1);
    assertThat(other.err).contains("entry 2 is another than when it was noted");
    assertThat(skein("audit", "verify", "--anchor", "two").exit).isEqualTo(2);
    assertThat(skein("key", "create", "--name", "x", "--role", "god").exit).isEqualTo(2);
    assertThat(skein("key", "revoke", "none").err).contains("there is no key of the id 'none'");
  }

  @Test
  void theSettingsAreReadAsTheyStand() throws IOException {
    String all =
        SETTINGS
            .matcher(Files.readString(DOC))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.joining());
    var read = Settings.read(all);
    assertThat(read.diagnostics()).isEmpty();
    Settings settings = read.result();
    assertThat(settings.server().host()).isEqualTo("0.0.0.0");
    assertThat(settings.server().published().auth())
        .isEqualTo(ServerSettings.Published.Auth.REQUIRED);
    assertThat(settings.auth().jwt().roles().of(Map.of("groups", List.of("shop-ops"))))
        .hasToString("operator@shop");
    var claims = Map.of("realm_access", Map.of("roles", List.of("admins", "everybody")));
    assertThat(settings.auth().oidc().roles().of(claims)).hasToString("admin@*");
  }
}
