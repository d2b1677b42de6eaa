package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.interpreter.Json;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.supervision.alert.AlertRule;
import dev.skein.supervision.alert.AlertRule.Judgement;
import dev.skein.supervision.alert.AlertRule.Severity;
import dev.skein.supervision.alert.Alerts;
import dev.skein.supervision.alert.UnknownAlert;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Alerts in virtual time, on an engine that may be closed and opened again.
class AlertsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final JsonNode OPS = Json.NODES.objectNode().put("webhook", "http://ops");
  private static final JsonNode PAGER = Json.NODES.objectNode().put("command", "page");

  private final MemoryStore store = new MemoryStore();
  private final VirtualClock clock = new VirtualClock(BEGIN);

  /// `state to channel at seconds`, as they got through.
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private volatile int level;
  private volatile boolean deaf;
  private List<AlertRule> rules = List.of(rule("high", Duration.ofMinutes(1), null, false));
  private @Nullable Engine engine;
  private @Nullable Alerts alerts;

  private static AlertRule rule(
      String name, Duration holding, @Nullable Duration repeat, boolean eachNode) {
    return new AlertRule(
        name,
        Severity.CRITICAL,
        holding,
        Duration.ofMinutes(5),
        repeat,
        eachNode,
        List.of(OPS, PAGER),
        (now, before) -> {
          int level = now.path("level").asInt();
          if (level < 0) {
            throw new IllegalStateException("no level is known");
          }
          return new Judgement(
              level > 10, "level %d was %d".formatted(level, before.path("level").asInt()));
        });
  }

  private void open() throws InterruptedException {
    open("here");
  }

  private void open(String node) throws InterruptedException {
    var made =
        new Alerts(
            new Alerts.Means(this::engine, store, clock),
            new Alerts.Plan(rules, Duration.ofSeconds(15)));
    Map<WorkflowRef, Workflow> workflows =
        made.workflows((channel, message, _) -> tell(channel, message));
    engine =
        new Engine(
            store, clock, workflows::get, EngineOptions.DEFAULT.horizon(Duration.ofDays(4_000)));
    alerts = made;
    made.begin(() -> Json.NODES.objectNode().put("level", level), node, () -> Set.of(node));
    quiet();
  }

  private Engine engine() {
    if (engine == null) {
      throw new IllegalStateException("it is not open");
    }
    return engine;
  }

  private Alerts alerts() {
    if (alerts == null) {
      throw new IllegalStateException("it is not open");
    }
    return alerts;
  }

  private void tell(JsonNode channel, JsonNode message) throws IOException {
    String way = channel.propertyNames().iterator().next();
    if (deaf && way.equals("webhook")) {
      throw new IOException("nobody listens");
    }
    long seconds = Duration.between(BEGIN, clock.now()).toSeconds();
    told.add(message.path("state").asString() + " to " + way + " at " + seconds);
  }

  @AfterEach
  void close() {
    if (engine != null) {
      alerts().close();
      engine().close();
      engine = null;
    }
  }

  private void pass(String duration) throws InterruptedException {
    Instant end = clock.now().plus(Duration.parse(duration));
    quiet();
    while (clock.next() != null && !clock.next().isAfter(end)) {
      clock.advanceTo(clock.next());
      quiet();
    }
    clock.advanceTo(end);
    quiet();
  }

  private void quiet() throws InterruptedException {
    assertThat(engine().awaitQuiet(PATIENCE)).isTrue();
  }

  private Alerts.View view() {
    return alerts().all().getFirst();
  }

  private List<RunRow> runs(String workflow) {
    return store.runs(new RunFilter(Set.of(), workflow, null, 100));
  }

  private List<Incident> incidents() {
    return store.openIncidents(Long.MAX_VALUE, 10);
  }

  @Test
  void firesWhenItHasHeldForLongEnoughAndEndsWhenItDoesNot() throws Exception {
    open();
    level = 3;
    pass("PT1M");
    assertThat(view().state()).isEqualTo("ok");
    level = 30;
    pass("PT30S");
    assertThat(view().state()).isEqualTo("pending");
    assertThat(runs("alert")).isEmpty();
    pass("PT45S");
    Alerts.View firing = view();
    assertThat(firing.state()).isEqualTo("firing");
    assertThat(firing.since()).isEqualTo(BEGIN.plusSeconds(75));
    assertThat(firing.summary()).isEqualTo("level 30 was 0");
    assertThat(told)
        .containsExactlyInAnyOrder("firing to webhook at 135", "firing to command at 135");
    assertThat(incidents())
        .singleElement()
        .satisfies(incident -> {
          assertThat(incident.kind()).isEqualTo("alert");
          assertThat(incident.summary()).isEqualTo("high: level 30 was 0");
          assertThat(store.run(incident.run()).id()).isEqualTo(firing.run());
        });
    pass("PT1H");
    assertThat(told).hasSize(2);
    assertThat(runs("alert")).hasSize(1);
    told.clear();
    level = 3;
    pass("PT15S");
    assertThat(told).hasSize(2).allMatch(it -> it.startsWith("resolved to"));
    assertThat(view().state()).isEqualTo("ok");
    assertThat(incidents()).isEmpty();
    assertThat(runs("alert").getFirst().status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void aBreakBeginsTheWaitAnew() throws Exception {
    open();
    level = 30;
    pass("PT45S");
    level = 3;
    pass("PT15S");
    level = 30;
    pass("PT45S");
    assertThat(view().state()).isEqualTo("pending");
    assertThat(told).isEmpty();
  }

  @Test
  void aRestartNeitherDoublesNorForgetsAnAlert() throws Exception {
    open();
    level = 30;
    pass("PT2M");
    assertThat(told).hasSize(2);
    close();
    open();
    pass("PT10M");
    assertThat(told).hasSize(2);
    assertThat(runs("alert")).hasSize(1);
    assertThat(view().state()).isEqualTo("firing");
    close();
    level = 3;
    open();
    pass("PT1M");
    assertThat(told).hasSize(4);
    assertThat(view().state()).isEqualTo("ok");
  }

  @Test
  void whoCannotBeToldIsToldLaterAndKeepsItFromNobody() throws Exception {
    deaf = true;
    open();
    level = 30;
    pass("PT3M");
    assertThat(told).containsExactly("firing to command at 75");
    deaf = false;
    pass("PT10M");
    assertThat(told).hasSize(2).last().asString().startsWith("firing to webhook");
  }

  @Test
  void anEndThatComesWhileSomebodyIsStillBeingToldIsToldAfterwards() throws Exception {
    deaf = true;
    open();
    level = 30;
    pass("PT2M");
    level = 3;
    pass("PT5M");
    assertThat(told).containsExactly("firing to command at 75");
    deaf = false;
    pass("PT10M");
    assertThat(told).hasSize(4);
    assertThat(told.subList(2, 4)).allMatch(it -> it.startsWith("resolved"));
    assertThat(runs("alert")).hasSize(1);
  }

  @Test
  void theyAreToldAgainIfThatIsWanted() throws Exception {
    rules = List.of(rule("high", Duration.ZERO, Duration.ofHours(1), false));
    level = 30;
    open();
    pass("PT2H30M");
    assertThat(told.stream().filter(it -> it.contains("command")).toList())
        .containsExactly(
            "firing to command at 0",
            "still-firing to command at 3600",
            "still-firing to command at 7200");
  }

  @Test
  void aSilenceIsSeenAndNotHeard() throws Exception {
    open();
    alerts().silence("high", BEGIN.plus(Duration.ofHours(2)), "we know");
    level = 30;
    pass("PT1H");
    assertThat(view().state()).isEqualTo("firing");
    assertThat(view().silencedUntil()).isEqualTo(BEGIN.plus(Duration.ofHours(2)));
    assertThat(incidents()).hasSize(1);
    assertThat(told).isEmpty();
    close();
    open();
    pass("PT59M");
    assertThat(told).isEmpty();
    pass("PT2M");
    assertThat(told)
        .containsExactlyInAnyOrder("firing to webhook at 7200", "firing to command at 7200");
    assertThat(view().silencedUntil()).isNull();
  }

  @Test
  void aSilenceThatEndsEarlyLetsThemHearAtOnce() throws Exception {
    open();
    alerts().silence("high", BEGIN.plus(Duration.ofHours(2)), "we know");
    level = 30;
    pass("PT1H");
    assertThat(alerts().unsilence("high", "it is worse")).isTrue();
    pass("PT1S");
    assertThat(told).hasSize(2).allMatch(it -> it.startsWith("firing"));
    assertThat(alerts().unsilence("high", "again")).isFalse();
  }

  @Test
  void whatIsSilencedFromBeginToEndIsNotHeardAtAll() throws Exception {
    open();
    alerts().silence("high", BEGIN.plus(Duration.ofHours(2)), "we know");
    level = 30;
    pass("PT10M");
    level = 3;
    pass("PT10M");
    assertThat(view().state()).isEqualTo("ok");
    assertThat(told).isEmpty();
  }

  @Test
  void aRuleThatIsNoMoreEndsItsAlerts() throws Exception {
    open();
    level = 30;
    pass("PT2M");
    close();
    rules = List.of();
    open();
    pass("PT1M");
    assertThat(runs("alert").getFirst().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(incidents()).isEmpty();
  }

  @Test
  void aNodeThatIsNoMoreEndsItsAlerts() throws Exception {
    rules = List.of(rule("high", Duration.ZERO, null, true));
    level = 30;
    open();
    pass("PT1M");
    assertThat(runs("alert")).hasSize(1);
    assertThat(store.attributes(runs("alert").getFirst().number())).containsEntry("node", "here");
    close();
    level = 3;
    open("other");
    pass("PT1M");
    assertThat(runs("alert").getFirst().status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void aConditionThatCannotBeToldIsAProblemAndEndsNothing() throws Exception {
    open();
    level = 30;
    pass("PT2M");
    level = -1;
    pass("PT2M");
    assertThat(view().problem()).isEqualTo("no level is known");
    assertThat(view().state()).isEqualTo("firing");
    level = 3;
    pass("PT1M");
    assertThat(view().problem()).isNull();
    assertThat(view().state()).isEqualTo("ok");
  }

  @Test
  void aTestTellsAllAndFiresNothing() throws Exception {
    open();
    RunRow run = alerts().test("high");
    pass("PT1S");
    assertThat(told).containsExactlyInAnyOrder("test to webhook at 0", "test to command at 0");
    assertThat(store.run(run.id()).status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(view().state()).isEqualTo("ok");
    assertThat(incidents()).isEmpty();
    assertThatThrownBy(() -> alerts().test("low")).isInstanceOf(UnknownAlert.class);
  }

  @Test
  void conditionsCompareWithHowItWasTheirWindowAgo() throws Exception {
    rules =
        List.of(
            new AlertRule(
                "rising",
                Severity.INFO,
                Duration.ZERO,
                Duration.ofMinutes(2),
                null,
                false,
                List.of(),
                (now, before) -> {
                  int by = now.path("level").asInt() - before.path("level").asInt();
                  return new Judgement(by >= 10, "by " + by);
                }));
    open();
    for (int minute = 0; minute < 5; minute++) {
      level += 4;
      pass("PT1M");
    }
    assertThat(view().state()).isEqualTo("ok");
    level += 4;
    pass("PT1M");
    level += 20;
    pass("PT15S");
    assertThat(view().state()).isEqualTo("firing");
    pass("PT5M");
    assertThat(view().state()).isEqualTo("ok");
  }
}
