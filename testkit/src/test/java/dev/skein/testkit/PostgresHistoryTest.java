package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunFilter;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Migrations, and the weeks that history is kept in.
class PostgresHistoryTest {
  private static final WorkflowRef WORKFLOW = new WorkflowRef("shop", "checkout", "1.0.0");
  private static final Instant MONDAY = Instant.parse("2026-01-05T00:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Instant HORIZON = Instant.parse("2026-03-01T00:00:00Z");

  private final PostgresServer server = PostgresServer.shared();
  private String url;
  private PostgresStore store;

  @BeforeEach
  void open() {
    url = server.newStore();
    store = PostgresStore.open(url);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private String schema() {
    return url.replaceAll(".*schema=(\\w+).*", "$1");
  }

  private List<String> query(String sql) throws SQLException {
    var found = new ArrayList<String>();
    try (Connection connection = server.database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql.replace("@", schema() + "."))) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  private List<String> partitions(String table) throws SQLException {
    return query(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            + " WHERE i.inhparent = '@"
            + table
            + "'::regclass ORDER BY 1");
  }

  private static long week(int index) {
    return RunNumbers.firstAt(MONDAY.plus(WEEK.multipliedBy(index)).plusSeconds(5)) + 1;
  }

  private static RunRow.Progress ended() {
    return new RunRow.Progress(RunStatus.COMPLETED, MONDAY.plusSeconds(60), null, "", 0);
  }

  private static RunRow.Progress running() {
    return new RunRow.Progress(RunStatus.RUNNING, null, null, "", 0);
  }

  private static RunRow row(long number, RunRow.Progress progress, RunRow.@Nullable Parent parent) {
    String id = RunNumbers.id(number);
    return new RunRow(number, id, WORKFLOW, RunNumbers.startOf(number), 3, parent, progress);
  }

  private void add(RunRow run) {
    store.commit(
        List.of(
            new Change.RunCreated(run),
            new Change.FrameAppended(run.number(), 1, Payload.of("frame")),
            new Change.AttributesSet(run.number(), Map.of("a", "b"))));
  }

  private List<Long> numbers() {
    return store.runs(RunFilter.newest(100)).stream().map(RunRow::number).sorted().toList();
  }

  @Test
  void historyIsDroppedByWholeWeeksAndAnOpenRunKeepsItsOwn() throws Exception {
    add(row(week(0), ended(), null));
    add(row(week(1), running(), null));
    add(row(week(1) + 1, ended(), null));
    add(row(week(2), ended(), null));

    assertThat(store.dropHistory(HORIZON)).isEqualTo(2);
    assertThat(numbers()).containsExactly(week(1), week(1) + 1);
    assertThat(store.frames(week(0), 1, 10)).isEmpty();
    assertThat(store.attributes(week(2))).isEmpty();
    assertThat(store.frames(week(1), 1, 10)).containsExactly(Payload.of("frame"));
    assertThat(partitions("journal"))
        .contains("journal_20260112")
        .doesNotContain("journal_20260105", "journal_20260119");

    store.commit(List.of(new Change.RunProgressed(week(1), ended())));
    assertThat(store.dropHistory(HORIZON)).isEqualTo(1);
    assertThat(numbers()).isEmpty();
    add(row(week(1), ended(), null)); // a clock set back: the week is made again
    assertThat(numbers()).containsExactly(week(1));
  }

  @Test
  void historyStaysUntilTheLastRunOfItsWeekHasEndedBeforeTheHorizon() {
    add(row(week(0), ended(), null));
    var late = new RunRow.Progress(RunStatus.FAULTED, HORIZON.plusSeconds(1), null, "", 0);
    add(row(week(0) + 1, late, null));
    assertThat(store.dropHistory(HORIZON)).isZero();
    assertThat(store.dropHistory(HORIZON.plusSeconds(2))).isEqualTo(1);
  }

  @Test
  @Timeout(30)
  void aRetentionInTheAddressIsKeptToWithoutBeingAsked() {
    add(row(week(0), ended(), null));
    add(row(week(1), running(), null));
    store.close();
    store = PostgresStore.open(url + "&retention=P30D");
    while (numbers().size() > 1) {
      Thread.onSpinWait();
    }
    assertThat(numbers()).containsExactly(week(1));
  }

  @Test
  void theWeekThatTheHorizonLiesInStays() {
    add(row(week(0), ended(), null));
    assertThat(store.dropHistory(MONDAY.plus(WEEK).minusSeconds(1))).isZero();
    assertThat(store.dropHistory(MONDAY.plus(WEEK))).isEqualTo(1);
  }

  @Test
  void anOpenChildKeepsTheWeekOfItsParent() {
    add(row(week(0), ended(), null));
    add(row(week(3), running(), new RunRow.Parent(week(0), false)));
    assertThat(store.dropHistory(HORIZON)).isZero();
    assertThat(store.orphans(0, 10)).extracting(RunRow::number).containsExactly(week(3));
  }

  @Test
  void anIdIsTakenHoweverLongAgo() {
    var old = row(week(0), ended(), null);
    add(new RunRow(week(0), "mine", WORKFLOW, MONDAY, 3, null, old.progress()));
    var again = new RunRow(week(5), "mine", WORKFLOW, MONDAY, 3, null, running());
    assertThatThrownBy(() -> add(again))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT));
    assertThat(store.run("mine")).isNotNull().extracting(RunRow::number).isEqualTo(week(0));
    assertThat(store.frames(week(5), 1, 10)).isEmpty();
    add(row(week(5), running(), null));
    assertThat(numbers()).containsExactly(week(0), week(5));
  }

  @Test
  @Timeout(30)
  void partitionsAreThereBeforeTheyAreNeeded() throws Exception {
    for (List<String> there = List.of(); there.size() < 4; there = partitions("event_taken")) {
      Thread.onSpinWait();
    }
    String thisWeek =
        query("SELECT 'run_' || to_char(date_trunc('week', now() AT TIME ZONE 'UTC'), 'YYYYMMDD')")
            .getFirst();
    assertThat(partitions("run")).hasSize(4).first().isEqualTo(thisWeek);
  }

  @Test
  void openingAgainChangesNothing() throws Exception {
    add(row(week(0), ended(), null));
    String applied = "SELECT version || ' ' || at FROM @migration ORDER BY version";
    List<String> migrations = query(applied);
    store.close();
    store = PostgresStore.open(url);
    assertThat(numbers()).containsExactly(week(0));
    assertThat(query(applied)).isEqualTo(migrations);
  }

  @Test
  void aStoreOfANewerSkeinIsLeftAlone() {
    store.close();
    server.admin("INSERT INTO " + schema() + ".migration VALUES (99, now())");
    for (Runnable open :
        List.<Runnable>of(() -> PostgresStore.open(url), () -> PostgresStore.openToRead(url))) {
      assertThatThrownBy(open::run)
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.code()).isEqualTo(Code.UNREADABLE))
          .hasMessageContaining("newer Skein");
    }
  }

  @Test
  void aSchemaThatIsMissingAndMayNotBeMadeIsAskedFor() {
    String missing = server.url("nowhere");
    assertThatThrownBy(() -> PostgresStore.open(missing))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.code()).isEqualTo(Code.UNREADABLE))
        .hasMessageContaining("CREATE SCHEMA nowhere AUTHORIZATION");
    assertThatThrownBy(() -> PostgresStore.openToRead(missing))
        .hasMessageContaining("no Skein data");
  }

  @Test
  void anAddressWithoutSenseIsRefusedInASentence() {
    assertThatThrownBy(() -> PostgresStore.open("jdbc:mysql://x/y"))
        .hasMessageContaining("jdbc:postgresql://");
    assertThatThrownBy(() -> PostgresStore.open(url + "&schema=a;b"))
        .hasMessageContaining("a schema is named with");
    assertThatThrownBy(() -> PostgresStore.open(url + "&lease=soon"))
        .hasMessageContaining("lease is a duration like PT10S");
  }
}
