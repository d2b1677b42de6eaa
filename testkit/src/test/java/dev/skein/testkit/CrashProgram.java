package dev.skein.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.SYNC;

import dev.skein.kernel.Branch;
import dev.skein.kernel.Compensation;
import dev.skein.kernel.Context;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Fault;
import dev.skein.kernel.RetryPolicy;
import dev.skein.kernel.SagaRules;
import dev.skein.kernel.StepOptions;
import dev.skein.kernel.SystemClock;
import dev.skein.kernel.Work.Attempt;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Store;
import dev.skein.store.PostgresStore;
import dev.skein.store.PostgresUrl;
import dev.skein.store.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A workflow with sequence, fork, retry, timer and saga, and a process that runs it until it is
/// killed around a given commit.
final class CrashProgram implements Workflow {
  static final WorkflowRef REF = new WorkflowRef("test", "crash", "1.0.0");

  private final Path ledger;

  CrashProgram(Path ledger) {
    this.ledger = ledger;
  }

  /// The store at a place: a data directory, or an address of PostgreSQL.
  static Store open(String place) {
    return PostgresUrl.fits(place) ? PostgresStore.open(place) : SqliteStore.open(Path.of(place));
  }

  /// The same, only to look.
  static Store look(String place) {
    return PostgresUrl.fits(place)
        ? PostgresStore.openToRead(place)
        : SqliteStore.openToRead(Path.of(place));
  }

  /// @param arguments place of the store, ledger file, number of the commit, side of it
  public static void main(String[] arguments) throws Exception {
    Store store =
        CrashingStore.around(
            open(arguments[0]),
            Integer.parseInt(arguments[2]),
            CrashingStore.Side.valueOf(arguments[3]));
    live(store, Path.of(arguments[1]));
  }

  static void live(Store store, Path ledger) throws InterruptedException {
    var program = new CrashProgram(ledger);
    try (store;
        var clock = new SystemClock();
        var engine = new Engine(store, clock, _ -> program, EngineOptions.DEFAULT)) {
      engine.start(new Engine.Start(REF, Payload.of("in"), "r", 3));
      engine.await("r", Duration.ofSeconds(30));
    }
  }

  @Override
  public Payload run(Context context, Payload input) throws Exception {
    var result = new StringBuilder(input.text());
    result.append(step(context, "a", 0));
    result.append(step(context, "flaky", 2));
    List<String> branches =
        context.fork(
            "fork",
            3,
            List.of(
                new Branch<>("x", at -> step(at, "one", 0) + step(at, "two", 0)),
                new Branch<>("y", at -> step(at, "one", 1)),
                new Branch<>("z", at -> step(at, "one", 0) + step(at, "two", 0))));
    result.append(branches);
    context.sleep("nap", Duration.ofMillis(30));
    Context saga = context.scope("saga");
    try {
      step(saga, "book", 0);
      step(saga, "charge", 0);
      throw new Fault(new Failure("test:no", "no"));
    } catch (Fault fault) {
      saga.undo(SagaRules.Order.REVERSE);
      result.append("undone");
    }
    result.append(step(context, "last", 0));
    return Payload.of(result.toString());
  }

  private String step(Context at, String name, int failures) {
    var undo =
        new Compensation(
            name, Payload.EMPTY, null, (in, _) -> in.step("undo", attempt -> effect(attempt, -1)));
    var retry = new RetryPolicy(5, Duration.ofMillis(5), 2, Duration.ofMillis(20));
    return at.step(
            name,
            StepOptions.DEFAULT.retry(retry).compensation(undo),
            attempt -> {
              if (attempt.number() <= failures) {
                throw new Fault(new Failure("test:flaky", "flaky"));
              }
              return effect(attempt, 1);
            })
        .text();
  }

  private Payload effect(Attempt attempt, int amount) throws IOException {
    String line = attempt.idempotencyKey() + " " + amount + "\n";
    synchronized (this) {
      Files.write(ledger, line.getBytes(UTF_8), CREATE, APPEND, SYNC);
    }
    return Payload.of("+" + attempt.idempotencyKey());
  }
}
