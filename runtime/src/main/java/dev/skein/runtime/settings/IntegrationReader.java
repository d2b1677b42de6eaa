package dev.skein.runtime.settings;

import dev.skein.connectors.policy.Declaration;
import dev.skein.connectors.policy.Match;
import dev.skein.connectors.policy.Policy;
import dev.skein.model.Section;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads one integration of `skein.yaml`.
final class IntegrationReader {
  private static final List<String> BLOCKS =
      List.of(
          "endpoints",
          "balance",
          "auth",
          "timeout",
          "retry",
          "retryBudget",
          "hedge",
          "rateLimit",
          "concurrency",
          "breaker",
          "idempotency",
          "version",
          "egress");
  private static final Pattern RATE = Pattern.compile("([0-9]{1,9})/(s|m|h|second|minute|hour)");
  private static final Pattern PERCENTILE = Pattern.compile("p([0-9]{2}(?:\\.[0-9])?)");
  private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):\\s*(.+)");
  private static final int MOST = 1_000_000;

  private IntegrationReader() {}

  static Declaration read(String name, Section section) {
    Match match = section.section("match", IntegrationReader::match);
    var lines = new LinkedHashMap<String, Integer>();
    BLOCKS.stream().filter(section::has).forEach(block -> lines.put(block, section.line(block)));
    if (match == null) {
      section.wrong("match", "'match' is missing", "write for example hosts: [pay.example.com]");
    }
    return new Declaration(name, match == null ? Match.ALL : match, blocks(section), lines);
  }

  private static Declaration.Blocks blocks(Section section) {
    return new Declaration.Blocks(
        section.has("endpoints") ? section.list("endpoints", IntegrationReader::endpoint) : null,
        section.section("balance", IntegrationReader::balance),
        section.json("auth"),
        section.section("timeout", IntegrationReader::timeout),
        section.section("retry", IntegrationReader::retry),
        section.section("retryBudget", IntegrationReader::budget),
        section.section("hedge", IntegrationReader::hedge),
        section.section("rateLimit", IntegrationReader::rateLimit),
        section.section("concurrency", IntegrationReader::concurrency),
        section.section("breaker", IntegrationReader::breaker),
        section.section("idempotency", s -> new Policy.Idempotency(s.text("header"))),
        section.section("version", IntegrationReader::version),
        section.section("egress", IntegrationReader::egress));
  }

  private static Match match(Section section) {
    return new Match(
        section.texts("hosts"),
        section.texts("paths"),
        upper(section.texts("methods")),
        Set.copyOf(new HashSet<>(section.texts("operations"))),
        section.texts("workflows"),
        Set.copyOf(new HashSet<>(section.texts("tasks"))));
  }

  private static Set<String> upper(List<String> methods) {
    return methods.stream()
        .map(method -> method.toUpperCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Policy.Endpoint endpoint(Section section) {
    String text = section.requiredText("url");
    URI url = URI.create("http://localhost");
    try {
      url = URI.create(text);
      if (url.getHost() == null || !Set.of("http", "https").contains(url.getScheme())) {
        section.wrong("url", "'" + text + "' is no URL of a server", "write http://host:port");
      }
    } catch (IllegalArgumentException e) {
      section.wrong("url", "'" + text + "' is no URL", "write http://host:port");
    }
    return new Policy.Endpoint(
        url, section.integer("weight", 1, MOST, 1), section.textsByName("labels"));
  }

  private static Policy.Balance balance(Section section) {
    Policy.Ejection ejection =
        section.section(
            "ejection",
            s ->
                new Policy.Ejection(
                    s.integer("consecutiveFailures", 1, MOST, 5),
                    s.duration("time", Policy.Ejection.DEFAULT.time())));
    return new Policy.Balance(
        section.choice("policy", Policy.Balance.Choice.class, Policy.Balance.DEFAULT.choice()),
        section.flag("eject", true)
            ? Objects.requireNonNullElse(ejection, Policy.Ejection.DEFAULT)
            : null);
  }

  private static Policy.Timeout timeout(Section section) {
    return new Policy.Timeout(
        section.duration("connect", Policy.Timeout.DEFAULT.connect()),
        section.duration("attempt", Policy.Timeout.DEFAULT.attempt()),
        section.duration("overall"),
        section.flag("propagate", false));
  }

  private static Policy.Retry retry(Section section) {
    Policy.Backoff backoff = section.section("backoff", IntegrationReader::backoff);
    Set<Policy.Trigger> on =
        section.scalars("on").stream()
            .map(name -> trigger(section, name))
            .filter(Objects::nonNull)
            .collect(Collectors.toUnmodifiableSet());
    return new Policy.Retry(
        section.integer("attempts", 1, 1_000, 3),
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
        if (name.matches("[45][0-9]{2}")) {
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
    double jitter = section.number("jitter", 0, Policy.Backoff.DEFAULT.jitter());
    if (jitter > 1) {
      section.wrong("jitter", "jitter must lie between 0 and 1", null);
    }
    return new Policy.Backoff(
        section.duration("first", Policy.Backoff.DEFAULT.first()),
        section.number("factor", 1, Policy.Backoff.DEFAULT.factor()),
        section.duration("max", Policy.Backoff.DEFAULT.max()),
        jitter);
  }

  private static Policy.RetryBudget budget(Section section) {
    return new Policy.RetryBudget(
        section.integer("percent", 0, 1_000, Policy.RetryBudget.DEFAULT.percent()),
        section.integer("minPerSecond", 0, MOST, Policy.RetryBudget.DEFAULT.minPerSecond()));
  }

  private static Policy.Hedge hedge(Section section) {
    String after = section.text("after", "p95");
    Matcher percentile = PERCENTILE.matcher(after);
    boolean byPercentile = percentile.matches();
    Duration fixed = byPercentile ? null : section.duration("after");
    List<String> methods = section.texts("methods");
    return new Policy.Hedge(
        fixed,
        byPercentile ? Double.parseDouble(percentile.group(1)) : 95,
        methods.isEmpty() ? Set.of("GET") : upper(methods));
  }

  private static Policy.RateLimit rateLimit(Section section) {
    String text = section.requiredText("limit");
    Matcher rate = RATE.matcher(text);
    int limit = 1;
    Duration per = Duration.ofSeconds(1);
    if (rate.matches() && Integer.parseInt(rate.group(1)) > 0) {
      limit = Integer.parseInt(rate.group(1));
      per =
          switch (rate.group(2).charAt(0)) {
            case 'm' -> Duration.ofMinutes(1);
            case 'h' -> Duration.ofHours(1);
            default -> Duration.ofSeconds(1);
          };
    } else {
      section.wrong("limit", "'" + text + "' is no rate", "write for example 100/s");
    }
    boolean cluster = section.choice("scope", Scope.class, Scope.CLUSTER) == Scope.CLUSTER;
    return new Policy.RateLimit(
        cluster,
        limit,
        per,
        section.integer("burst", 1, MOST, limit),
        section.choice("onLimit", Policy.RateLimit.OnLimit.class, Policy.RateLimit.OnLimit.WAIT));
  }

  private enum Scope {
    NODE,
    CLUSTER
  }

  private static Policy.Concurrency concurrency(Section section) {
    int max = section.integer("max", 1, MOST, 0);
    if (max == 0) {
      section.wrong("max", "'max' is missing", null);
    }
    return new Policy.Concurrency(
        Math.max(1, max), section.integer("queue", 0, MOST, 500), section.flag("adaptive", false));
  }

  private static Policy.Breaker breaker(Section section) {
    return new Policy.Breaker(
        section.integer("failureRate", 1, 100, 50),
        section.duration("slowCall"),
        section.integer("window", 1, 10_000, 100),
        section.duration("openFor", Duration.ofSeconds(30)),
        section.choice("onOpen", Policy.Breaker.OnOpen.class, Policy.Breaker.OnOpen.PARK));
  }

  private static Policy.Version version(Section section) {
    String header = section.text("header");
    Map.Entry<String, String> entry = null;
    if (header != null) {
      Matcher parts = HEADER.matcher(header);
      if (parts.matches()) {
        entry = Map.entry(parts.group(1), parts.group(2).strip());
      } else {
        section.wrong("header", "'" + header + "' is no header", "write 'Name: value'");
      }
    }
    return new Policy.Version(entry);
  }

  private static Policy.Egress egress(Section section) {
    return new Policy.Egress(
        section.choice("private", Permission.class, Permission.ALLOW) == Permission.ALLOW);
  }

  private enum Permission {
    ALLOW,
    DENY
  }
}
