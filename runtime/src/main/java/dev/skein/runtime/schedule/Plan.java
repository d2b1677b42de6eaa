package dev.skein.runtime.schedule;

import dev.skein.interpreter.Gathering;
import dev.skein.interpreter.expression.Expressions;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.model.Definition;
import dev.skein.model.Schedule;
import dev.skein.model.Schedule.Overlap;
import java.time.Instant;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// What a definition says about its starts.
record Plan(Definition definition, Schedule schedule, Dues.Rules rules, Expressions expressions) {

  /// @param anchor what fixed rates count from
  /// @return null if the definition has no schedule
  static @Nullable Plan of(
      Definition definition, WorkflowRef workflow, Instant anchor, Expressions expressions) {
    Schedule schedule = definition.schedule();
    if (schedule == null) {
      return null;
    }
    var rules =
        new Dues.Rules(
            Recurrence.of(schedule, anchor),
            Jitter.of(workflow, schedule.rules().jitter()),
            schedule.rules().catchUp());
    return new Plan(definition, schedule, rules, expressions);
  }

  Recurrence recurrence() {
    return rules.recurrence();
  }

  Jitter jitter() {
    return rules.jitter();
  }

  Overlap overlap() {
    return schedule.rules().overlap();
  }

  int priority() {
    return definition.priority();
  }

  /// @param events finds an event by its number
  /// @return null if no events start it
  @Nullable Gatherings gatherings(LongFunction<Payload> events) {
    return schedule.on() == null
        ? null
        : new Gatherings(
            () -> Objects.requireNonNull(Gathering.of(definition, expressions)), events);
  }
}
