package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0 0 * * *          ; 2026-01-02T00:00:00Z",
        "*/5 * * * *        ; 2026-01-01T00:05:00Z",
        "30 8-18/2 * * 1-5  ; 2026-01-01T08:30:00Z",
        "0 9 * * MON        ; 2026-01-05T09:00:00Z",
        "0 9 * * 7          ; 2026-01-04T09:00:00Z",
        "15,45 12 1 jul *   ; 2026-07-01T12:15:00Z",
        "0 0 29 2 *         ; 2028-02-29T00:00:00Z",
        "1,2,3-5/2 1 * * *  ; 2026-01-01T01:01:00Z"
      })
  void findsTheNextTime(String expression, Instant next) {
    assertThat(Cron.of(expression).after(NEW_YEAR, ZoneOffset.UTC)).isEqualTo(next);
  }

  @Test
  void findsNoneWhereThereIsNone() {
    assertThat(Cron.of("0 0 31 2 *").after(NEW_YEAR, ZoneOffset.UTC)).isNull();
  }

  @Test
  void readsTimesOfTheZone() {
    assertThat(Cron.of("0 12 * * *").after(NEW_YEAR, ZoneId.of("Asia/Tokyo")))
        .isEqualTo(Instant.parse("2026-01-01T03:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "5-1 * * * *",
        "*/0 * * * *",
        "0-/ 0 * * *",
        "|\nA",
        "0 0 * * *||1 1 * * *",
        "0|5 0 * * *",
        "@daily",
        "0 0 L * *",
        "0 0 ? * *",
        "0 0 * * 5#2",
        "0 0 * * *, ",
        "${ .cron }"
      })
  void refusesWhatIsNoCronExpressionOfFiveFields(String expression) {
    assertThat(Cron.mistake(expression)).isNotNull();
    assertThatThrownBy(() -> Cron.of(expression)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void neverThrowsForWhatTheTextHolds() {
    Random random = new Random(1);
    String signs = "0123456789*,/-|?#LW@ \n\tJANSUN${}.";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? "" : "0 0 * * *");
      for (int changes = random.nextInt(9); changes > 0; changes--) {
        text.insert(
            random.nextInt(text.length() + 1), signs.charAt(random.nextInt(signs.length())));
      }
      String expression = text.toString();
      if (Cron.mistake(expression) == null) {
        // what is said to be right can be asked for a time
        var _ = Cron.of(expression).after(NEW_YEAR, ZoneOffset.UTC);
      }
    }
  }
}
