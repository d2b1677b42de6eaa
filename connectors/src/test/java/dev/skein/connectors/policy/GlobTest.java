package dev.skein.connectors.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Patterns of paths.
class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/refunds, /v1/refunds, true",
    "/v1/refunds, /v1/refunds/, false",
    "/v1/*, /v1/refunds, true",
    "/v1/*, /v1/, true",
    "/v1/*, /v1/refunds/7, false",
    "/v1/*/items, /v1/7/items, true",
    "/v1/*/items, /v1/7/8/items, false",
    "/v1/**/items, /v1/7/8/items, true",
    "/v1/re*ds, /v1/refunds, true",
    "/v1/re*ds, /v1/re/ds, false",
    "/v1/refunds/**, /v1/refunds/7/x, true",
    "/v1/refunds/**, /v1/refunds/, true",
    "/v1/refunds/**, /v1/refunds, true",
    "/v1/refunds/**, /v1/refundsx, false",
    "/v1/refunds**, /v1/refundsx/y, true",
    "/**, /, true",
    "/*.json, /a.json, true",
    "/a, /b, false",
    "/a, /, false",
  })
  void fitsAsWritten(String pattern, String path, boolean fits) {
    assertThat(new Glob(pattern).fits(path)).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/*, /*/v1, true",
    "/a/*, /b/*, false",
    "/a/*, /a/b/c, false",
    "/a/**, /a, true",
    "/a/**, /**/z, true",
    "/a*, /*b, true",
    "/a*c, /ab*, true",
    "/*x, /*y, false",
    "/*/x, /y, false",
  })
  void meetsWhereSomePathFitsBoth(String one, String other, boolean meet) {
    assertThat(new Glob(one).meets(new Glob(other))).isEqualTo(meet);
    assertThat(new Glob(other).meets(new Glob(one))).isEqualTo(meet);
  }

  /// Over an alphabet of three and short texts, everything there is can be tried.
  @Test
  void meetsIfAndOnlyIfATextThatFitsBothCanBeFound() {
    List<String> texts = texts(6);
    var random = new Random(7);
    int met = 0;
    for (int i = 0; i < 2_000; i++) {
      Glob one = new Glob(pattern(random));
      Glob other = new Glob(pattern(random));
      boolean found = texts.stream().anyMatch(text -> one.fits(text) && other.fits(text));
      assertThat(one.meets(other)).isEqualTo(found);
      met += found ? 1 : 0;
    }
    assertThat(met).isBetween(200, 1_800);
  }

  /// At most three literals and stars each, so that a common text of six is there if any is.
  private static String pattern(Random random) {
    var pattern = new StringBuilder();
    int elements = random.nextInt(4);
    for (int i = 0; i < elements; i++) {
      pattern.append(List.of("/", "a", "b", "*", "**").get(random.nextInt(5)));
    }
    return pattern.toString();
  }

  private static List<String> texts(int longest) {
    var texts = new ArrayList<>(List.of(""));
    int from = 0;
    for (int length = 1; length <= longest; length++) {
      int to = texts.size();
      for (String shorter : List.copyOf(texts.subList(from, to))) {
        List.of("/", "a", "b").forEach(letter -> texts.add(shorter + letter));
      }
      from = to;
    }
    return texts;
  }

  @Test
  @Timeout(10)
  void noPatternTakesLong() {
    var hostile = new Glob("/" + "**a".repeat(100) + "b");
    long begun = System.nanoTime();
    assertThat(hostile.fits("/" + "a".repeat(8_000))).isFalse();
    assertThat(hostile.meets(new Glob("/" + "**a".repeat(100) + "c"))).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
  }
}
