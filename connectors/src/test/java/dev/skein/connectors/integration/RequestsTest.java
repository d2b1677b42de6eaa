package dev.skein.connectors.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.policy.Policy;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final Policy.Endpoint THERE =
      new Policy.Endpoint(URI.create("http://x.example"), 1, Map.of());

  @Test
  void whoeverIsToldOfACallIsToldNoCredentials() {
    URI uri = URI.create("http://ann:s3cret@x.example:81/a?key=s3cret");
    assertThat(Requests.about(HttpCall.of("GET", uri))).isEqualTo("GET http://x.example:81/a");
  }

  @Test
  void theTimeLeftIsTheSameNumberInAllCountries() {
    var timeout = new Policy.Timeout(Duration.ofSeconds(1), Duration.ofMillis(1_500), null, true);
    Policy policy = new Policies(Policy.DEFAULT).timeout(timeout).policy();
    Locale own = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      HttpCall call = HttpCall.of("GET", URI.create("http://x.example/"));
      assertThat(Requests.at(THERE, call, policy, Long.MAX_VALUE).headers())
          .containsEntry("Request-Timeout", "1.500");
    } finally {
      Locale.setDefault(own);
    }
  }
}
