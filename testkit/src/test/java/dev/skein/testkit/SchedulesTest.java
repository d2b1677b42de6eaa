package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.testkit.Scheduled.Started;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Schedules in virtual time.
class SchedulesTest {
  private static final String IMMEDIATE = "do: [{one: {set: \"${ . }\"}}]";
  private static final String LASTS_90_SECONDS = "do: [{one: {wait: {seconds: 90}}}]";

  private static String workflow(String version, String schedule, String rules, String body) {
    return """
    document:
      dsl: 1.0.3
      namespace: shop
      name: nightly
      version: %s
      metadata: {skein: {schedule: {%s}}}
    schedule: {%s}
    %s
    """
        .formatted(version, rules, schedule, body);
  }

  private static String workflow(String schedule, String rules) {
    return workflow("1.0.0", schedule, rules, IMMEDIATE);
  }

  private static Scheduled world() {
    return new Scheduled(new MemoryStore());
  }

  // ---- making up for starts

  private static List<String> backfilled(Scheduled world, String to, boolean dry) {
    return world
        .schedules()
        .backfill("shop/nightly", Scheduled.BEGIN, Instant.parse(to), dry)
        .stream()
        .map(start -> start.due().toString().substring(11) + (start.was() ? " was there" : ""))
        .toList();
  }

  @Test
  void whatWasNotStartedIsMadeUpForOnce() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("every: PT1M", ""));
      world.pass("PT1M30S");
      world.schedules().pause("shop/nightly");
      world.pass("PT3M");
      String future = "2026-01-02T00:00:00Z";
      assertThat(backfilled(world, future, true))
          .containsExactly("00:01:00Z was there", "00:02:00Z", "00:03:00Z", "00:04:00Z");
      assertThat(world.runs()).hasSize(1);
      assertThat(backfilled(world, "2026-01-01T00:03:00Z", false))
          .containsExactly("00:01:00Z was there", "00:02:00Z", "00:03:00Z");
      world.quiet();
      assertThat(world.runs())
          .extracting(Started::id)
          .containsExactly(
              "shop-nightly-20260101T000100Z",
              "shop-nightly-20260101T000200Z",
              "shop-nightly-20260101T000300Z");
      assertThat(backfilled(world, "2026-01-01T00:03:00Z", false))
          .allMatch(start -> start.endsWith("was there"));
      world.schedules().resume("shop/nightly");
      world.pass("PT1M");
      assertThat(world.runs())
          .last()
          .extracting(Started::id)
          .isEqualTo("shop-nightly-20260101T000500Z");
    }
  }

  @Test
  void tooManyStartsAndThoseThatTimeAloneDoesNotDecideAreRefused() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("every: PT1M", ""));
      world.schedules().pause("shop/nightly");
      world.pass("PT20H");
      assertThatThrownBy(() -> backfilled(world, "2026-01-02T00:00:00Z", true))
          .hasMessage("more than 1,000 starts lie between these times; take a shorter time");
      assertThat(world.schedules().backfill("shop/none", Scheduled.BEGIN, world.now(), true))
          .isNull();
      world.deploy(workflow("2.0.0", "after: PT1M", "", IMMEDIATE));
      assertThatThrownBy(() -> backfilled(world, "2026-01-02T00:00:00Z", true))
          .hasMessageStartingWith("only a schedule of 'every' or 'cron'");
    }
  }

  // ---- every

  @Test
  void everyStartsFromTheDeploymentOnWithoutDrift() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("every: PT1M", ""));
      world.pass("PT3M30S");
      assertThat(world.runs())
          .extracting(Started::id, Started::at, Started::input, Started::status)
          .containsExactly(
              started("shop-nightly-20260101T000100Z", "2026-01-01T00:01:00Z"),
              started("shop-nightly-20260101T000200Z", "2026-01-01T00:02:00Z"),
              started("shop-nightly-20260101T000300Z", "2026-01-01T00:03:00Z"));
      assertThat(world.row().next()).isEqualTo("2026-01-01T00:04:00Z");
      assertThat(world.row().lastRun()).isEqualTo("shop-nightly-20260101T000300Z");
    }
  }

  private static org.assertj.core.groups.Tuple started(String id, String at) {
    return new org.assertj.core.groups.Tuple(id, at, "{}", "completed");
  }

  @Test
  void everyKeepsToItsBeatOverARestart() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("every: PT1M", ""));
      world.pass("PT1M20S");
      world.down("PT10S");
      world.pass("PT1M");
      assertThat(world.times()).containsExactly("2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z");
    }
  }

  // ---- cron

  @Test
  void cronFollowsTheClocksOfItsZoneIntoSummerAndBack() throws Exception {
    var march = new Scheduled(new MemoryStore(), Instant.parse("2026-03-28T12:00:00Z"));
    var october = new Scheduled(new MemoryStore(), Instant.parse("2026-10-24T12:00:00Z"));
    try (march;
        october) {
      String nightly = workflow("cron: '30 3 * * *'", "timezone: Europe/Berlin");
      march.deploy(nightly);
      march.pass("P2D");
      october.deploy(nightly);
      october.pass("P2D");
      assertThat(march.times()).containsExactly("2026-03-29T01:30:00Z", "2026-03-30T01:30:00Z");
      assertThat(october.times()).containsExactly("2026-10-25T02:30:00Z", "2026-10-26T02:30:00Z");
    }
  }

  @Test
  void anHourThatTheClocksShowTwiceCountsOnce() throws Exception {
    try (var world = new Scheduled(new MemoryStore(), Instant.parse("2026-10-24T12:00:00Z"))) {
      world.deploy(workflow("cron: '30 2 * * *'", "timezone: Europe/Berlin"));
      world.pass("P2D");
      assertThat(world.times()).hasSize(2).last().isEqualTo("2026-10-26T01:30:00Z");
    }
  }

  // ---- after

  @Test
  void afterCountsFromTheEndOfTheRunBefore() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("1.0.0", "after: PT1M", "", LASTS_90_SECONDS));
      world.pass("PT6M10S");
      assertThat(world.times())
          .containsExactly("2026-01-01T00:01:00Z", "2026-01-01T00:03:30Z", "2026-01-01T00:06:00Z");
    }
  }

  @Test
  void afterGoesOnWhenTheRunBeforeFailedOrEndedWhileNobodyLooked() throws Exception {
    try (var world = world()) {
      world.deploy(
          workflow(
              "1.0.0",
              "after: PT1M",
              "",
              "do: [{one: {wait: {seconds: 90}}}, {two: {raise: {error:"
                  + " {type: 'https://x.test/e', status: 400}}}}]"));
      world.pass("PT2M");
      world.down("PT10M");
      world.pass("PT2M");
      assertThat(world.times()).containsExactly("2026-01-01T00:01:00Z", "2026-01-01T00:13:00Z");
      assertThat(world.runs().getFirst().status()).isEqualTo("faulted");
    }
  }

  // ---- overlap

  @ParameterizedTest
  @CsvSource({"allow, 1 2 3 4 5", "skip, 1 3 5", "queue, 1 2.5 4"})
  void overlap(String rule, String minutes) throws Exception {
    try (var world = world()) {
      world.deploy(workflow("1.0.0", "every: PT1M", "overlap: " + rule, LASTS_90_SECONDS));
      world.pass("PT5M10S");
      assertThat(world.times()).isEqualTo(atMinutes(minutes));
      world.down("PT1S");
      world.pass("PT10S");
      assertThat(world.times()).isEqualTo(atMinutes(minutes));
    }
  }

  private static List<String> atMinutes(String minutes) {
    return List.of(minutes.split(" ")).stream()
        .map(m -> Scheduled.BEGIN.plusSeconds((long) (Double.parseDouble(m) * 60)).toString())
        .toList();
  }

  @Test
  void whatWaitsInTheQueueKeepsItsPlaceOverARestart() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("1.0.0", "every: PT1M", "overlap: queue", LASTS_90_SECONDS));
      world.pass("PT2M10S");
      world.down("PT1S");
      world.pass("PT1M");
      assertThat(world.runs())
          .extracting(Started::id)
          .containsExactly("shop-nightly-20260101T000100Z", "shop-nightly-20260101T000200Z");
      assertThat(world.times().getLast()).isEqualTo("2026-01-01T00:02:30Z");
    }
  }

  // ---- catching up

  @ParameterizedTest
  @CsvSource({"none, 1 13", "one, 1 12.5 13", "all, 1 12.5*11 13"})
  void catchUp(String rule, String minutes) throws Exception {
    try (var world = world()) {
      world.deploy(workflow("every: PT1M", "catchUp: " + rule));
      world.pass("PT1M30S");
      world.down("PT11M");
      world.pass("PT1M");
      String expected = minutes.replace("12.5*11", "12.5 ".repeat(11).strip());
      assertThat(world.times()).isEqualTo(atMinutes(expected));
    }
  }

  @Test
  void whatIsMadeUpForIsNamedAfterTheTimesThatWereMissedOldestFirst() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("every: PT1M", "catchUp: all"));
      world.down("PT2M30S");
      world.pass("PT1S");
      assertThat(world.runs())
          .extracting(Started::id)
          .containsExactly("shop-nightly-20260101T000100Z", "shop-nightly-20260101T000200Z");
    }
  }

  @Test
  void aYearOfMissedMinutesIsMadeUpForByAThousandAtMost() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("cron: '* * * * *'", "catchUp: all"));
      world.down("P365D");
      world.pass("PT1S");
      assertThat(world.runs()).hasSize(1_000);
      assertThat(world.row().next()).isEqualTo("2027-01-01T00:01:00Z");
    }
  }

  // ---- jitter

  @Test
  void jitterMakesStartsLateByUpToThatAndDoesNotMoveTheBeat() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("every: PT1M", "jitter: PT30S"));
      world.pass("PT20M40S");
      List<Long> late = new ArrayList<>();
      for (int i = 0; i < world.times().size(); i++) {
        Instant due = Scheduled.BEGIN.plusSeconds(60L * (i + 1));
        late.add(due.until(Instant.parse(world.times().get(i))).toMillis());
      }
      assertThat(late).hasSize(20).allMatch(ms -> ms >= 0 && ms <= 30_000);
      assertThat(late.stream().distinct()).hasSizeGreaterThan(15);
    }
  }

  // ---- versions, pausing

  @Test
  void aNewVersionTakesTheScheduleOver() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("every: PT1M", ""));
      world.pass("PT1M30S");
      world.deploy(workflow("1.1.0", "every: PT2M", "", IMMEDIATE));
      world.pass("PT4M30S");
      assertThat(world.times()).isEqualTo(atMinutes("1 3.5 5.5"));
    }
  }

  @Test
  void aNewVersionWithoutAScheduleEndsIt() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("every: PT1M", ""));
      world.pass("PT1M30S");
      world.deploy(
          "document: {dsl: 1.0.3, namespace: shop, name: nightly, version: 1.1.0}\n" + IMMEDIATE);
      world.pass("PT10M");
      world.down("PT10M");
      world.pass("PT10M");
      assertThat(world.times()).isEqualTo(atMinutes("1"));
    }
  }

  @Test
  void aPausedScheduleDropsWhatComesDueAlsoOverARestart() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("every: PT1M", "catchUp: all"));
      world.pass("PT1M10S");
      assertThat(world.schedules().pause("shop/nightly")).isTrue();
      world.pass("PT2M");
      world.down("PT2M");
      world.pass("PT1M");
      assertThat(world.schedules().resume("shop/nightly")).isTrue();
      world.pass("PT1M");
      assertThat(world.times()).isEqualTo(atMinutes("1 7"));
      assertThat(world.schedules().pause("shop/other")).isFalse();
    }
  }

  // ---- events

  private static String event(int id, String type, String order) {
    return """
    {"id": "%d", "source": "/test", "type": "%s", "data": {"order": "%s", "n": %d}}
    """
        .formatted(id, type, order, id);
  }

  @Test
  void eachEventStartsARunWithIt() throws Exception {
    try (var world = world()) {
      world.deploy(workflow("on: {one: {with: {type: paid}}}", ""));
      world.publish(event(1, "paid", "a"));
      world.publish(event(2, "other", "a"));
      world.publish(event(3, "paid", "b"));
      world.publish(event(3, "paid", "b"));
      world.pass("PT1S");
      assertThat(world.inputs())
          .containsExactly("[{\"order\":\"a\",\"n\":1}]", "[{\"order\":\"b\",\"n\":3}]");
    }
  }

  @Test
  void eventsFromBeforeTheDeploymentStartNothing() throws Exception {
    try (var world = world()) {
      world.publish(event(1, "paid", "a"));
      world.deploy(workflow("on: {one: {with: {type: paid}}}", ""));
      world.down("PT1S");
      world.pass("PT1S");
      assertThat(world.runs()).isEmpty();
    }
  }

  private static final String ALL_OF_AN_ORDER =
      """
      on: {all: [
        {with: {type: paid}, correlate: {order: {from: .data.order}}},
        {with: {type: packed}, correlate: {order: {from: .data.order}}}]}\
      """;

  @Test
  void mixedEventsFindTheOthersOfTheirOrderAlsoOverRestarts() throws Exception {
    try (var world = world()) {
      world.deploy(workflow(ALL_OF_AN_ORDER.replace("\n", " "), ""));
      world.publish(event(1, "paid", "a"));
      world.publish(event(2, "paid", "b"));
      world.pass("PT1S");
      world.down("PT1S");
      world.publish(event(3, "packed", "b"));
      world.pass("PT1S");
      world.down("PT1S");
      world.publish(event(4, "packed", "a"));
      world.pass("PT1S");
      assertThat(world.inputs())
          .containsExactly(
              "[{\"order\":\"b\",\"n\":2},{\"order\":\"b\",\"n\":3}]",
              "[{\"order\":\"a\",\"n\":1},{\"order\":\"a\",\"n\":4}]");
    }
  }

  @Test
  void anyUntilGathersAsManyAsTheConditionWants() throws Exception {
    try (var world = world()) {
      world.deploy(
          workflow("on: {any: [{with: {type: paid}}], until: '${ length == 3 }'}, read: raw", ""));
      IntStream.rangeClosed(1, 7)
          .forEach(i ->
              world.publish(
                  "{\"id\":\""
                      + i
                      + "\",\"source\":\"/t\",\"type\":\"paid\","
                      + "\"data\":"
                      + i
                      + "}"));
      world.pass("PT1S");
      assertThat(world.inputs()).containsExactly("[\"1\",\"2\",\"3\"]", "[\"4\",\"5\",\"6\"]");
    }
  }

  @Test
  void anyUntilAnEventStartsWithWhatCameBefore() throws Exception {
    try (var world = world()) {
      world.deploy(
          workflow("on: {any: [{with: {type: paid}}], until: {one: {with: {type: closed}}}}", ""));
      world.publish(event(1, "closed", "a"));
      world.publish(event(2, "paid", "a"));
      world.publish(event(3, "paid", "b"));
      world.publish(event(4, "closed", "a"));
      world.publish(event(5, "paid", "c"));
      world.pass("PT1S");
      assertThat(world.inputs())
          .containsExactly("[{\"order\":\"a\",\"n\":2},{\"order\":\"b\",\"n\":3}]");
    }
  }

  @Test
  void eventsQueueBehindTheRunUnderWay() throws Exception {
    try (var world = world()) {
      world.deploy(
          workflow("1.0.0", "on: {one: {with: {type: paid}}}", "overlap: queue", LASTS_90_SECONDS));
      world.publish(event(1, "paid", "a"));
      world.publish(event(2, "paid", "b"));
      world.publish(event(3, "paid", "c"));
      world.pass("PT1M");
      world.down("PT1S");
      world.pass("PT4M");
      assertThat(world.times()).isEqualTo(atMinutes("0 1.5 3"));
      assertThat(world.inputs()).last().isEqualTo("[{\"order\":\"c\",\"n\":3}]");
    }
  }

  // ---- crashes

  @ParameterizedTest
  @Seeds(40)
  void whereverItDiesNoStartIsLostOrDoubled(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    var store = new MemoryStore();
    var world = new Scheduled(store);
    world.deploy(workflow("every: PT1M", "catchUp: all"));
    world.deploy(
        workflow(ALL_OF_AN_ORDER.replace("\n", " "), "").replace("name: nightly", "name: orders"));
    for (int i = 1; i <= 20; i++) {
      store.failAfter(random.nextInt(1, 6));
      try {
        world.publish(event(i, random.nextBoolean() ? "paid" : "packed", "o" + i % 3));
      } catch (RuntimeException e) {
        assertThat(world.engine().failed()).isTrue();
      }
      world.passTo(Scheduled.BEGIN.plusSeconds(45L * i));
      world.close();
      store.failAfter(Long.MAX_VALUE / 2);
      world.open();
    }
    world.passTo(Scheduled.BEGIN.plusSeconds(45L * 20 + 1));
    List<Started> runs = world.runs();
    world.close();
    assertThat(runs)
        .filteredOn(run -> run.id().contains("nightly"))
        .extracting(Started::id)
        .isEqualTo(
            IntStream.rangeClosed(1, 15)
                .mapToObj(m -> "shop-nightly-20260101T00%02d00Z".formatted(m))
                .toList());
    assertThat(runs)
        .filteredOn(run -> run.id().contains("orders"))
        .extracting(Started::input)
        .doesNotHaveDuplicates()
        .hasSize(pairs(store));
  }

  /// How many orders have both, by a count of the events themselves.
  private static int pairs(MemoryStore store) {
    int pairs = 0;
    for (int order = 0; order < 3; order++) {
      String wanted = "\"order\":\"o" + order + "\"";
      long paid = count(store, "paid", wanted);
      long packed = count(store, "packed", wanted);
      pairs += (int) Math.min(paid, packed);
    }
    return pairs;
  }

  private static long count(MemoryStore store, String type, String wanted) {
    return store.events(0, 1_000).stream()
        .filter(e -> e.type().equals(type) && e.payload().text().contains(wanted))
        .count();
  }
}
