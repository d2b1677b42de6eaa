package dev.skein.supervision.alert;

import dev.skein.kernel.Announcement;
import dev.skein.kernel.Clock;
import dev.skein.kernel.Engine;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.supervision.alert.AlertRule.Judgement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Asks every rule in rounds whether its condition holds, and begins and ends alerts. Of nodes that
/// share a store the leading one asks for all. What fires is known from the store alone; how long a
/// condition has held is forgotten with the process. Thread-safe: its monitor guards the rest.
public final class Alerts implements AutoCloseable {
  /// Those whose runs alerts and silences are.
  public static final List<WorkflowRef> WORKFLOWS = List.of(AlertWorkflow.REF, SilenceWorkflow.REF);

  private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
  private static final String NODE = "node";
  private static final String THREAD = "skein-alerts";

  private final Means means;
  private final Plan plan;
  private final AlertRuns runs;
  private final Silences silences;
  private final Map<String, Standing> standings = new HashMap<>();
  private final Snapshots snapshots = new Snapshots();
  private @Nullable Supplier<JsonNode> looking;
  private @Nullable Supplier<Set<String>> alive;
  private String node = "";
  private volatile boolean leads;
  private Clock.@Nullable Alarm alarm;
  private boolean closed;

  /// What it works with.
  ///
  /// @param engine not asked for before it begins
  public record Means(Supplier<Engine> engine, Store store, Clock clock) {}

  /// @param every how long after a round the next begins
  public record Plan(List<AlertRule> rules, Duration every) {
    public Plan {
      rules = List.copyOf(rules);
    }
  }

  /// How a rule is.
  ///
  /// @param state `ok`, `pending` (its condition holds, but not for long enough) or `firing`
  /// @param since when its condition began to hold; null if it does not
  /// @param run the alert's id while it fires
  /// @param silencedUntil null if it is not
  /// @param problem why its condition cannot be told; null if it can
  public record View(
      AlertRule rule,
      String state,
      @Nullable Instant since,
      @Nullable String run,
      @Nullable Instant silencedUntil,
      @Nullable String summary,
      @Nullable String problem) {
    /// The shape that every surface shows.
    public ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("name", rule.name())
          .put("severity", rule.severity().name().toLowerCase(Locale.ROOT))
          .put("state", state)
          .put("since", since == null ? null : since.toString())
          .put("run", run)
          .put("silencedUntil", silencedUntil == null ? null : silencedUntil.toString())
          .put("summary", summary)
          .put("problem", problem);
      return json;
    }
  }

  /// What is known of a rule in this process.
  private static final class Standing {
    @Nullable Instant since;
    @Nullable String summary;
    @Nullable String problem;
  }

  public Alerts(Means means, Plan plan) {
    this.means = means;
    this.plan = plan;
    this.runs = new AlertRuns(means.store());
    this.silences = new Silences(means.engine(), runs);
  }

  /// What alerts and silences are run by.
  public Map<WorkflowRef, Workflow> workflows(Notifier notifier) {
    return Map.of(
        AlertWorkflow.REF, new AlertWorkflow(means.engine(), silences, notifier),
        SilenceWorkflow.REF, new SilenceWorkflow());
  }

  /// Whether an incident is that of an alert.
  public static boolean isOne(Incident incident) {
    return incident.kind().equals(AlertWorkflow.KIND);
  }

  /// Asks from now on.
  ///
  /// @param how everything is
  /// @param name of this node
  /// @param living the names of all that live
  public synchronized void begin(
      Supplier<JsonNode> how, String name, Supplier<Set<String>> living) {
    looking = how;
    node = name;
    alive = living;
    means.engine().get().onLead(this::lead);
    if (!plan.rules().isEmpty()) {
      means.engine().get().aside(THREAD, this::round);
    }
  }

  /// Without rules there is only left to end what those before have begun, once.
  private void lead(boolean now) {
    leads = now;
    if (now && plan.rules().isEmpty()) {
      means.engine().get().aside(THREAD, this::round);
    }
  }

  private void arm() {
    if (!closed) {
      Instant due = means.clock().now().plus(plan.every());
      Runnable soon = () -> means.engine().get().aside(THREAD, this::round);
      alarm = means.clock().at(due, soon);
    }
  }

  private synchronized void round() {
    if (closed) {
      return;
    }
    boolean again = !plan.rules().isEmpty();
    try {
      ask();
    } catch (RuntimeException e) { // the store may be gone for a while
      LOG.warn("alerts are asked for again in {}", plan.every(), e);
      again = true;
    }
    if (again) {
      arm();
    }
  }

  private void ask() {
    Map<String, List<RunRow>> firing = firing();
    Instant now = means.clock().now();
    if (!plan.rules().isEmpty() && looking != null) {
      snapshots.add(now, looking.get(), longestWindow());
      for (AlertRule rule : plan.rules()) {
        if (rule.eachNode() || leads) {
          String asker = rule.eachNode() ? node : null;
          ask(rule, asker, now, firing.remove(key(rule.name(), asker)));
        }
      }
    }
    if (leads) {
      firing.forEach(this::endIfForgotten);
    }
  }

  private Duration longestWindow() {
    return plan.rules().stream()
        .map(AlertRule::window)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private static String key(String rule, @Nullable String asker) {
    return asker == null ? rule : rule + "@" + asker;
  }

  private Map<String, List<RunRow>> firing() {
    var firing = new HashMap<String, List<RunRow>>();
    for (RunRow run : runs.open(AlertWorkflow.REF, null)) {
      Map<String, String> attributes = means.store().attributes(run.number());
      if (attributes.containsKey(AlertRuns.OVER)) {
        continue; // it is telling everybody
      }
      String key = key(attributes.getOrDefault(AlertRuns.ALERT, ""), attributes.get(NODE));
      firing.computeIfAbsent(key, _ -> new ArrayList<>()).add(run);
    }
    return firing;
  }

  private void ask(
      AlertRule rule, @Nullable String asker, Instant now, @Nullable List<RunRow> firing) {
    Standing standing = standings.computeIfAbsent(rule.name(), _ -> new Standing());
    Judgement judged;
    try {
      judged = rule.condition().judge(snapshots.newest(), snapshots.at(now.minus(rule.window())));
    } catch (RuntimeException e) {
      if (standing.problem == null) {
        LOG.warn("whether the alert {} should fire cannot be told", rule.name(), e);
      }
      standing.problem = String.valueOf(e.getMessage());
      return; // what fires goes on firing: nobody knows that it is over
    }
    standing.problem = null;
    standing.summary = judged.summary();
    if (!judged.holds()) {
      standing.since = null;
      if (firing != null) {
        firing.forEach(run -> say(run, true));
      }
      return;
    }
    Instant since = standing.since == null ? now : standing.since;
    standing.since = since;
    if (firing == null && !since.plus(rule.holding()).isAfter(now)) {
      start(rule, asker, judged.summary(), since, false);
    }
  }

  /// Of a rule that is no more, or a node.
  private void endIfForgotten(String key, List<RunRow> firing) {
    int at = key.indexOf('@');
    String rule = at < 0 ? key : key.substring(0, at);
    boolean known =
        plan.rules().stream()
            .anyMatch(one -> one.name().equals(rule) && one.eachNode() == (at >= 0));
    boolean lives = at < 0 || alive == null || alive.get().contains(key.substring(at + 1));
    if (!known || !lives) {
      firing.forEach(run -> say(run, true));
    }
  }

  private RunRow start(
      AlertRule rule, @Nullable String asker, String summary, Instant since, boolean test) {
    var attributes = new HashMap<String, String>();
    if (!test) {
      attributes.put(AlertRuns.ALERT, rule.name());
      if (asker != null) {
        attributes.put(NODE, asker);
      }
    }
    Alert alert = Alert.of(rule, asker, summary, since, test);
    return means
        .engine()
        .get()
        .start(AlertRuns.start(AlertWorkflow.REF, Payloads.of(alert.toJson()), null, attributes));
  }

  private void say(RunRow run, boolean over) {
    JsonNode word = JsonNodeFactory.instance.objectNode().put(AlertWorkflow.OVER, over);
    var announcement =
        new Announcement(
            "skein:alert", UUID.randomUUID().toString(), AlertWorkflow.WORD, Payloads.of(word));
    means.engine().get().signal(run.id(), announcement);
  }

  /// Every rule, in the order of the settings.
  public synchronized List<View> all() {
    Map<String, List<RunRow>> firing = firing();
    var views = new ArrayList<View>();
    for (AlertRule rule : plan.rules()) {
      List<RunRow> runsOfIt =
          firing.entrySet().stream()
              .filter(
                  e -> e.getKey().equals(rule.name()) || e.getKey().startsWith(rule.name() + "@"))
              .flatMap(e -> e.getValue().stream())
              .toList();
      Standing standing = standings.getOrDefault(rule.name(), new Standing());
      boolean fires = !runsOfIt.isEmpty();
      String state = fires ? "firing" : standing.since == null ? "ok" : "pending";
      views.add(
          new View(
              rule,
              state,
              fires && standing.since == null ? runsOfIt.getFirst().startedAt() : standing.since,
              fires ? runsOfIt.getFirst().id() : null,
              silences.until(rule.name()),
              standing.since == null ? null : standing.summary,
              standing.problem));
    }
    return views;
  }

  private AlertRule rule(String name) {
    return plan.rules().stream()
        .filter(rule -> rule.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new UnknownAlert(name));
  }

  /// Keeps everybody from being told of it until then. It is seen all the same.
  ///
  /// @throws UnknownAlert if there is no such rule
  public void silence(String name, Instant until, String reason) {
    silences.begin(rule(name).name(), until, reason);
  }

  /// Ends its silences. If it fires, those are told now who were not.
  ///
  /// @return whether there were any
  public boolean unsilence(String name, String reason) throws InterruptedException {
    boolean any = silences.end(rule(name).name(), reason);
    runs.open(AlertWorkflow.REF, name).forEach(run -> say(run, false));
    return any;
  }

  /// Tells all whom the rule would tell that this is a test, and returns the run that does.
  public RunRow test(String name) {
    return start(rule(name), null, "This is a test.", means.clock().now(), true);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (alarm != null) {
      alarm.cancel();
    }
  }
}
