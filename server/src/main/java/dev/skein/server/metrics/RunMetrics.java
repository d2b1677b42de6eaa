package dev.skein.server.metrics;

import dev.skein.kernel.Watcher;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunRow;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Counts what becomes durable in this process. Thread-safe.
final class RunMetrics implements Watcher {
  /// Runs of further workflows are counted together: each costs a scraper its own series.
  private static final int MOST_WORKFLOWS = 200;

  private static final String OTHERS = "others";
  private static final double[] RUN_SECONDS = {
    .005, .01, .05, .1, .5, 1, 5, 10, 30, 60, 300, 1_800, 3_600, 21_600, 86_400, 604_800
  };
  private static final double[] COMMIT_SECONDS = {
    .0001, .0002, .0005, .001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 5
  };
  private static final double[] COMMIT_CHANGES = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000};

  private final Set<String> workflows = ConcurrentHashMap.newKeySet();
  private final Counter started;
  private final Counter ended;
  private final Histogram duration;
  private final Counter steps;
  private final Counter failedAttempts;
  private final Histogram commits;
  private final Histogram changes;

  RunMetrics(PrometheusRegistry registry) {
    started =
        Counter.builder()
            .name("skein_runs_started")
            .help("Runs that began.")
            .labelNames("workflow")
            .register(registry);
    ended =
        Counter.builder()
            .name("skein_runs_ended")
            .help("Runs that ended, by how they did.")
            .labelNames("workflow", "status")
            .register(registry);
    duration =
        Histogram.builder()
            .name("skein_run_duration")
            .unit(Unit.SECONDS)
            .help("From the start of a run to its end, its waits included.")
            .labelNames("workflow")
            .classicOnly()
            .classicUpperBounds(RUN_SECONDS)
            .register(registry);
    steps =
        Counter.builder()
            .name("skein_steps")
            .help("Steps that became durable, by how they ended.")
            .labelNames("status")
            .register(registry);
    failedAttempts =
        Counter.builder()
            .name("skein_step_attempts_failed")
            .help("Attempts of steps that failed and are made again.")
            .register(registry);
    commits =
        Histogram.builder()
            .name("skein_commit_duration")
            .unit(Unit.SECONDS)
            .help("How long a transaction of the journal took.")
            .classicOnly()
            .classicUpperBounds(COMMIT_SECONDS)
            .register(registry);
    changes =
        Histogram.builder()
            .name("skein_commit_changes")
            .help("How many changes were made durable together.")
            .classicOnly()
            .classicUpperBounds(COMMIT_CHANGES)
            .register(registry);
  }

  @Override
  public void committed(RunRow run, List<Entry> entries) {
    for (Entry entry : entries) {
      count(run, entry);
    }
  }

  private void count(RunRow run, Entry entry) {
    switch (entry) {
      case Entry.RunStarted _ -> started.labelValues(label(run.workflow())).inc();
      case Entry.StepCompleted _ -> steps.labelValues("completed").inc();
      case Entry.StepFailed _ -> steps.labelValues("failed").inc();
      case Entry.AttemptFailed _ -> failedAttempts.inc();
      case Entry.RunEnded end -> {
        String workflow = label(run.workflow());
        ended.labelValues(workflow, end.status().toString()).inc();
        Duration took = Duration.between(run.startedAt(), end.at());
        duration.labelValues(workflow).observe(Math.max(0, took.toNanos() / 1e9));
      }
      default -> {}
    }
  }

  private String label(WorkflowRef workflow) {
    String name = workflow.namespace() + "/" + workflow.name();
    if (workflows.contains(name)) {
      return name;
    }
    if (workflows.size() >= MOST_WORKFLOWS) {
      return OTHERS;
    }
    workflows.add(name);
    return name;
  }

  @Override
  public void wrote(int count, Duration took) {
    commits.observe(took.toNanos() / 1e9);
    changes.observe(count);
  }
}
