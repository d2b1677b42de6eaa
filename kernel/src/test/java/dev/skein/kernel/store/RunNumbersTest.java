package dev.skein.kernel.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunNumbersTest {
  private static final Instant AT = Instant.parse("2026-02-03T04:05:06.789Z");

  @Test
  void aNumberSaysWhenItsRunBegan() {
    long first = RunNumbers.firstAt(AT);
    assertThat(RunNumbers.startOf(first)).isEqualTo(AT);
    assertThat(RunNumbers.startOf(first - 1)).isEqualTo(AT.minusMillis(1));
    assertThat(RunNumbers.firstAt(Instant.EPOCH)).isZero();
  }

  @Test
  void idsSortAsTheirNumbersDoAndLeadBackToThem() {
    long number = RunNumbers.firstAt(AT) + 77;
    assertThat(RunNumbers.id(number)).hasSize(13).isLessThan(RunNumbers.id(number + 1));
    assertThat(RunNumbers.number(RunNumbers.id(number))).hasValue(number);
    assertThat(RunNumbers.number(RunNumbers.id(Long.MAX_VALUE))).hasValue(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "order-4711", "0", "zzzzzzzzzzzzz", "UPPERCASE0000", "00000000000000"})
  void anIdThatSomebodyHasChosenHasNoNumber(String id) {
    assertThat(RunNumbers.number(id)).isEmpty();
  }
}
