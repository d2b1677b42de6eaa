package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.Engine;
import dev.skein.kernel.journal.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Kills a real process before and after every commit of a workflow, and lets the next one finish.
abstract class CrashMatrix {
  @TempDir private Path folder;

  /// Where a new store is to be made: what [CrashProgram#open] takes.
  abstract String newPlace(Path folder);

  /// Around which side of each commit the process is killed.
  List<CrashingStore.Side> sides() {
    return List.of(CrashingStore.Side.values());
  }

  private record Outcome(String output, Set<String> ledger) {}

  @TestFactory
  Stream<DynamicTest> everyCommitMayBeTheLastOfItsProcess() throws Exception {
    var commits = new AtomicInteger();
    String calm = newPlace(folder.resolve("calm"));
    CrashProgram.live(
        CrashingStore.counting(CrashProgram.open(calm), commits), folder.resolve("calm.ledger"));
    Outcome expected = outcome(calm, folder.resolve("calm.ledger"));
    assertThat(expected.ledger).hasSize(12);

    return sides().stream()
        .flatMap(side ->
            Stream.iterate(1, n -> n + 1)
                .limit(commits.get())
                .map(n ->
                    DynamicTest.dynamicTest(
                        "killed " + side + " commit " + n, () -> survives(n, side, expected))));
  }

  private void survives(int n, CrashingStore.Side side, Outcome expected) throws Exception {
    String data = newPlace(folder.resolve(side + "-" + n));
    Path ledger = folder.resolve(side + "-" + n + ".ledger");
    die(data, ledger, n, side);
    Set<String> finished = finishedSteps(data);
    Map<String, Long> before = executions(ledger);

    CrashProgram.live(CrashProgram.open(data), ledger);

    Map<String, Long> after = executions(ledger);
    assertThat(outcome(data, ledger)).isEqualTo(expected);
    for (String key : finished) {
      assertThat(after.get(key)).as("finished step " + key).isEqualTo(before.get(key));
    }
    assertThat(after.values())
        .as("a step in flight runs once more at the most")
        .allMatch(times -> times <= 2);
  }

  private static void die(String data, Path ledger, int n, CrashingStore.Side side)
      throws IOException, InterruptedException {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            CrashProgram.class.getName(),
            data,
            ledger.toString(),
            Integer.toString(n),
            side.toString());
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    // how many commits a life takes depends on what the group commit gathered; the last ones may
    // not be reached
    assertThat(exit).isIn(137, 0);
  }

  /// Keys, as the ledger has them, of the steps whose outcome was durable.
  private static Set<String> finishedSteps(String data) {
    try (var store = CrashProgram.look(data)) {
      var row = store.run("r");
      if (row == null) {
        return Set.of();
      }
      var finished = new HashSet<String>();
      for (Entry entry : Engine.journal(store, row.number())) {
        if (entry instanceof Entry.StepCompleted completed) {
          finished.add("r:" + completed.key());
        }
      }
      return finished;
    }
  }

  private static Outcome outcome(String data, Path ledger) throws IOException {
    try (var store = CrashProgram.look(data)) {
      var end = (Entry.RunEnded) Engine.journal(store, store.run("r").number()).getLast();
      return new Outcome(String.valueOf(end.output()), Set.copyOf(Files.readAllLines(ledger)));
    }
  }

  private static Map<String, Long> executions(Path ledger) throws IOException {
    return !Files.exists(ledger)
        ? Map.of()
        : Files.readAllLines(ledger).stream()
            .collect(
                Collectors.groupingBy(
                    line -> line.split(" ")[0], TreeMap::new, Collectors.counting()));
  }
}
