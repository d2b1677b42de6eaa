package dev.skein.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.policy.Match;
import dev.skein.connectors.policy.WorstCase;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How often and how long a call can be tried at most.
class WorstCaseTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "retry: {attempts: 3, backoff: {first: PT1S, factor: 2}, honourRetryAfter: PT0S} | 3 | 9 |"
            + " 0",
        "retry: {attempts: 3, backoff: {first: PT1S}, honourRetryAfter: PT4S} | 3 | 14 | 0",
        "retry: {attempts: 3, backoff: {first: PT1S}, honourRetryAfter: PT1H} | 3 | 16 | 7200",
        "retry: {attempts: 2, backoff: {first: PT8S}, honourRetryAfter: PT0S} | 2 | 9 | 8",
        "hedge: {after: PT1S} | 2 | 2 | 0"
      })
  void countsTheLongestWaitThatIsSatOutAndTheLongestThatIsNot(
      String block, int attempts, double seconds, double durable) {
    String settings =
        "integrations: {x: {match: {hosts: [x.example]}, timeout: {attempt: PT2S}, %s}}";
    var policies = Settings.read(settings.formatted(block)).result().policies();
    var call = Match.Call.of("GET", URI.create("http://x.example/"));
    assertThat(WorstCase.of(policies.policy(call), "GET"))
        .isEqualTo(new WorstCase(attempts, seconds, durable));
  }
}
