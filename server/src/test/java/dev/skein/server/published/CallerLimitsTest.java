package dev.skein.server.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.model.ApiOperation;
import dev.skein.server.http.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallerLimitsTest {
  private static final ApiOperation.Rate HOURLY = new ApiOperation.Rate(1, Duration.ofHours(1), 1);

  @Test
  void onlySoManyCallersAreRemembered() {
    var limits = new CallerLimits(Timeline.system());
    assertThat(limits.pass("a", HOURLY, "first")).isNotEmpty();
    for (int i = 0; i < 9_999; i++) {
      assertThat(limits.pass("a", HOURLY, "caller " + i)).isNotEmpty();
    }
    assertThatThrownBy(() -> limits.pass("a", HOURLY, "first")).isInstanceOf(Refusal.class);
    assertThat(limits.pass("a", HOURLY, "one more")).isNotEmpty();
    assertThat(limits.pass("a", HOURLY, "caller 0")).as("forgotten").isNotEmpty();
    assertThatThrownBy(() -> limits.pass("a", HOURLY, "first")).isInstanceOf(Refusal.class);
  }

  @Test
  void eachEndpointAndEachRateIsCountedApart() {
    var limits = new CallerLimits(Timeline.system());
    assertThat(limits.pass("a", HOURLY, "x")).isNotEmpty();
    assertThat(limits.pass("b", HOURLY, "x")).isNotEmpty();
    var other = new ApiOperation.Rate(2, Duration.ofHours(1), 1);
    assertThat(limits.pass("a", other, "x")).isNotEmpty();
    assertThatThrownBy(() -> limits.pass("b", HOURLY, "x")).isInstanceOf(Refusal.class);
  }
}
