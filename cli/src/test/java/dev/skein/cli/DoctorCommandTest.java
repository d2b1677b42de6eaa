package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Location;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import dev.skein.server.Server;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What `skein doctor` finds, on real data.
class DoctorCommandTest {
  private static final String STUCK =
      """
      document:
        {dsl: 1.0.3, namespace: shop, name: stuck, version: 1.0.0,
         metadata: {skein: {saga: {retry: {delay: PT0.01S, limit: {attempt: {count: 1}}}}}}}
      do:
        - book:
            set: {booked: true}
            metadata: {skein: {compensate: [{unbook: {raise: {error: {type: "https://shop.example/gone", status: 500}}}}]}}
        - fail: {raise: {error: {type: "https://shop.example/no", status: 500}}}
      """;

  @TempDir private Path folder;

  private record Ran(int exit, String out) {
    /// The lines about one thing.
    List<String> of(String check) {
      return out.lines().filter(line -> line.matches("\\w+ +" + check + " .*")).toList();
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Ran doctor(String... more) {
    var words = new ArrayList<>(List.of("doctor", "--data", data().toString()));
    words.addAll(List.of(more));
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
    return new Ran(exit, out.toString() + err);
  }

  private Ran doctorOf(String settings) throws Exception {
    Path file = folder.resolve("skein.yaml");
    Files.writeString(file, settings);
    return doctor("--config", file.toString());
  }

  private Skein open() {
    return Skein.open(Location.in(data()), EngineOptions.DEFAULT, Settings.NONE);
  }

  private List<String> files() throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.map(Path::toString).sorted().toList();
    }
  }

  @Test
  void aNewcomerIsToldWhatIsNotThereYet() throws Exception {
    List<String> before = files();
    Ran ran = doctor();
    assertThat(ran.exit).as(ran.out).isZero();
    assertThat(ran.of("java")).singleElement().asString().startsWith("OK");
    assertThat(ran.of("data")).singleElement().asString().startsWith("WARNING");
    assertThat(ran.of("settings")).singleElement().asString().startsWith("OK");
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aRunThatNeedsSomebodyIsWorthALook() throws Exception {
    try (Skein skein = open()) {
      skein.deploy(STUCK);
      skein.await(skein.start("shop/stuck", Map.of()), Duration.ofSeconds(20));
    }
    Ran ran = doctor();
    assertThat(ran.exit).as(ran.out).isZero();
    assertThat(ran.of("store")).singleElement().asString().contains("is the newest");
    assertThat(ran.of("incidents")).singleElement().asString().contains("1 problem of runs");
    assertThat(ran.of("journal")).singleElement().asString().startsWith("OK");
  }

  @Test
  void aServerIsAskedHowItIs() throws Exception {
    try (Skein skein = open();
        Server server = new Server(skein, "127.0.0.1", 0)) {
      Files.writeString(data().resolve(ServeCommand.ADDRESS), server.url());
      assertThat(doctor().of("server")).singleElement().asString().contains("is ready");
    }
    Ran gone = doctor();
    assertThat(gone.of("server")).singleElement().asString().contains("does not answer");
    assertThat(gone.exit).isZero();
  }

  @Test
  void settingsThatAreWrongAreProblemsWhereTheyStand() throws Exception {
    Ran ran = doctorOf("secrets: [a]\nserver: {port: many}\n");
    assertThat(ran.exit).isEqualTo(1);
    assertThat(ran.of("settings")).singleElement().asString().startsWith("PROBLEM").contains("2:");
  }

  @Test
  void aSecretThatIsMissingOrOpenToOthersIsAProblem() throws Exception {
    Ran missing = doctorOf("secrets: [mail]\n");
    assertThat(missing.exit).isEqualTo(1);
    assertThat(missing.out).contains("'mail' is not there", "skein secret set mail");
    Path file = Files.createDirectories(data().resolve("secrets")).resolve("mail");
    Files.writeString(file, "s3cr3t");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Ran open = doctorOf("secrets: [mail]\n");
    assertThat(open.exit).isEqualTo(1);
    assertThat(open.of("secrets")).singleElement().asString().contains("all are there: mail");
    assertThat(open.of("permissions")).singleElement().asString().startsWith("PROBLEM");
    assertThat(open.out).doesNotContain("s3cr3t");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(doctorOf("secrets: [mail]\n").exit).isZero();
  }

  @Test
  void aStoreOfANewerSkeinIsAProblem() throws Exception {
    open().close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data().resolve("skein.db"));
        var statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA user_version = 99");
    }
    Ran ran = doctor();
    assertThat(ran.exit).isEqualTo(1);
    assertThat(ran.of("store")).singleElement().asString().contains("a newer Skein wrote it");
  }

  @Test
  void programsReadItAsJson() {
    JsonNode json = Json.parse(doctor("--json").out);
    assertThat(json.path("well").asBoolean()).isTrue();
    assertThat(json.path("checks").findValuesAsString("state")).contains("ok", "warning");
    assertThat(json.path("checks").findValuesAsString("check")).contains("java", "disk", "store");
  }

  @Test
  void littleSpaceAndAnOldJavaAreTold() {
    assertThat(MachineCheck.java(21).state()).isEqualTo(Finding.State.PROBLEM);
    assertThat(MachineCheck.disk(folder, 10L << 20).state()).isEqualTo(Finding.State.PROBLEM);
    assertThat(MachineCheck.disk(folder, 500L << 20).state()).isEqualTo(Finding.State.WARNING);
    assertThat(MachineCheck.disk(folder, 50L << 30).state()).isEqualTo(Finding.State.OK);
  }
}
