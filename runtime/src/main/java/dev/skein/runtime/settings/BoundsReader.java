package dev.skein.runtime.settings;

import dev.skein.connectors.policy.Policy;
import dev.skein.model.Section;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the blocks that keep the calls of an integration within bounds.
final class BoundsReader {
  private static final int MOST = IntegrationReader.MOST;
  private static final int MOST_ATTEMPTS = 1_000;
  private static final int MOST_FACTOR = 100;

  /// Unless more is granted, no span of the limit's length sees two percent more than the limit,
  /// even if some go a little late.
  private static final int LIMIT_A_BURST = 100;

  private static final Pattern RATE =
      Pattern.compile("([1-9][0-9]{0,8})/(s|m|h|second|minute|hour)");
  private static final Pattern PERCENTILE = Pattern.compile("p([5-9][0-9](?:\\.[0-9])?)");
  private static final Pattern ERROR_STATUS = Pattern.compile("[45][0-9]{2}");

  private BoundsReader() {}

  static Policy.Timeout timeout(Section section) {
    Policy.Timeout usual = Policy.Timeout.DEFAULT;
    var timeout =
        new Policy.Timeout(
            section.period("connect", usual.connect()),
            section.period("attempt", usual.attempt()),
            section.period("overall"),
            section.flag("propagate", usual.propagate()));
    bound(section, "connect", timeout.connect(), "attempt", timeout.attempt());
    bound(section, "connect", timeout.connect(), "overall", timeout.overall());
    bound(section, "attempt", timeout.attempt(), "overall", timeout.overall());
    return timeout;
  }

  /// What is a part of another cannot be longer, where both are written.
  private static void bound(
      Section section, String part, Duration length, String whole, @Nullable Duration all) {
    if (all != null && section.has(part) && section.has(whole) && length.compareTo(all) > 0) {
      section.conflict(part, "'%s' is longer than '%s'".formatted(part, whole), null);
    }
  }

  static Policy.Retry retry(Section section) {
    Policy.Backoff backoff = section.section("backoff", BoundsReader::backoff);
    Set<Policy.Trigger> on =
        section.scalars("on").stream()
            .map(name -> trigger(section, name))
            .filter(Objects::nonNull)
            .collect(Collectors.toUnmodifiableSet());
    return new Policy.Retry(
        section.integer("attempts", 1, MOST_ATTEMPTS, 3),
        section.has("on") ? on : Policy.Retry.USUAL,
        backoff == null ? Policy.Backoff.DEFAULT : backoff,
        section.duration("honourRetryAfter", Policy.Retry.NONE.honourRetryAfter()),
        section.duration("durableAfter", Policy.Retry.NONE.durableAfter()));
  }

  private static Policy.@Nullable Trigger trigger(Section section, String name) {
    return switch (name) {
      case "connect" -> new Policy.Trigger.Connect();
      case "reset" -> new Policy.Trigger.Reset();
      default -> {
        if (ERROR_STATUS.matcher(name).matches()) {
          yield new Policy.Trigger.Status(Integer.parseInt(name));
        }
        section.wrong(
            "on",
            "'" + name + "' is no reason to try again",
            "write connect, reset, or a status from 400 to 599");
        yield null;
      }
    };
  }

  private static Policy.Backoff backoff(Section section) {
    Policy.Backoff usual = Policy.Backoff.DEFAULT;
    var backoff =
        new Policy.Backoff(
            section.duration("first", usual.first()),
            section.number("factor", 1, MOST_FACTOR, usual.factor()),
            section.duration("max", usual.max()),
            section.number("jitter", 0, 1, usual.jitter()));
    if (backoff.first().compareTo(backoff.max()) > 0) {
      section.conflict(
          section.has("first") ? "first" : "max",
          "'first' (%s) is longer than 'max' (%s)".formatted(backoff.first(), backoff.max()),
          null);
    }
    return backoff;
  }

  static Policy.RetryBudget budget(Section section) {
    return new Policy.RetryBudget(
        section.integer("percent", 0, 1_000, Policy.RetryBudget.DEFAULT.percent()),
        section.integer("minPerSecond", 0, MOST, Policy.RetryBudget.DEFAULT.minPerSecond()));
  }

  static Policy.Hedge hedge(Section section) {
    JsonNode after = section.json("after");
    Matcher percentile = PERCENTILE.matcher(after == null ? "p95" : after.asString(""));
    boolean byPercentile = percentile.matches();
    Set<String> methods = IntegrationReader.methods(section);
    return new Policy.Hedge(
        byPercentile ? null : section.period("after"),
        byPercentile ? Double.parseDouble(percentile.group(1)) : 95,
        methods.isEmpty() ? Set.of("GET") : methods);
  }

  static Policy.RateLimit rateLimit(Section section) {
    String text = section.requiredText("limit");
    Matcher rate = RATE.matcher(text);
    boolean sound = rate.matches();
    if (!sound && section.has("limit")) {
      section.wrong("limit", "'" + text + "' is no rate", "write for example 100/s");
    }
    int limit = sound ? Integer.parseInt(rate.group(1)) : 1;
    Duration per =
        switch (sound ? rate.group(2).charAt(0) : 's') {
          case 'm' -> Duration.ofMinutes(1);
          case 'h' -> Duration.ofHours(1);
          default -> Duration.ofSeconds(1);
        };
    boolean cluster = section.choice("scope", Scope.class, Scope.CLUSTER) == Scope.CLUSTER;
    return new Policy.RateLimit(
        cluster,
        limit,
        per,
        section.integer("burst", 1, MOST, Math.max(1, limit / LIMIT_A_BURST)),
        section.choice("onLimit", Policy.RateLimit.OnLimit.class, Policy.RateLimit.OnLimit.WAIT));
  }

  private enum Scope {
    NODE,
    CLUSTER
  }

  static Policy.Concurrency concurrency(Section section) {
    return new Policy.Concurrency(
        section.requiredInteger("max", 1, MOST),
        section.integer("queue", 0, MOST, 500),
        section.flag("adaptive", false));
  }

  static Policy.Breaker breaker(Section section) {
    return new Policy.Breaker(
        section.integer("failureRate", 1, 100, 50),
        section.period("slowCall"),
        section.integer("window", 1, 10_000, 100),
        section.period("openFor", Duration.ofSeconds(30)),
        section.choice("onOpen", Policy.Breaker.OnOpen.class, Policy.Breaker.OnOpen.PARK));
  }
}
