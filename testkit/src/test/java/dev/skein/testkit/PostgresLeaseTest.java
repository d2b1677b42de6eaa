package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import dev.skein.store.PostgresStore;
import dev.skein.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two nodes want the same run: exact orders of what they do. The first one's way to the database
/// can be frozen, as a process that is stopped or swapped out would be.
class PostgresLeaseTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long RUN = RunNumbers.firstAt(Instant.parse("2026-03-02T08:00:00Z"));

  private final PostgresServer server = PostgresServer.shared();
  private String url;
  private Wire wire;
  private PostgresStore first;

  @BeforeEach
  void open() throws Exception {
    url = server.newStore() + "&lease=PT0.5S";
    wire = new Wire(server.port());
    first = PostgresStore.open(wire.through(url));
    first.membership().join();
    first.commit(List.of(new Change.RunCreated(row("mine", RUN)), frame(1, "first")));
  }

  @AfterEach
  void close() {
    wire.thaw();
    first.close();
    wire.close();
  }

  private static RunRow row(String id, long number) {
    return new RunRow(
        number,
        id,
        new WorkflowRef("test", "flow", "1.0.0"),
        Instant.parse("2026-03-02T08:00:00Z"),
        3,
        null,
        new RunRow.Progress(RunStatus.RUNNING, null, null, "", 0));
  }

  private static Change frame(int sequence, String by) {
    return new Change.FrameAppended(RUN, sequence, Payload.of(by));
  }

  private static void isFenced(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.code()).isEqualTo(Code.FENCED));
  }

  /// Takes over what the other had once its lease has run out.
  private static List<RunRow> adopted(PostgresStore by) throws InterruptedException {
    var unowned = new CountDownLatch(1);
    long epoch = by.membership().join().epoch();
    by.membership()
        .listen(news -> {
          if (news.unowned()) {
            unowned.countDown();
          }
        });
    assertThat(unowned.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    return by.membership().adopt(epoch, 10);
  }

  @Test
  void aFrozenNodeCommitsNothingAfterItsSuccessorBegan() throws Exception {
    try (var second = PostgresStore.open(url)) {
      assertThat(second.membership().owns(RUN)).isFalse();
      wire.freeze();
      assertThat(adopted(second)).extracting(RunRow::id).containsExactly("mine");
      assertThat(second.membership().owns(RUN)).isTrue();
      wire.thaw();
      assertThatThrownBy(() -> first.commit(List.of(frame(2, "first"))))
          .satisfies(PostgresLeaseTest::isFenced);
      second.commit(List.of(frame(2, "second")));
      assertThat(second.frames(RUN, 1, 10))
          .containsExactly(Payload.of("first"), Payload.of("second"));
    }
  }

  @Test
  void aCommitThatWasUnderWayAllTheTimeIsRefusedWhenItArrivesAfterTheSuccessors() throws Exception {
    try (var second = PostgresStore.open(url)) {
      wire.fail(Wire.Fault.HOLD);
      var held = CompletableFuture.runAsync(() -> first.commit(List.of(frame(2, "first"))));
      wire.awaitFaults(1);
      wire.freeze();
      adopted(second);
      second.commit(List.of(frame(2, "second")));
      wire.thaw();
      assertThatThrownBy(held::join)
          .isInstanceOf(CompletionException.class)
          .satisfies(e -> isFenced(e.getCause()));
      assertThat(second.frames(RUN, 1, 10))
          .containsExactly(Payload.of("first"), Payload.of("second"));
    }
  }

  @Test
  void whoWasFencedJoinsAgainAndOwnsNothingOfWhatItHad() throws Exception {
    try (var second = PostgresStore.open(url)) {
      wire.freeze();
      adopted(second);
      wire.thaw();
      assertThatThrownBy(() -> first.commit(List.of(frame(2, "first"))))
          .satisfies(PostgresLeaseTest::isFenced);
      long again = first.membership().join().epoch();
      assertThat(first.membership().owns(RUN)).isFalse();
      assertThat(first.membership().adopt(again, 10)).isEmpty();
      first.commit(List.of(new Change.RunCreated(row("another", RUN + 1))));
      assertThat(first.membership().owns(RUN + 1)).isTrue();
    }
  }

  @Test
  void whatANodeLeavesIsTakenOverAtOnce() throws Exception {
    try (var second = PostgresStore.open(url)) {
      var told = new CompletableFuture<Long>();
      long epoch = second.membership().join().epoch();
      second
          .membership()
          .listen(news -> {
            if (news.unowned()) {
              told.complete(System.nanoTime());
            }
          });
      long left = System.nanoTime();
      first.membership().leave();
      long nanos = told.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) - left;
      assertThat(Duration.ofNanos(nanos)).isLessThan(Duration.ofSeconds(1));
      assertThat(second.membership().adopt(epoch, 10)).hasSize(1);
      assertThat(second.membership().adopt(epoch, 10)).isEmpty();
    }
  }

  @Test
  void aLeaseThatRanOutIsStillGoodIfNobodySawIt() throws Exception {
    wire.freeze();
    while (!hasRunOut()) {
      Thread.onSpinWait();
    }
    wire.thaw();
    first.commit(List.of(frame(2, "first")));
    assertThat(first.frames(RUN, 1, 10)).hasSize(2);
  }

  private boolean hasRunOut() throws SQLException {
    String schema = url.replaceAll(".*schema=(\\w+).*", "$1");
    try (Connection connection = server.database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT 1 FROM "
                    + schema
                    + ".node WHERE gone = 0 AND expires < clock_timestamp()")) {
      return rows.next();
    }
  }

  @Test
  void ofTwoThatStartTheSameIdAtOnceOneIsRefusedAndGoesOn() throws Exception {
    try (var second = PostgresStore.open(url);
        var threads = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 50; i++) {
        String id = "order-" + i;
        var codes = new ArrayList<Code>();
        for (Future<Code> one :
            threads.invokeAll(List.of(start(first, id, 10L + i), start(second, id, 100L + i)))) {
          codes.add(one.get());
        }
        assertThat(codes).containsExactlyInAnyOrder(null, Code.CONFLICT);
      }
    }
  }

  @Test
  void alsoAtTheTurnOfAWeekWhereTheirRunsLieInTwoPartitions() throws Exception {
    long monday = RunNumbers.firstAt(Instant.parse("2026-03-09T00:00:00Z"));
    try (var second = PostgresStore.open(url);
        var threads = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 50; i++) {
        String id = "order-" + i;
        var codes = new ArrayList<Code>();
        for (Future<Code> one :
            threads.invokeAll(
                List.of(
                    start(first, id, monday - 100 + i - RUN),
                    start(second, id, monday + i - RUN)))) {
          codes.add(one.get());
        }
        assertThat(codes).containsExactlyInAnyOrder(null, Code.CONFLICT);
      }
    }
  }

  private static Callable<Code> start(PostgresStore store, String id, long number) {
    return () -> {
      try {
        store.commit(List.of(new Change.RunCreated(row(id, RUN + number))));
        return null;
      } catch (StoreException e) {
        return e.code();
      }
    };
  }

  @Test
  void ofManyThatOpenANewStoreAtOnceEachHasASlotOfItsOwn() throws Exception {
    String fresh = server.newStore() + "&lease=PT1S";
    var opened = new ArrayList<PostgresStore>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      Callable<PostgresStore> open = () -> PostgresStore.open(fresh);
      for (Future<PostgresStore> one : threads.invokeAll(List.of(open, open, open, open))) {
        opened.add(one.get());
      }
    }
    assertThat(opened)
        .extracting(store -> store.membership().join().slot())
        .containsExactlyInAnyOrder(0, 1, 2, 3);
    opened.forEach(PostgresStore::close);
  }
}
