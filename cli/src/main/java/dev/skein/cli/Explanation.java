package dev.skein.cli;

import dev.skein.connectors.policy.Declaration;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.connectors.policy.Untrusted;
import dev.skein.interpreter.Json;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An effective policy for people: one line a block, and where it comes from.
///
/// @param file the settings file, as it is to be named
record Explanation(PolicyBook.Effective effective, String file) {

  ObjectNode json() {
    ObjectNode json = Json.NODES.objectNode();
    json.put("integration", effective.policy().integration());
    ObjectNode blocks = json.putObject("blocks");
    texts()
        .forEach(
            (block, text) -> blocks.putObject(block).put("value", text).put("from", from(block)));
    return json;
  }

  void print(PrintWriter out) {
    out.println("integration: " + effective.policy().integration());
    texts()
        .forEach((block, text) ->
            out.printf("  %-12s %-60s %s%n", block, text == null ? "none" : text, from(block)));
  }

  private String from(String block) {
    Untrusted untrusted = effective.untrusted();
    Optional<Declaration> origin = effective.origins().getOrDefault(block, Optional.empty());
    return origin
        .map(declaration ->
            "%s:%d integrations.%s.%s"
                .formatted(file, declaration.lines().get(block), declaration.name(), block))
        .orElse(
            untrusted != null && block.equals("egress")
                ? "%s:%d untrusted".formatted(file, untrusted.line())
                : "default");
  }

  private Map<String, @Nullable String> texts() {
    Policy p = effective.policy();
    var texts = new LinkedHashMap<String, @Nullable String>();
    texts.put("endpoints", endpoints(p.endpoints()));
    texts.put("balance", balance(p.balance()));
    texts.put("auth", p.auth() == null ? null : String.join(", ", p.auth().propertyNames()));
    texts.put("timeout", timeout(p.timeout()));
    texts.put("retry", retry(p.retry()));
    texts.put(
        "retryBudget",
        "%d %%, and %d/s".formatted(p.retryBudget().percent(), p.retryBudget().minPerSecond()));
    texts.put("hedge", p.hedge() == null ? null : hedge(p.hedge()));
    texts.put("rateLimit", p.rateLimit() == null ? null : rate(p.rateLimit()));
    texts.put("concurrency", p.concurrency() == null ? null : concurrency(p.concurrency()));
    texts.put("breaker", p.breaker() == null ? null : breaker(p.breaker()));
    texts.put("idempotency", p.idempotency().header());
    texts.put("version", p.version() == null ? null : version(p.version()));
    texts.put("transform", transform(p.transform()));
    texts.put("contract", p.contract() == null ? null : contract(p.contract()));
    texts.put(
        "egress", "private addresses " + (p.egress().privateNetworks() ? "allowed" : "denied"));
    return texts;
  }

  private static String version(Policy.Version version) {
    Map.Entry<String, String> header = version.header();
    String asked = header == null ? "any" : header.getKey() + ": " + header.getValue();
    return asked + (version.alert() ? ", deprecation is told" : "");
  }

  private static @Nullable String transform(Policy.Transform transform) {
    var changed = new ArrayList<String>();
    if (transform.request() != null) {
      changed.add("requests");
    }
    if (transform.response() != null) {
      changed.add("answers");
    }
    return changed.isEmpty() ? null : String.join(" and ", changed);
  }

  private static String contract(Policy.Agreement contract) {
    return "%s, requests %s, answers %s"
        .formatted(contract.terms(), lower(contract.request()), lower(contract.response()));
  }

  private static String endpoints(List<Policy.Endpoint> endpoints) {
    return endpoints.isEmpty()
        ? "the host that is called"
        : endpoints.stream().map(Explanation::endpoint).collect(Collectors.joining(", "));
  }

  private static String endpoint(Policy.Endpoint endpoint) {
    String labels = endpoint.labels().isEmpty() ? "" : " " + endpoint.labels();
    return endpoint.url() + " (" + endpoint.weight() + ")" + labels;
  }

  private static String balance(Policy.Balance balance) {
    Policy.Ejection ejection = balance.ejection();
    String left =
        ejection == null
            ? "nobody left out"
            : "left out after %d failures for %s"
                .formatted(ejection.consecutiveFailures(), time(ejection.time()));
    Policy.Health health = balance.health();
    String asked =
        health == null
            ? ""
            : ", asked %s every %s for %s: unwell after %d failures, well after %d successes"
                .formatted(
                    health.path(),
                    time(health.every()),
                    time(health.timeout()),
                    health.failures(),
                    health.successes());
    return lower(balance.choice()) + ", " + left + asked;
  }

  private static String timeout(Policy.Timeout timeout) {
    return "connect %s, attempt %s, overall %s%s"
        .formatted(
            time(timeout.connect()),
            time(timeout.attempt()),
            timeout.overall() == null ? "any" : time(timeout.overall()),
            timeout.propagate() ? ", propagated" : "");
  }

  private static String retry(Policy.Retry retry) {
    if (retry.attempts() == 1) {
      return "one attempt";
    }
    String on =
        retry.on().stream().map(Explanation::trigger).sorted().collect(Collectors.joining(", "));
    return "%d attempts on %s; from %s, times %s, to %s, %s of it at random; Retry-After to %s; durable after %s"
        .formatted(
            retry.attempts(),
            on,
            time(retry.backoff().first()),
            shown(retry.backoff().factor()),
            time(retry.backoff().max()),
            shown(retry.backoff().jitter()),
            time(retry.honourRetryAfter()),
            time(retry.durableAfter()));
  }

  private static String trigger(Policy.Trigger trigger) {
    return switch (trigger) {
      case Policy.Trigger.Connect _ -> "connect";
      case Policy.Trigger.Reset _ -> "reset";
      case Policy.Trigger.Status(int code) -> String.valueOf(code);
    };
  }

  private static String hedge(Policy.Hedge hedge) {
    String after = hedge.after() == null ? "p" + shown(hedge.percentile()) : time(hedge.after());
    return "after " + after + ", " + String.join(", ", hedge.methods());
  }

  /// `95`, `99.9`
  private static String shown(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  private static String rate(Policy.RateLimit rate) {
    return "%d in %s for each %s, burst %d, %s"
        .formatted(
            rate.limit(),
            time(rate.per()),
            rate.cluster() ? "cluster" : "node",
            rate.burst(),
            lower(rate.onLimit()));
  }

  private static String concurrency(Policy.Concurrency concurrency) {
    return "%d, queue %d%s"
        .formatted(
            concurrency.max(), concurrency.queue(), concurrency.adaptive() ? ", adaptive" : "");
  }

  private static String breaker(Policy.Breaker breaker) {
    String slow = breaker.slowCall() == null ? "" : " or slower than " + time(breaker.slowCall());
    return "%d %% of %d failed%s: open for %s, %s"
        .formatted(
            breaker.failureRate(),
            breaker.window(),
            slow,
            time(breaker.openFor()),
            lower(breaker.onOpen()));
  }

  /// `1.5 s`, `5 min`
  private static String time(Duration time) {
    long millis = time.toMillis();
    if (millis % 60_000 == 0 && millis > 0) {
      return millis / 60_000 + " min";
    }
    return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
