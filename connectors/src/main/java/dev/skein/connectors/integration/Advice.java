package dev.skein.connectors.integration;

import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.Latencies.Spread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the measurements of an integration speak for, each with its evidence.
final class Advice {
  /// Fewer calls than this speak for nothing.
  private static final long LEAST = 100;

  /// A limit that is so many times what calls need notices a hang late.
  private static final int LOOSE = 20;

  private static final int ROOMY = 5;
  private static final double MANY = 0.05;

  private final Policy policy;
  private final Measures.Counts counts;
  private final Map<String, Long> errors;
  private final @Nullable Spread latency;
  private final List<String> advice = new ArrayList<>();

  Advice(
      Policy policy, Measures.Counts counts, Map<String, Long> errors, @Nullable Spread latency) {
    this.policy = policy;
    this.counts = counts;
    this.errors = errors;
    this.latency = latency;
  }

  List<String> given() {
    if (counts.attempts() >= LEAST) {
      timeouts();
      limits();
      breaker();
      shares();
    }
    return List.copyOf(advice);
  }

  private void timeouts() {
    Duration limit = policy.timeout().attempt();
    double cut = share("timeout");
    if (cut >= MANY) {
      advice.add(
          "%s of the attempts took longer than timeout.attempt (%s): raise it, or ask why"
              .formatted(percent(cut), text(limit)));
    } else if (latency != null && limit.compareTo(latency.p99().multipliedBy(LOOSE)) > 0) {
      advice.add(
          ("99 %% of the last %d attempts took at most %s; timeout.attempt is %s: %s would notice a"
                  + " hang sooner")
              .formatted(
                  latency.count(),
                  text(latency.p99()),
                  text(limit),
                  text(roundedUp(latency.p99().multipliedBy(ROOMY)))));
    }
  }

  private void limits() {
    double refused = share("429");
    if (refused >= MANY && latency != null) {
      long accepted = Math.max(1, Math.round(latency.perSecond() * (1 - refused)));
      advice.add(
          (policy.rateLimit() == null
                  ? "%s of the attempts were answered with 429: a rateLimit of %d/s would spare them"
                  : "%s of the attempts were answered with 429 in spite of the rateLimit: lower it to"
                      + " about %d/s")
              .formatted(percent(refused), accepted));
    }
  }

  private void breaker() {
    double down = share("connect") + share("reset") + share("timeout") + share("503");
    if (policy.breaker() == null && down >= MANY) {
      advice.add(
          ("%s of the attempts found it down or out of order: a breaker would let calls wait without"
                  + " trying")
              .formatted(percent(down)));
    }
  }

  private void shares() {
    double retried = (double) counts.retries() / counts.attempts();
    if (retried >= policy.retryBudget().percent() / 100.0 / 2 && retried >= MANY) {
      advice.add(
          "%s of the attempts are retries; the budget allows %d %% of the calls"
              .formatted(percent(retried), policy.retryBudget().percent()));
    }
    double hedged = (double) counts.hedges() / counts.attempts();
    if (hedged >= 2 * MANY) {
      advice.add(
          "%s of the attempts are hedges: a later hedge.after would send fewer for little"
              .formatted(percent(hedged)));
    }
  }

  private double share(String kind) {
    return (double) errors.getOrDefault(kind, 0L) / counts.attempts();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static String text(Duration duration) {
    return duration.toMillis() < 1_000
        ? Math.max(1, duration.toMillis()) + " ms"
        : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
  }

  /// To tenths of a second, then seconds.
  private static Duration roundedUp(Duration duration) {
    long step = duration.toMillis() < 1_000 ? 100 : 1_000;
    return Duration.ofMillis((duration.toMillis() / step + 1) * step);
  }
}
