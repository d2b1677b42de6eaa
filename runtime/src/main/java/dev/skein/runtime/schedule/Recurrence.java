package dev.skein.runtime.schedule;

import dev.skein.model.Cron;
import dev.skein.model.Durations;
import dev.skein.model.InvalidDuration;
import dev.skein.model.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// When starts are due. Times are whole microseconds, as in the store.
sealed interface Recurrence {
  /// The first time that is due after `time`; null if there is none.
  @Nullable Instant after(Instant time);

  /// The last time that is due from `from`, which is due itself, up to `to`.
  Instant latest(Instant from, Instant to);

  /// What is due first when the schedule begins, or begins anew, at `now`; null if nothing ever is.
  default @Nullable Instant begin(Instant now) {
    return after(now);
  }

  /// @throws InvalidDuration if a time between starts is no time
  static Recurrence of(Schedule schedule, Instant anchor) {
    JsonNode every = schedule.every();
    JsonNode after = schedule.after();
    String cron = schedule.cron();
    if (every != null) {
      return new Every(anchor, positive(every));
    }
    if (after != null) {
      return new After(positive(after));
    }
    return cron == null
        ? new Never()
        : new Cronlike(Cron.of(cron), ZoneId.of(schedule.rules().timezone()));
  }

  private static Duration positive(JsonNode duration) {
    Duration parsed = Durations.parse(duration).truncatedTo(ChronoUnit.MICROS);
    if (parsed.isZero()) {
      throw new InvalidDuration("a schedule needs some time between its starts");
    }
    return parsed;
  }

  /// The anchor plus any number of intervals, so that starts do not drift.
  record Every(Instant anchor, Duration interval) implements Recurrence {
    @Override
    public Instant after(Instant time) {
      return at(Math.max(0, intervals(time)) + 1);
    }

    @Override
    public Instant latest(Instant from, Instant to) {
      Instant last = at(intervals(to));
      return last.isBefore(from) ? from : last;
    }

    private long intervals(Instant time) {
      Duration since = Duration.between(anchor, time);
      return since.isNegative() ? -1 : since.dividedBy(interval);
    }

    private Instant at(long n) {
      return anchor.plus(interval.multipliedBy(n));
    }
  }

  /// The minutes a cron expression names where the zone's clocks show them: a time they jump over
  /// does not come that day, a time they show twice comes once if the expression names the hour.
  record Cronlike(Cron cron, ZoneId zone) implements Recurrence {
    private static final Duration FINEST = Duration.ofMinutes(1);

    @Override
    public @Nullable Instant after(Instant time) {
      return cron.after(time, zone);
    }

    /// By halving, since the time before another cannot be asked for: all that is due after `low`,
    /// which is due itself, up to `to` lies at or before `high`.
    @Override
    public Instant latest(Instant from, Instant to) {
      Instant low = from;
      Instant high = to;
      while (Duration.between(low, high).compareTo(FINEST) >= 0) {
        Instant middle = low.plus(Duration.between(low, high).dividedBy(2));
        Instant next = cron.after(middle, zone);
        if (next == null || next.isAfter(to)) {
          high = middle;
        } else {
          low = next;
        }
      }
      return low;
    }
  }

  /// A delay after the end of a run, which decides; only the first start is due by itself.
  record After(Duration delay) implements Recurrence {
    @Override
    public @Nullable Instant after(Instant time) {
      return null;
    }

    @Override
    public Instant latest(Instant from, Instant to) {
      return from;
    }

    @Override
    public Instant begin(Instant now) {
      return now.plus(delay);
    }
  }

  /// Events decide.
  record Never() implements Recurrence {
    @Override
    public @Nullable Instant after(Instant time) {
      return null;
    }

    @Override
    public Instant latest(Instant from, Instant to) {
      return from;
    }
  }
}
