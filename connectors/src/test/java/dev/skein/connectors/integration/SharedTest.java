package dev.skein.connectors.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.policy.Policy;
import org.junit.jupiter.api.Test;

class SharedTest {
  @Test
  void hostsWithoutEndAreForgottenAndWhatCountsForAllIsNot() {
    var shared = new Shared();
    Object budget = shared.of(Policy.DEFAULT, "retryBudget", "", Object::new);
    Object first = shared.of(Policy.DEFAULT, "breaker", "http://h", Object::new);
    assertThat(shared.of(Policy.DEFAULT, "breaker", "http://h", Object::new)).isSameAs(first);
    for (int i = 0; i < 20_000; i++) {
      var _ = shared.of(Policy.DEFAULT, "breaker", "http://h" + i, Object::new);
    }
    assertThat(shared.of(Policy.DEFAULT, "breaker", "http://h", Object::new)).isNotSameAs(first);
    assertThat(shared.of(Policy.DEFAULT, "retryBudget", "", Object::new)).isSameAs(budget);
  }
}
