package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.Places;
import dev.skein.connectors.resilience.Timeline;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/// Makes calls under their policies. A call that must wait long is not held: it throws
/// [dev.skein.kernel.Deferred], and the step that makes it waits durably. Thread-safe.
public final class Pipeline implements AutoCloseable {
  private final PolicedCall.Means means;
  private final Map<Policy, Integration> integrations;
  private final Shared shared;
  private final Sender http;

  /// What it lives in.
  ///
  /// @param random for what must not happen at the same time
  /// @param places where limits of a cluster are agreed on
  public record Surroundings(
      Timeline time, RandomGenerator random, Filling filling, Notices notices, Places places) {}

  /// One whose policies hold no expressions, and whose notices nobody hears.
  public Pipeline(Sender sender, Timeline time, RandomGenerator random) {
    this(sender, new Surroundings(time, random, Filling.NONE, Notices.IGNORED, Places.ALONE));
  }

  public Pipeline(Sender sender, Surroundings surroundings) {
    this(
        new PolicedCall.Means(sender, surroundings, timer()),
        new ConcurrentHashMap<>(),
        new Shared(),
        sender);
  }

  private Pipeline(
      PolicedCall.Means means, Map<Policy, Integration> integrations, Shared shared, Sender http) {
    this.means = means;
    this.integrations = integrations;
    this.shared = shared;
    this.http = http;
  }

  private static ScheduledExecutorService timer() {
    var timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("skein-hedges").daemon().factory());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /// The same for calls of another protocol: with all its limits and breakers, only its attempts go
  /// out by `sender`.
  public Pipeline sendingBy(Sender sender) {
    var others = new PolicedCall.Means(sender, means.surroundings(), means.timer());
    return new Pipeline(others, integrations, shared, http);
  }

  /// @throws dev.skein.kernel.Deferred if it must wait long
  public JsonNode call(Policy policy, HttpCall call, Circumstances at)
      throws HttpCallException, InterruptedException {
    Integration integration = integrations.computeIfAbsent(policy, this::integration);
    return new PolicedCall(integration, means, call, at).run();
  }

  private Integration integration(Policy policy) {
    Surroundings in = means.surroundings();
    var integration = new Integration(policy, shared, in);
    integration.probe(http, means.timer());
    return integration;
  }

  /// What was measured of each integration that was called, by its name.
  public List<Measures> measures() {
    var byName = new TreeMap<String, Measures>();
    for (Integration integration : integrations.values()) {
      Measures measures = integration.measures();
      byName.merge(measures.integration(), measures, Measures::with);
    }
    return List.copyOf(byName.values());
  }

  @Override
  public void close() {
    means.timer().shutdownNow();
  }
}
