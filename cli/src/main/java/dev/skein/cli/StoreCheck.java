package dev.skein.cli;

import static dev.skein.cli.Finding.ok;
import static dev.skein.cli.Finding.problem;
import static dev.skein.cli.Finding.warning;
import static dev.skein.cli.ProjectCheck.counted;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import dev.skein.runtime.Location;
import dev.skein.runtime.Looking;
import dev.skein.store.StoreCondition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Looks at the store and at what is in it: its tables, its clock, problems of runs, runs that
/// stand still.
final class StoreCheck {
  private static final Duration CLOCKS_MAY_DIFFER = Duration.ofSeconds(5);
  private static final Duration MAY_BE_LATE = Duration.ofMinutes(1);
  private static final int NEWEST_RUNS = 100;
  private static final int MOST_COUNTED = 1_000;

  private final Location location;
  private final InstantSource clock;

  /// @param clock the system's
  StoreCheck(DataOption data, InstantSource clock) {
    this.location = data.location();
    this.clock = clock;
  }

  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    try {
      StoreCondition condition = location.condition();
      Finding store = store(condition);
      findings.add(store);
      if (condition.time() != null) {
        findings.add(databaseClock(condition.time()));
      }
      if (store.state() == Finding.State.OK && condition.version() == condition.known()) {
        look(findings);
      }
    } catch (StoreException e) {
      findings.add(problem("store", Failures.sentence(e), advice(e.code())));
    }
    return findings;
  }

  private static String advice(StoreException.Code code) {
    return switch (code) {
      case DAMAGED -> "put back a copy of the data; keep what is there until then";
      case FULL -> "free some space on its disk";
      case IN_USE, UNREADABLE, CONFLICT, FENCED, CLOSED, FAILED ->
          "check --store and --data, who may use them, and for a database that it runs";
    };
  }

  private static Finding store(StoreCondition condition) {
    if (!condition.lacks().isEmpty()) {
      return problem(
          "store",
          "the database lacks " + String.join(", and ", condition.lacks()),
          "let an administrator give it; docs/operations.md says what a role needs");
    }
    int version = condition.version();
    int known = condition.known();
    if (version > known) {
      return problem(
          "store",
          "a newer Skein wrote it (version %d, this one knows %d)".formatted(version, known),
          "use that Skein");
    }
    if (version == 0) {
      return ok("store", "there is nothing in it yet; the first run or server makes its tables");
    }
    return version < known
        ? warning(
            "store",
            "an older Skein wrote it (version %d of %d)".formatted(version, known),
            "it is brought to the newest version when it is opened for work: make a copy before")
        : ok("store", "it can be read, and its version " + version + " is the newest");
  }

  private void look(List<Finding> findings) {
    try (Looking looking = Looking.at(location)) {
      findings.add(journalClock(looking));
      findings.add(incidents(looking.incidents(MOST_COUNTED)));
      findings.add(runs(looking));
    }
  }

  /// Nodes go by the database's clock; only the times in journals are the system's.
  private Finding databaseClock(Instant database) {
    Duration apart = Duration.between(database, clock.instant());
    return apart.abs().compareTo(CLOCKS_MAY_DIFFER) > 0
        ? warning(
            "clock",
            "this machine's clock and the database's are %d s apart"
                .formatted(apart.abs().toSeconds()),
            "have both set by a time server (NTP)")
        : ok("clock", "this machine's clock agrees with the database's");
  }

  private Finding journalClock(Looking looking) {
    Instant now = clock.instant();
    Instant newest =
        looking.list(RunFilter.newest(NEWEST_RUNS)).stream()
            .flatMap(StoreCheck::times)
            .max(Instant::compareTo)
            .orElse(now);
    return newest.isAfter(now.plus(CLOCKS_MAY_DIFFER))
        ? problem(
            "journal",
            "runs have times that are still to come, up to %s: the clock was set back"
                .formatted(newest),
            "have the clock set by a time server (NTP); timers come late until then")
        : ok("journal", "no run has a time that is still to come");
  }

  private static Stream<Instant> times(RunRow run) {
    return Stream.of(run.startedAt(), run.progress().endedAt()).filter(Objects::nonNull);
  }

  private static Finding incidents(List<Incident> open) {
    return open.isEmpty()
        ? ok("incidents", "no run needs anybody")
        : warning(
            "incidents",
            "%s of runs need somebody, the newest: %s"
                .formatted(counted(open.size(), "problem"), open.getFirst().summary()),
            "'skein incidents' lists them");
  }

  private Finding runs(Looking looking) {
    List<String> overdue = looking.overdue(clock.instant().minus(MAY_BE_LATE), MOST_COUNTED);
    if (!overdue.isEmpty()) {
      return warning(
          "runs",
          "%s should have gone on more than a minute ago, such as %s"
              .formatted(counted(overdue.size(), "run"), overdue.getFirst()),
          "start 'skein serve' if nobody serves the data; 'skein why RUN' says what each waits for");
    }
    Map<RunStatus, Long> open = looking.openRuns();
    long suspended = open.getOrDefault(RunStatus.SUSPENDED, 0L);
    return suspended > 0
        ? warning(
            "runs",
            counted(suspended, "run") + " stand still until somebody resumes them",
            "'skein ps --status suspended' lists them, 'skein why RUN' says why")
        : ok("runs", counted(open.values().stream().mapToLong(n -> n).sum(), "open run"));
  }
}
