package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.Places;
import dev.skein.connectors.resilience.SharedPace;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.store.PostgresPlaces;
import dev.skein.store.PostgresStore;
import dev.skein.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Limits that the processes of a cluster share.
@Timeout(120)
class PostgresPlacesTest {
  private static final Duration SPACING = Duration.ofMillis(1);
  private static final Duration TOLERANCE = Duration.ofMillis(19);

  private final PostgresServer server = PostgresServer.shared();
  private String url;
  private PostgresStore store;

  @BeforeEach
  void open() throws Exception {
    url = server.newStore();
    store = PostgresStore.open(url);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /// As a node of a cluster sees them.
  private record Node(PostgresPlaces places) implements Places {
    @Override
    public boolean isShared() {
      return true;
    }

    @Override
    public Duration take(String limit, Policy.RateLimit rate, int count)
        throws InterruptedException {
      return places.take(limit, rate.spacing(), rate.tolerance(), count);
    }

    @Override
    public boolean tryTake(String limit, Policy.RateLimit rate) throws InterruptedException {
      return places.tryTake(limit, rate.spacing(), rate.tolerance());
    }

    @Override
    public void close() {
      places.close();
    }
  }

  @Test
  void tenNodesTogetherStayWithinTwoPercentOfTheLimitInAnySecond() throws Exception {
    var limit =
        new Policy.RateLimit(true, 1_000, Duration.ofSeconds(1), 10, Policy.RateLimit.OnLimit.WAIT);
    Queue<Long> gone = new ConcurrentLinkedQueue<>();
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    List<Node> nodes = new ArrayList<>();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      var node = new Node(PostgresPlaces.of(url));
      nodes.add(node);
      var pace = new SharedPace("pay", limit, node, Timeline.system());
      for (int j = 0; j < 30; j++) {
        callers.add(
            Thread.ofVirtual()
                .start(() -> {
                  while (System.nanoTime() < end && go(pace, gone)) {}
                }));
      }
    }
    for (Thread caller : callers) {
      caller.join();
    }
    nodes.forEach(Node::close);
    List<Long> times = gone.stream().sorted().toList();
    int most = 0;
    int from = 0;
    for (int to = 0; to < times.size(); to++) {
      while (times.get(to) - times.get(from) >= Duration.ofSeconds(1).toNanos()) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    assertThat(most).as("of %d calls", times.size()).isLessThanOrEqualTo(1_020);
    assertThat(times.size()).as("used, too").isGreaterThan(4_500);
  }

  private static boolean go(SharedPace pace, Queue<Long> gone) {
    try {
      Duration wait = pace.take();
      gone.add(System.nanoTime() + wait.toNanos());
      TimeUnit.NANOSECONDS.sleep(wait.toNanos());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void placesComeOneAfterTheOther() throws Exception {
    try (var places = PostgresPlaces.of(url)) {
      Duration spacing = Duration.ofMinutes(1);
      assertThat(places.take("slow", spacing, Duration.ZERO, 1)).isLessThanOrEqualTo(Duration.ZERO);
      assertThat(places.take("slow", spacing, Duration.ZERO, 2))
          .isBetween(Duration.ofSeconds(90), Duration.ofMinutes(2));
      assertThat(places.take("another", spacing, Duration.ZERO, 1))
          .isLessThanOrEqualTo(Duration.ZERO);
    }
  }

  @Test
  void aPlaceIsTakenOnTrialOnlyIfItIsFree() throws Exception {
    try (var places = PostgresPlaces.of(url)) {
      Duration spacing = Duration.ofMinutes(1);
      for (int i = 0; i < 3; i++) {
        assertThat(places.tryTake("slow", spacing, Duration.ofMinutes(2))).isTrue();
      }
      for (int i = 0; i < 3; i++) {
        assertThat(places.tryTake("slow", spacing, Duration.ofMinutes(2))).isFalse();
      }
      // those that were not free were not taken
      assertThat(places.take("slow", spacing, Duration.ofMinutes(2), 1))
          .isLessThan(Duration.ofMinutes(1));
    }
  }

  @Test
  void aDatabaseThatIsAwayIsToldAndComesBack() throws Exception {
    try (var wire = new Wire(server.port());
        var places = PostgresPlaces.of(wire.through(url))) {
      connectBoth(places);
      wire.drop();
      assertThat(places.take("pay", SPACING, TOLERANCE, 1)).isNull();
      assertThat(places.tryTake("pay", SPACING, TOLERANCE)).isFalse();
      connectBoth(places);
    }
  }

  private static void connectBoth(PostgresPlaces places) throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      assertThat(places.take("pay", SPACING, TOLERANCE, 1)).isNotNull();
    }
  }
}
