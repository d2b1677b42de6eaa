package dev.skein.runtime.schedule;

import dev.skein.kernel.Engine;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the starts that a schedule would have made in a time that is over. Each has the id that
/// the schedule gives it, so what was started then, or by a backfill before, is not started again.
public final class Backfill {
  /// How many starts one call makes at the most.
  public static final int MOST = 1_000;

  private final Plan plan;
  private final WorkflowRef workflow;
  private final Keeper.Means means;

  Backfill(Plan plan, WorkflowRef workflow, Keeper.Means means) {
    this.plan = plan;
    this.workflow = workflow;
    this.means = means;
  }

  /// One start.
  ///
  /// @param was whether the run was there already
  public record Start(Instant due, String run, boolean was) {}

  /// @param from due itself, if it is
  /// @param to due itself, if it is; of what lies in the future nothing is made
  /// @param dry whether only to tell what would be started
  /// @throws IllegalArgumentException if time alone does not decide, or there are too many
  List<Start> make(Instant from, Instant to, boolean dry) {
    if (plan.schedule().every() == null && plan.schedule().cron() == null) {
      throw new IllegalArgumentException(
          "only a schedule of 'every' or 'cron' has starts that can be made up for");
    }
    var starts = new ArrayList<Start>();
    for (Instant due : dues(from, earlier(to, means.clock().now()))) {
      String id = Fire.at(due).runId(workflow.namespace(), workflow.name());
      boolean there = means.store().run(id) != null;
      if (!there && !dry) {
        means.engine().start(new Engine.Start(workflow, Payload.of("{}"), id, plan.priority()));
      }
      starts.add(new Start(due, id, there));
    }
    return starts;
  }

  private List<Instant> dues(Instant from, Instant to) {
    var dues = new ArrayList<Instant>();
    for (Instant due = next(from.minusNanos(1_000)); due != null && !due.isAfter(to); ) {
      if (dues.size() == MOST) {
        throw new IllegalArgumentException(
            "more than %,d starts lie between these times; take a shorter time".formatted(MOST));
      }
      dues.add(due);
      due = next(due);
    }
    return dues;
  }

  private @Nullable Instant next(Instant time) {
    return plan.recurrence().after(time);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
