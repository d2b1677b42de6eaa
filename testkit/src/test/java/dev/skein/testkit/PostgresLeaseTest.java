package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import dev.skein.store.PostgresStore;
import dev.skein.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two processes want the same store: exact orders of what they do. The first one's way to the
/// database can be frozen, as a process that is stopped or swapped out would be.
class PostgresLeaseTest {
  private final PostgresServer server = PostgresServer.shared();
  private String url;
  private Wire wire;
  private PostgresStore first;

  @BeforeEach
  void open() throws Exception {
    url = server.newStore() + "&lease=PT0.5S";
    wire = new Wire(server.port());
    first = PostgresStore.open(wire.through(url));
    first.commit(List.of(frame(1, "first")));
  }

  @AfterEach
  void close() {
    wire.thaw();
    first.close();
    wire.close();
  }

  private static Change frame(int sequence, String by) {
    return new Change.FrameAppended(1, sequence, Payload.of(by));
  }

  private static void isFenced(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.code()).isEqualTo(Code.FENCED));
  }

  @Test
  void aFrozenProcessCommitsNothingAfterItsSuccessorBegan() {
    wire.freeze();
    try (var second = PostgresStore.open(url)) {
      wire.thaw();
      assertThatThrownBy(() -> first.commit(List.of(frame(2, "first"))))
          .satisfies(PostgresLeaseTest::isFenced);
      second.commit(List.of(frame(2, "second")));
      assertThat(second.frames(1, 1, 10))
          .containsExactly(Payload.of("first"), Payload.of("second"));
    }
  }

  @Test
  void aCommitThatWasUnderWayAllTheTimeIsRefusedWhenItArrivesAfterTheSuccessors() throws Exception {
    wire.fail(Wire.Fault.HOLD);
    var held = CompletableFuture.runAsync(() -> first.commit(List.of(frame(2, "first"))));
    wire.awaitFaults(1);
    try (var second = PostgresStore.open(url)) {
      second.commit(List.of(frame(2, "second")));
      wire.thaw();
      assertThatThrownBy(held::join)
          .isInstanceOf(CompletionException.class)
          .satisfies(e -> isFenced(e.getCause()));
      assertThat(second.frames(1, 1, 10))
          .containsExactly(Payload.of("first"), Payload.of("second"));
    }
  }

  @Test
  void itsSuccessorIsHeldUpByNoneOfItsOwnMistakes() {
    wire.freeze();
    try (var second = PostgresStore.open(url)) {
      second.commit(List.of(frame(2, "second")));
    }
    try (var third = PostgresStore.open(url)) { // let go, not run out
      third.commit(List.of(frame(3, "third")));
      assertThat(third.frames(1, 1, 10)).hasSize(3);
    }
  }

  @Test
  void aLeaseThatRanOutIsStillGoodIfNobodyTookIt() throws Exception {
    wire.freeze();
    while (!hasRunOut()) {
      Thread.onSpinWait();
    }
    wire.thaw();
    first.commit(List.of(frame(2, "first")));
    assertThat(first.frames(1, 1, 10)).hasSize(2);
  }

  private boolean hasRunOut() throws SQLException {
    String schema = url.replaceAll(".*schema=(\\w+).*", "$1");
    try (Connection connection = server.database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT 1 FROM " + schema + ".node WHERE expires < clock_timestamp()")) {
      return rows.next();
    }
  }

  @Test
  void ofManyThatOpenANewStoreAtOnceOneHasIt() throws Exception {
    String fresh = server.newStore() + "&lease=PT1S";
    var opened = new ArrayList<PostgresStore>();
    var refused = new ArrayList<Code>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      Callable<PostgresStore> open = () -> PostgresStore.open(fresh);
      for (Future<PostgresStore> one : threads.invokeAll(List.of(open, open, open, open))) {
        switch (one.state()) {
          case SUCCESS -> opened.add(one.resultNow());
          default -> refused.add(((StoreException) one.exceptionNow()).code());
        }
      }
    }
    assertThat(opened).hasSize(1);
    assertThat(refused).containsOnly(Code.IN_USE).hasSize(3);
    opened.getFirst().commit(List.of(frame(1, "one")));
    opened.getFirst().close();
  }
}
