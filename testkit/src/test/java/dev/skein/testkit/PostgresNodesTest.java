package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Node;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.store.PostgresStore;
import dev.skein.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What a store on PostgreSQL tells of the nodes that share it.
class PostgresNodesTest {
  private static final Instant BEGUN = Instant.parse("2026-03-02T08:00:00Z");
  private static final long RUN = RunNumbers.firstAt(BEGUN);
  private static final Node.Condition CONDITION =
      new Node.Condition(Duration.ofMillis(2), Duration.ofMillis(7), 3);

  private final String url = PostgresServer.shared().newStore();

  private static Change run(long number, RunStatus status) {
    var progress = new RunRow.Progress(status, null, null, "", 0);
    var workflow = new WorkflowRef("test", "flow", "1.0.0");
    return new Change.RunCreated(
        new RunRow(number, "run-" + number, workflow, BEGUN, 3, null, progress));
  }

  @Test
  void eachNodeTellsHowItIsWithItsLease() throws Exception {
    try (var first = PostgresStore.open(url);
        var second = PostgresStore.open(url)) {
      long older = first.membership().join().epoch();
      long younger = second.membership().join().epoch();
      first.commit(List.of(run(RUN, RunStatus.RUNNING), run(RUN + 1, RunStatus.WAITING)));
      var beaten = new CountDownLatch(1);
      first.membership().describe(() -> CONDITION);
      first.membership().listen(_ -> beaten.countDown());
      assertThat(beaten.await(20, TimeUnit.SECONDS)).isTrue();

      List<Node> nodes = second.nodes();

      assertThat(nodes).extracting(Node::epoch).containsExactly(older, younger);
      assertThat(nodes).extracting(Node::alive).containsExactly(true, true);
      assertThat(nodes).extracting(Node::leads).containsExactly(true, false);
      assertThat(nodes).extracting(Node::condition).containsExactly(CONDITION, null);
      assertThat(nodes.getFirst().open())
          .isEqualTo(Map.of(RunStatus.RUNNING, 1L, RunStatus.WAITING, 1L));
      assertThat(nodes.getFirst().leaseExpiresAt()).isAfter(nodes.getFirst().startedAt());
      assertThat(second.owner(RUN)).isEqualTo(nodes.getFirst().name());
    }
  }

  @Test
  void aNodeThatHasLeftIsShownAsGoneAndOwnsNothing() {
    try (var first = PostgresStore.open(url);
        var second = PostgresStore.open(url)) {
      first.membership().join();
      first.commit(List.of(run(RUN, RunStatus.RUNNING)));
      first.membership().leave();

      assertThat(second.nodes()).extracting(Node::alive).containsExactly(true, false);
      assertThat(second.nodes()).extracting(Node::leads).containsExactly(true, false);
      assertThat(second.owner(RUN)).isNull();
    }
  }
}
