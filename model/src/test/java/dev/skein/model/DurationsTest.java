package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DurationsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          'PT1S'                              | PT1S
          'PT0.25S'                           | PT0.25S
          'P1W'                               | PT168H
          'P1W2DT3H4M5.000000006S'            | PT219H4M5.000000006S
          'P1.5D'                             | PT36H
          'PT90M'                             | PT1H30M
          {days: 1, hours: 1}                 | PT25H
          {minutes: 2, seconds: 3}            | PT2M3S
          {milliseconds: 1500}                | PT1.5S
          {seconds: 5.0}                      | PT5S
          """)
  void readsBothForms(String written, Duration expected) {
    assertThat(Durations.parse(json(written))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          'P1Y'              | years have no fixed length; use weeks or days
          'P2M'              | months have no fixed length; use weeks or days
          'PT'               | 'PT' is not an ISO 8601 duration such as PT1M30S
          'P'                | 'P' is not an ISO 8601 duration such as PT1M30S
          'P1DT'             | 'P1DT' is not an ISO 8601 duration such as PT1M30S
          '-PT1S'            | '-PT1S' is not an ISO 8601 duration such as PT1M30S
          'PT1S1M'           | 'PT1S1M' is not an ISO 8601 duration such as PT1M30S
          'PT1.S'            | 'PT1.S' is not an ISO 8601 duration such as PT1M30S
          'PT1..2S'          | 'PT1..2S' is not an ISO 8601 duration such as PT1M30S
          '5 minutes'        | '5 minutes' is not an ISO 8601 duration such as PT1M30S
          'P999999999999W'   | a duration must not exceed 1000 years
          ${ .x }            | '${ .x }' is an expression, not a duration
          {}                 | a duration must name at least one unit
          {weeks: 1}         | 'weeks' is no unit: days, hours, minutes, seconds and milliseconds are
          {seconds: 1.5}     | 'seconds' must be a whole number
          {seconds: x}       | 'seconds' must be a whole number
          {seconds: -1}      | a duration must not be negative
          5                  | a duration must be ISO 8601 text or an object
          """)
  void saysWhatIsWrong(String written, String message) {
    assertThatThrownBy(() -> Durations.parse(json(written)))
        .isInstanceOf(InvalidDuration.class)
        .hasMessage(message);
  }

  private static JsonNode json(String yaml) {
    Yaml tree = YamlTree.read(yaml, new Reports());
    assertThat(tree).isNotNull();
    return tree.json();
  }
}
