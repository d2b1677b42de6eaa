package dev.skein.connectors.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An integration as it is declared.
///
/// @param lines where each block stands in the settings file, by its name there
public record Declaration(String name, Match match, Blocks blocks, Map<String, Integer> lines) {

  /// What is said; null where nothing is. See [Policy] for each.
  public record Blocks(
      @Nullable List<Policy.Endpoint> endpoints,
      Policy.@Nullable Balance balance,
      @Nullable JsonNode auth,
      Policy.@Nullable Timeout timeout,
      Policy.@Nullable Retry retry,
      Policy.@Nullable RetryBudget retryBudget,
      Policy.@Nullable Hedge hedge,
      Policy.@Nullable RateLimit rateLimit,
      Policy.@Nullable Concurrency concurrency,
      Policy.@Nullable Breaker breaker,
      Policy.@Nullable Idempotency idempotency,
      Policy.@Nullable Version version,
      Policy.@Nullable Transform transform,
      Policy.@Nullable Agreement contract,
      Policy.@Nullable Egress egress) {}
}
