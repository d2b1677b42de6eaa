package dev.skein.runtime;

import dev.skein.runtime.schedule.Backfill;
import dev.skein.runtime.schedule.ScheduleView;
import dev.skein.runtime.schedule.Schedules;
import java.time.Instant;
import java.util.List;

/// The schedules of deployed workflows, and what operators do to them. Thread-safe.
public final class Timetable {
  private final Looking looking;
  private final Schedules schedules;

  Timetable(Looking looking, Schedules schedules) {
    this.looking = looking;
    this.schedules = schedules;
  }

  /// Every schedule, by the name of its workflow.
  public List<ScheduleView> all() {
    return looking.schedules();
  }

  /// Holds a schedule: what comes due meanwhile is dropped.
  ///
  /// @param name of the workflow, with its namespace: `shop/nightly`
  public void pause(String name) {
    scheduled(name, schedules.pause(name));
  }

  public void resume(String name) {
    scheduled(name, schedules.resume(name));
  }

  /// Makes the starts that a schedule would have made in a time that is over, but for those that
  /// were made.
  ///
  /// @param name of the workflow, with its namespace
  /// @param dry whether only to tell what would be started
  /// @throws IllegalArgumentException if time alone does not decide the schedule's starts, or there
  ///   are more than [Backfill#MOST]
  public List<Backfill.Start> backfill(String name, Instant from, Instant to, boolean dry) {
    List<Backfill.Start> starts = schedules.backfill(name, from, to, dry);
    scheduled(name, starts != null);
    return starts == null ? List.of() : starts;
  }

  private static void scheduled(String name, boolean known) {
    if (!known) {
      throw new SkeinException(
          SkeinException.Code.NO_SUCH_SCHEDULE,
          "no deployed workflow '" + name + "' has a schedule");
    }
  }
}
