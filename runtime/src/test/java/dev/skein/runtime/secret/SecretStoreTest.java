package dev.skein.runtime.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.interpreter.Json;
import dev.skein.runtime.secret.SecretException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SecretStoreTest {
  private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
  private static final String OTHER_KEY =
      Base64.getEncoder().encodeToString("o".repeat(32).getBytes());

  @TempDir private Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private Path data;
  private SecretStore store;

  @BeforeEach
  void open() {
    data = folder.resolve("data");
    store = store(Map.of());
  }

  private SecretStore store(Map<String, String> environment) {
    return new SecretStore(data, environment, now::get);
  }

  private Path file() {
    return data.resolve("secrets.enc");
  }

  /// Something else than skein changes the file.
  private void meddle(Consumer<ObjectNode> change) throws IOException {
    ObjectNode json = (ObjectNode) Json.parse(Files.readString(file()));
    change.accept(json);
    Files.writeString(file(), json.toString());
  }

  private static ObjectNode secret(JsonNode file, String name) {
    return (ObjectNode) file.path("secrets").path(name);
  }

  private static SecretException failure(ThrowingCallable call) {
    return catchThrowableOfType(SecretException.class, call);
  }

  @Test
  void keepsWhatItIsGivenForWhoeverOpensItLater() {
    assertThat(store.value("a")).isNull();
    assertThat(store.list()).isEmpty();
    store.set("a", "first ✓");
    store.set("b", "{\"user\": \"ada\"}");
    assertThat(store.value("a")).isEqualTo("first ✓");
    assertThat(store(Map.of()).value("b")).isEqualTo("{\"user\": \"ada\"}");
    assertThat(store.value("c")).isNull();
  }

  @Test
  void tellsNamesAndTimesWithoutAKey() throws IOException {
    store.set("b", "1");
    now.set(START.plusSeconds(5));
    store.set("a", "2");
    Files.delete(folder.resolve("secret.key"));
    assertThat(store(Map.of()).list())
        .containsExactly(
            new SecretStore.Entry("a", START.plusSeconds(5)), new SecretStore.Entry("b", START));
  }

  @Test
  void whoHasItOpenSeesAChangeAtTheNextUse() {
    store.set("a", "1");
    SecretStore running = store(Map.of());
    assertThat(running.value("a")).isEqualTo("1");
    store.set("a", "2");
    assertThat(running.value("a")).isEqualTo("2");
    store.rotate();
    assertThat(running.value("a")).isEqualTo("2");
    assertThat(store.remove("a")).isTrue();
    assertThat(running.value("a")).isNull();
    assertThat(store.remove("a")).isFalse();
  }

  @Test
  void nothingOfASecretIsInTheFileAndNobodyElseMayReadIt() throws IOException {
    store.set("a", "hunter2-horse");
    String written = Files.readString(file());
    assertThat(written)
        .contains("\"a\"")
        .doesNotContain("hunter2", Base64.getEncoder().encodeToString("hunter2-horse".getBytes()));
    for (Path one : List.of(file(), folder.resolve("secret.key"), data.resolve("secrets.lock"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void theKeyIsMadeOnceBesideTheDataAndServesOthersToo() throws IOException {
    store.set("a", "1");
    String key = Files.readString(folder.resolve("secret.key"));
    assertThat(Base64.getDecoder().decode(key.strip())).hasSize(32);
    new SecretStore(folder.resolve("other"), Map.of(), now::get).set("b", "2");
    assertThat(Files.readString(folder.resolve("secret.key"))).isEqualTo(key);
  }

  @Test
  void theKeyMayComeFromTheEnvironmentOrAFileItNames() throws IOException {
    SecretStore byVariable = store(Map.of(SecretStore.KEY_VARIABLE, KEY));
    byVariable.set("a", "1");
    assertThat(folder.resolve("secret.key")).doesNotExist();
    Path elsewhere = Files.writeString(folder.resolve("k"), KEY + "\n");
    SecretStore byFile = store(Map.of(SecretStore.KEY_FILE_VARIABLE, elsewhere.toString()));
    assertThat(byFile.value("a")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "too short", "c2hvcnQ=", "öäü", "AAAA AAAA"})
  void whatIsNoKeyIsToldWithHowToMakeOne(String key) {
    SecretStore wrong = store(Map.of(SecretStore.KEY_VARIABLE, key));
    SecretException e = failure(() -> wrong.set("a", "1"));
    assertThat(e.code()).isEqualTo(Code.INVALID_KEY);
    assertThat(e).hasMessageContaining("SKEIN_SECRET_KEY").hasMessageContaining("openssl rand");
    assertThat(e).hasNoCause();
    if (!key.isEmpty()) {
      assertThat(e.getMessage()).doesNotContain(key);
    }
  }

  @Test
  void aWrongKeyIsToldWithWhatToDoAndChangesNothing() throws IOException {
    store(Map.of(SecretStore.KEY_VARIABLE, KEY)).set("a", "1");
    String before = Files.readString(file());
    SecretStore wrong = store(Map.of(SecretStore.KEY_VARIABLE, OTHER_KEY));
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> wrong.value("a"), () -> wrong.set("b", "2"), () -> wrong.rotate())) {
      SecretException e = failure(use);
      assertThat(e.code()).isEqualTo(Code.WRONG_KEY);
      assertThat(e)
          .hasMessageContaining("SKEIN_SECRET_KEY holds the key")
          .hasMessageContaining("SKEIN_SECRET_KEY_FILE")
          .hasMessageContaining(file().toString());
    }
    assertThat(wrong.value("b")).isNull();
    assertThat(Files.readString(file())).isEqualTo(before);
  }

  @Test
  void aLostKeyIsAskedForAndNotReplaced() throws IOException {
    store.set("a", "1");
    Files.delete(folder.resolve("secret.key"));
    SecretStore later = store(Map.of());
    assertThat(failure(() -> later.value("a")).code()).isEqualTo(Code.NO_KEY);
    assertThat(failure(() -> later.set("b", "1")).code()).isEqualTo(Code.NO_KEY);
    assertThat(failure(later::rotate))
        .hasMessageContaining(folder.resolve("secret.key").toString());
    assertThat(folder.resolve("secret.key")).doesNotExist();
  }

  @Test
  void swappedSecretsDoNotOpen() throws IOException {
    store.set("staging", "1");
    store.set("production", "2");
    meddle(json -> {
      ObjectNode secrets = (ObjectNode) json.path("secrets");
      JsonNode staging = secrets.get("staging");
      secrets.set("staging", secrets.get("production"));
      secrets.set("production", staging);
    });
    SecretException e = failure(() -> store.value("production"));
    assertThat(e.code()).isEqualTo(Code.DAMAGED);
    assertThat(e).hasMessageContaining("skein secret set production");
    assertThat(failure(() -> store.value("staging")).code()).isEqualTo(Code.DAMAGED);
  }

  @Test
  void aChangedTimeDoesNotOpen() throws IOException {
    store.set("a", "1");
    meddle(json -> secret(json, "a").put("changed", "2027-01-01T00:00:00Z"));
    assertThat(failure(() -> store.value("a")).code()).isEqualTo(Code.DAMAGED);
  }

  @Test
  void aFlippedBitIsNoticedWhereverItIs() throws IOException {
    store.set("a", "hunter2");
    ObjectNode sound = (ObjectNode) Json.parse(Files.readString(file()));
    byte[] sealed = Base64.getDecoder().decode(secret(sound, "a").path("sealed").asString());
    for (int i = 0; i < sealed.length; i++) {
      byte[] flipped = sealed.clone();
      flipped[i] ^= 1;
      meddle(json -> secret(json, "a").put("sealed", Base64.getEncoder().encodeToString(flipped)));
      assertThat(failure(() -> store(Map.of()).value("a")).code()).isEqualTo(Code.DAMAGED);
    }
    byte[] key = Base64.getDecoder().decode(sound.path("dataKey").asString());
    for (int i = 0; i < key.length; i++) {
      byte[] flipped = key.clone();
      flipped[i] ^= 1;
      Files.writeString(
          file(),
          sound.deepCopy().put("dataKey", Base64.getEncoder().encodeToString(flipped)).toString());
      assertThat(failure(() -> store(Map.of()).value("a")).code()).isEqualTo(Code.DAMAGED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "{}",
        "{\"format\": 2}",
        "{\"format\": 1, \"dataKey\": \"ö\"}",
        "{\"format\": 1, \"secrets\": {\"a\": {}}}"
      })
  void whatIsNoFileOfSecretsIsToldAndNotReplaced(String content) throws IOException {
    store.set("a", "1");
    Files.writeString(file(), content);
    assertThat(failure(() -> store.value("a")).code()).isEqualTo(Code.DAMAGED);
    assertThat(failure(() -> store.set("a", "2")).code()).isEqualTo(Code.DAMAGED);
    assertThat(Files.readString(file())).isEqualTo(content);
  }

  @Test
  void afterARotationWhatWasSealedBeforeOpensNoMore() throws IOException {
    store.set("a", "old");
    store.set("b", "kept");
    ObjectNode before = (ObjectNode) Json.parse(Files.readString(file()));
    store.set("a", "new");
    assertThat(store.rotate()).isEqualTo(2);
    assertThat(store.value("a")).isEqualTo("new");
    assertThat(store.value("b")).isEqualTo("kept");
    assertThat(store.list()).extracting(SecretStore.Entry::changed).containsOnly(START);
    JsonNode after = Json.parse(Files.readString(file()));
    assertThat(after.path("dataKey")).isNotEqualTo(before.path("dataKey"));
    meddle(json -> secret(json, "a").setAll(secret(before, "a")));
    assertThat(failure(() -> store.value("a")).code()).isEqualTo(Code.DAMAGED);
  }

  @Test
  void aRotationThatMeetsASecretItCanNotOpenChangesNothing() throws IOException {
    store.set("a", "1");
    store.set("b", "2");
    meddle(json -> secret(json, "b").setAll(secret(json, "a")));
    String before = Files.readString(file());
    assertThat(failure(store::rotate).code()).isEqualTo(Code.DAMAGED);
    assertThat(Files.readString(file())).isEqualTo(before);
    store.set("b", "again");
    assertThat(store.rotate()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "a/b", "-a", "a b", "ö"})
  void aNameThatLeadsElsewhereIsRefused(String name) {
    assertThat(failure(() -> store.set(name, "1")).code()).isEqualTo(Code.INVALID_SECRET);
    assertThat(data).doesNotExist();
  }

  @Test
  void aValueHasABound() {
    assertThat(failure(() -> store.set("a", "")).code()).isEqualTo(Code.INVALID_SECRET);
    assertThat(failure(() -> store.set("a", "x".repeat(64 * 1024 + 1))).code())
        .isEqualTo(Code.INVALID_SECRET);
    store.set("a", "x".repeat(64 * 1024));
    assertThat(store.value("a")).hasSize(64 * 1024);
  }

  @Test
  void manyMaySetAtOnceAndNothingIsLost() throws Exception {
    int writers = 8;
    int each = 10;
    var begin = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          IntStream.range(0, writers)
              .<Future<?>>mapToObj(w ->
                  threads.submit(() -> {
                    begin.await();
                    // the first of them makes the key
                    SecretStore own = store(Map.of());
                    for (int i = 0; i < each; i++) {
                      own.set("s" + w + "-" + i, "v" + w + "-" + i);
                    }
                    return null;
                  }))
              .toList();
      begin.countDown();
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(store.list()).hasSize(writers * each);
    assertThat(store.value("s7-9")).isEqualTo("v7-9");
  }

  @Test
  void processesThatSetAndRotateAtOnceLoseNothing() throws Exception {
    store.set("kept", "k");
    try (var one = Rotator.start(data, "one");
        var two = Rotator.start(data, "two")) {
      one.awaitRotations(3);
      two.awaitRotations(3);
    }
    List<String> names = store.list().stream().map(SecretStore.Entry::name).toList();
    assertThat(names).contains("kept", "one-0", "one-2", "two-0", "two-2");
    assertThat(store.value("kept")).isEqualTo("k");
    for (String name : names) {
      assertThat(store.value(name)).isEqualTo(name.equals("kept") ? "k" : "v");
    }
  }

  @Test
  void aRotationThatIsKilledLeavesTheOneOrTheOther() throws Exception {
    for (int i = 0; i < 40; i++) {
      store.set("s" + i, "v" + i);
    }
    for (int kill = 0; kill < 4; kill++) {
      try (var rotator = Rotator.start(data, "r" + kill)) {
        rotator.awaitRotations(1 + kill);
      }
      for (int i = 0; i < 40; i++) {
        assertThat(store.value("s" + i)).isEqualTo("v" + i);
      }
    }
    assertThat(store.rotate()).isEqualTo(store.list().size());
  }

  @Test
  void whatAKilledWriterLeftBehindIsNoFileOfSecrets() throws IOException {
    store.set("a", "1");
    byte[] half = Files.readAllBytes(file());
    Files.write(data.resolve("secrets.enc.new"), Arrays.copyOf(half, half.length / 2));
    assertThat(store.value("a")).isEqualTo("1");
    store.rotate();
    assertThat(store.value("a")).isEqualTo("1");
    assertThat(data.resolve("secrets.enc.new")).doesNotExist();
  }

  @Test
  void noTextShowsASecretOrAKey() {
    var keys = Map.of(SecretStore.KEY_VARIABLE, KEY);
    assertThat(store(keys).toString()).doesNotContain(KEY);
    assertThat(new KeySource(data, keys).toString()).doesNotContain(KEY);
    assertThat(MasterKey.of(KEY, "x").toString()).isEqualTo("MasterKey[x]");
  }
}
