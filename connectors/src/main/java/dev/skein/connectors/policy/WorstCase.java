package dev.skein.connectors.policy;

import java.time.Duration;

/// How often a call can go out at the most, and how long it can take, durable waits apart.
///
/// @param seconds with every attempt and every wait between them at its longest
/// @param durableSeconds that it can wait besides, because a server asks for it
public record WorstCase(int attempts, double seconds, double durableSeconds) {
  public static WorstCase of(Policy policy, String method) {
    Policy.Retry retry = policy.retry();
    Policy.Hedge hedge = policy.hedge();
    boolean hedged = hedge != null && hedge.methods().contains(method);
    Duration each = policy.timeout().attempt();
    Duration sum = each.multipliedBy(retry.attempts());
    Duration durable = Duration.ZERO;
    for (int i = 1; i < retry.attempts(); i++) {
      Duration wait = longer(longest(retry.backoff(), i), retry.honourRetryAfter());
      if (wait.compareTo(retry.durableAfter()) > 0) {
        durable = durable.plus(wait);
      }
      // a server may ask for less: for the longest wait that is still sat out
      sum = sum.plus(shorter(wait, retry.durableAfter()));
    }
    Duration overall = policy.timeout().overall();
    boolean bounded = overall != null && overall.compareTo(sum) < 0;
    return new WorstCase(
        retry.attempts() * (hedged ? 2 : 1),
        seconds(bounded && overall != null ? overall : sum),
        seconds(durable));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration longest(Policy.Backoff backoff, int retry) {
    double nanos = backoff.first().toNanos() * Math.pow(backoff.factor(), retry - 1.0);
    return Duration.ofNanos((long) Math.min(nanos, (double) backoff.max().toNanos()));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }

  public String sentence() {
    String waits =
        durableSeconds == 0 ? "" : ", and up to %s s of durable waits".formatted(durableSeconds);
    return "%d attempts, %s s%s".formatted(attempts, seconds, waits);
  }
}
