package dev.skein.connectors.integration;

import dev.skein.connectors.http.Egress;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.Target;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Asks the endpoints of an integration again and again whether they are well. Thread-safe.
final class Probes {
  private final Policy policy;
  private final Policy.Health rule;
  private final List<Target> targets;
  private final Sender sender;
  private final Set<Target> asking = ConcurrentHashMap.newKeySet();

  Probes(Policy policy, Policy.Health rule, List<Target> targets, Sender sender) {
    this.policy = policy;
    this.rule = rule;
    this.targets = targets;
    this.sender = sender;
  }

  /// From now on, until the timer is shut down.
  void begin(ScheduledExecutorService timer) {
    long nanos = rule.every().toNanos();
    var _ = timer.scheduleWithFixedDelay(this::ask, 0, nanos, TimeUnit.NANOSECONDS);
  }

  private void ask() {
    for (Target target : targets) {
      if (asking.add(target)) {
        Thread.ofVirtual().name("skein-probe").start(() -> ask(target));
      }
    }
  }

  private void ask(Target target) {
    try {
      target.probed(isWell(target.endpoint().url()), rule);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      asking.remove(target);
    }
  }

  private boolean isWell(URI endpoint) throws InterruptedException {
    String base = endpoint.toString();
    String root = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    HttpCall question =
        HttpCall.of("GET", URI.create(root + rule.path()))
            .withTimeouts(new HttpCall.Timeouts(rule.timeout(), rule.timeout(), rule.timeout()))
            .withRoute(new HttpCall.Route(new Egress(policy.egress().privateNetworks()), null))
            .withOutput(HttpCall.Output.RAW);
    try {
      var _ = sender.send(question, null);
      return true;
    } catch (HttpCallException e) {
      return false;
    }
  }
}
