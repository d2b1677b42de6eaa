package dev.skein.connectors.integration;

import dev.skein.connectors.policy.Policy;
import org.jspecify.annotations.Nullable;

/// Policies that differ from another in a block or two.
record Policies(Policy policy) {
  Policies named(String name) {
    return with(name, policy.retry(), policy.retryBudget(), policy.timeout(), policy.idempotency());
  }

  Policies retry(Policy.Retry retry) {
    return with(
        policy.integration(), retry, policy.retryBudget(), policy.timeout(), policy.idempotency());
  }

  Policies budget(Policy.RetryBudget budget) {
    return with(
        policy.integration(), policy.retry(), budget, policy.timeout(), policy.idempotency());
  }

  Policies timeout(Policy.Timeout timeout) {
    return with(
        policy.integration(), policy.retry(), policy.retryBudget(), timeout, policy.idempotency());
  }

  Policies idempotency(@Nullable String header) {
    return with(
        policy.integration(),
        policy.retry(),
        policy.retryBudget(),
        policy.timeout(),
        new Policy.Idempotency(header));
  }

  private Policies with(
      String name,
      Policy.Retry retry,
      Policy.RetryBudget budget,
      Policy.Timeout timeout,
      Policy.Idempotency idempotency) {
    return new Policies(
        new Policy(
            name,
            policy.endpoints(),
            policy.balance(),
            policy.auth(),
            timeout,
            retry,
            budget,
            policy.hedge(),
            policy.rateLimit(),
            policy.concurrency(),
            policy.breaker(),
            idempotency,
            policy.version(),
            policy.transform(),
            policy.contract(),
            policy.egress(),
            policy.owners()));
  }

  Policies hedge(Policy.Hedge hedge) {
    return limits(hedge, policy.rateLimit(), policy.concurrency(), policy.breaker());
  }

  Policies rate(Policy.RateLimit rate) {
    return limits(policy.hedge(), rate, policy.concurrency(), policy.breaker());
  }

  Policies concurrency(Policy.Concurrency concurrency) {
    return limits(policy.hedge(), policy.rateLimit(), concurrency, policy.breaker());
  }

  Policies breaker(Policy.Breaker breaker) {
    return limits(policy.hedge(), policy.rateLimit(), policy.concurrency(), breaker);
  }

  private Policies limits(
      Policy.@Nullable Hedge hedge,
      Policy.@Nullable RateLimit rate,
      Policy.@Nullable Concurrency concurrency,
      Policy.@Nullable Breaker breaker) {
    return new Policies(
        new Policy(
            policy.integration(),
            policy.endpoints(),
            policy.balance(),
            policy.auth(),
            policy.timeout(),
            policy.retry(),
            policy.retryBudget(),
            hedge,
            rate,
            concurrency,
            breaker,
            policy.idempotency(),
            policy.version(),
            policy.transform(),
            policy.contract(),
            policy.egress(),
            policy.owners()));
  }
}
