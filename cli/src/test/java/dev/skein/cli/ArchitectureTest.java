package dev.skein.cli;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.skein.kernel.journal.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rules of the house, see ARCHITECTURE.md.
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.skein");

  /// Which module may know which.
  private static final Map<String, Set<String>> ARROWS =
      new TreeMap<>(
          Map.of(
              "model", Set.of(),
              "kernel", Set.of(),
              "store", Set.of("kernel"),
              "interpreter", Set.of("model", "kernel"),
              "connectors", Set.of("model", "kernel"),
              "supervision", Set.of("kernel"),
              "runtime", upTo(),
              "testkit", upTo("runtime"),
              "server", upTo("runtime"),
              "cli", upTo("runtime", "testkit", "server")));

  /// All below the runtime, and these.
  private static Set<String> upTo(String... modules) {
    var all =
        new TreeSet<>(
            Set.of("model", "kernel", "store", "interpreter", "connectors", "supervision"));
    all.addAll(List.of(modules));
    return all;
  }

  @Test
  void modulesKnowOnlyThoseBelowThem() {
    ARROWS.forEach((module, below) -> {
      List<String> forbidden =
          ARROWS.keySet().stream()
              .filter(other -> !other.equals(module) && !below.contains(other))
              .map(other -> "dev.skein." + other + "..")
              .toList();
      noClasses()
          .that()
          .resideInAPackage("dev.skein." + module + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(forbidden.toArray(String[]::new))
          .allowEmptyShould(true)
          .check(CLASSES);
    });
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.skein.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theKernelKnowsOnlyTheJdkAndItsLogger() {
    classes()
        .that()
        .resideInAPackage("dev.skein.kernel..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.skein.kernel..", "java..", "org.slf4j..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void onlyTheStoreKnowsJdbcAndOnlyConnectorsKnowTheHttpClient() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.skein.store..", "dev.skein.testkit.postgres..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.sqlite..", "org.postgresql..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.skein.connectors..", "dev.skein.server.http..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.helidon..")
        .check(CLASSES);
  }

  @Test
  void onlyTheAccessToTheServerKnowsTokensOfOthers() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.skein.server.access..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.nimbusds..")
        .check(CLASSES);
  }

  @Test
  void onlyTheStoreOfSecretsKnowsTink() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.skein.runtime.secret..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.crypto..")
        .check(CLASSES);
  }

  @Test
  void kernelAndInterpreterReadNoClockChanceOrEnvironmentOfTheirOwn() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.skein.kernel..", "dev.skein.interpreter..")
        .and()
        .doNotHaveFullyQualifiedName("dev.skein.kernel.SystemClock")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .check(CLASSES);
  }

  @Test
  void journalEntriesAreRecordsAndStaticsAreFinal() {
    classes().that().implement(Entry.class).should().beRecords().check(CLASSES);
    fields().that().haveModifier(STATIC).should().haveModifier(FINAL).check(CLASSES);
  }

  @Test
  void noNameSaysNothing() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Helper|Util|Utils)(\\$.*)?")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarkedAndNoFileIsTooLong() throws IOException {
    var faults = new ArrayList<String>();
    Path root = Path.of("..").toAbsolutePath().normalize();
    for (Path file : sources(root, "main")) {
      long lines = Files.readString(file).lines().count();
      if (lines > 450) {
        faults.add(root.relativize(file) + " has " + lines + " lines: does it hide two ideas?");
      }
      Path marks = file.resolveSibling("package-info.java");
      if (!Files.exists(marks) || !Files.readString(marks).contains("@NullMarked")) {
        faults.add(root.relativize(file.getParent()) + " is not @NullMarked");
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void noTestSleeps() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    String sleep = "Thread" + ".sleep(";
    for (Path file : sources(root, "test")) {
      assertThat(Files.readString(file)).as(file.toString()).doesNotContain(sleep);
    }
  }

  private static List<Path> sources(Path root, String kind) throws IOException {
    var files = new ArrayList<Path>();
    for (String module : ARROWS.keySet()) {
      Path folder = root.resolve(module).resolve("src").resolve(kind).resolve("java");
      if (Files.exists(folder)) {
        try (Stream<Path> walk = Files.walk(folder)) {
          walk.filter(path -> path.toString().endsWith(".java")).forEach(files::add);
        }
      }
    }
    return files;
  }
}
