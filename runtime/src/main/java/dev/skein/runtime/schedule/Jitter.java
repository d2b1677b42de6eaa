package dev.skein.runtime.schedule;

import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.model.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How late starts are, so that schedules of the same time do not all start at once: between
/// nothing and `most`, and the same whenever it is asked for the same start.
record Jitter(long seed, Duration most) {
  static Jitter of(WorkflowRef workflow, @Nullable JsonNode most) {
    long seed = (workflow.namespace() + "/" + workflow.name()).hashCode();
    Duration parsed = most == null ? Duration.ZERO : Durations.parse(most);
    return new Jitter(seed, parsed.truncatedTo(ChronoUnit.MICROS));
  }

  /// When the start that is due then takes place.
  Instant start(Instant due) {
    if (most.isZero()) {
      return due;
    }
    long at = ChronoUnit.MICROS.between(Instant.EPOCH, due);
    long range = most.toSeconds() * 1_000_000 + most.toNanosPart() / 1_000 + 1;
    return due.plus(new SplittableRandom(at * 31 + seed).nextLong(range), ChronoUnit.MICROS);
  }
}
