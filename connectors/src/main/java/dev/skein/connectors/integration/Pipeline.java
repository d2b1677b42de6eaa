package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.Timeline;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/// Makes calls under their policies. A call that must wait long is not held: it throws
/// [dev.skein.kernel.Deferred], and the step that makes it waits durably. Thread-safe.
public final class Pipeline implements AutoCloseable {
  private final PolicedCall.Means means;
  private final Timeline time;
  private final RandomGenerator random;
  private final Map<Policy, Integration> integrations = new ConcurrentHashMap<>();
  private final Shared shared = new Shared();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("skein-hedges").daemon().factory());

  /// @param random for what must not happen at the same time
  public Pipeline(Sender sender, Timeline time, RandomGenerator random) {
    this.time = time;
    this.random = random;
    this.means = new PolicedCall.Means(sender, time, random, timer);
    timer.setRemoveOnCancelPolicy(true);
  }

  /// @throws dev.skein.kernel.Deferred if it must wait long
  public JsonNode call(Policy policy, HttpCall call, Circumstances at)
      throws HttpCallException, InterruptedException {
    Integration integration =
        integrations.computeIfAbsent(policy, p -> new Integration(p, shared, time, random));
    return new PolicedCall(integration, means, call, at).run();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
