package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.interpreter.Json;
import dev.skein.runtime.secret.SecretStore;
import dev.skein.runtime.view.RunView;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where secrets are looked for, and what runs see of the encrypted store.
class KeptSecretsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String WORKFLOW =
      """
      document: {dsl: 1.0.3, namespace: test, name: uses, version: 1.0.0}
      use: {secrets: [token]}
      do:
        - a: {set: {length: "${ $secrets.token | length }", it: "${ $secrets.token }"}}
      """;

  @TempDir private Path folder;
  private Path data;
  private SecretStore store;

  @BeforeEach
  void open() throws Exception {
    data = folder.resolve("data");
    Files.createDirectories(data.resolve("secrets"));
    store = new SecretStore(data, Map.of(), InstantSource.system());
  }

  private String found(String name, Map<String, String> environment) {
    var secret = new SecretFiles(data, environment).secret(name);
    return secret == null ? null : secret.asString();
  }

  @Test
  void theStoreComesBeforeAFileAndAFileBeforeTheEnvironment() throws Exception {
    var environment = Map.of("SKEIN_SECRET_MY_TOKEN", "environment");
    assertThat(found("my-token", Map.of())).isNull();
    assertThat(found("my-token", environment)).isEqualTo("environment");
    Files.writeString(data.resolve("secrets/my-token"), "file\n");
    assertThat(found("my-token", environment)).isEqualTo("file");
    store.set("my-token", "store\n");
    assertThat(found("my-token", environment)).isEqualTo("store");
    store.remove("my-token");
    assertThat(found("my-token", environment)).isEqualTo("file");
  }

  @Test
  void aStoredObjectIsAnObject() {
    store.set("shop", "{\"username\": \"ada\", \"password\": \"x\"}");
    assertThat(new SecretFiles(data, Map.of()).secret("shop"))
        .isEqualTo(Json.parse("{\"username\": \"ada\", \"password\": \"x\"}"));
  }

  @Test
  void theKeyToTheStoreIsNoSecretOfWorkflows() {
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    var environment =
        Map.of(SecretStore.KEY_VARIABLE, key, SecretStore.KEY_FILE_VARIABLE, "/etc/secret.key");
    for (String name : new String[] {"key", "KEY", "Key", "key-file", "KEY_FILE", "key.file"}) {
      assertThat(found(name, environment)).as(name).isNull();
    }
  }

  @Test
  void aStoreThatIsLockedWithAnotherKeyHoldsUpOnlyWhatIsInIt() throws Exception {
    store.set("token", "store");
    Files.writeString(data.resolve("secrets/other"), "file");
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    var environment = Map.of(SecretStore.KEY_VARIABLE, key);
    assertThat(found("other", environment)).isEqualTo("file");
    SkeinException e =
        catchThrowableOfType(SkeinException.class, () -> found("token", environment));
    assertThat(e.code()).isEqualTo(SkeinException.Code.UNREADABLE_SECRET);
    assertThat(e).hasMessageContaining("was locked with the key");
  }

  @Test
  void aRunningSkeinSeesAChangedSecretAtTheNextUseAndWritesNoneDown() throws Exception {
    store.set("token", "tok-4711");
    try (Skein skein = Skein.open(data)) {
      skein.deploy(WORKFLOW);
      assertThat(output(skein, "a")).isEqualTo("{\"length\":8,\"it\":\"***\"}");
      store.set("token", "tok-4711-longer");
      assertThat(output(skein, "b")).isEqualTo("{\"length\":15,\"it\":\"***\"}");
      store.rotate();
      assertThat(output(skein, "c")).isEqualTo("{\"length\":15,\"it\":\"***\"}");
    }
    try (var files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("tok-4711");
      }
    }
  }

  @Test
  void aSecretThatCanNotBeOpenedIsAnErrorOfTheRunThatSaysWhatToDo() throws Exception {
    store.set("token", "tok-4711");
    Files.delete(folder.resolve("secret.key"));
    try (Skein skein = Skein.open(data)) {
      skein.deploy(WORKFLOW);
      RunView run = skein.await(skein.start("uses", Map.of(), "r"), PATIENCE);
      assertThat(run.status()).isEqualTo("faulted");
      assertThat(run.error().path("detail").asString())
          .contains("need their key", folder.resolve("secret.key").toString());
    }
  }

  private static String output(Skein skein, String id) throws Exception {
    return skein.await(skein.start("uses", Map.of(), id), PATIENCE).output().toString();
  }
}
