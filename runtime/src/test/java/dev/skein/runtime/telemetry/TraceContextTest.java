package dev.skein.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  private static @Nullable TraceContext read(String parent, String... state) {
    var headers = new HashMap<String, @Nullable String>(Map.of("traceparent", parent));
    if (state.length > 0) {
      headers.put("tracestate", state[0]);
    }
    return TraceContext.read(headers::get);
  }

  @Test
  void isReadAndWritten() {
    String written = "00-" + TRACE + "-" + SPAN + "-01";
    TraceContext context = read(written, "vendor=1");
    assertThat(context).isEqualTo(new TraceContext(TRACE, SPAN, true, "vendor=1"));
    assertThat(context.headers())
        .isEqualTo(Map.of("traceparent", written, "tracestate", "vendor=1"));
    TraceContext dropped = read("00-" + TRACE + "-" + SPAN + "-00");
    assertThat(dropped).isEqualTo(new TraceContext(TRACE, SPAN, false, null));
    assertThat(dropped.headers())
        .isEqualTo(Map.of("traceparent", "00-" + TRACE + "-" + SPAN + "-00"));
  }

  @Test
  void laterVersionsAreReadAsFarAsTheyAreKnown() {
    assertThat(read("01-" + TRACE + "-" + SPAN + "-03-more"))
        .isEqualTo(new TraceContext(TRACE, SPAN, true, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01"
      })
  void anythingElseCountsForNothing(String parent) {
    assertThat(read(parent)).isNull();
  }

  @Test
  void aStateThatIsTooLongIsLeftOut() {
    TraceContext context = read("00-" + TRACE + "-" + SPAN + "-01", "v=" + "x".repeat(600));
    assertThat(context).isEqualTo(new TraceContext(TRACE, SPAN, true, null));
  }

  @Test
  void aRunBeginsTheSameTraceWheneverItIsAsked() {
    assertThat(TraceContext.of("run-1", 1)).isEqualTo(TraceContext.of("run-1", 1));
    assertThat(TraceContext.of("run-1", 1).traceId())
        .hasSize(32)
        .isNotEqualTo(TraceContext.of("run-2", 1).traceId());
    assertThat(TraceContext.span("run-1", "a"))
        .hasSize(16)
        .isNotEqualTo(TraceContext.span("run-1", "b"));
  }

  @Test
  void aPartOfTheTracesIsKept() {
    int kept = 0;
    for (int i = 0; i < 10_000; i++) {
      kept += TraceContext.of("run-" + i, 0.1).sampled() ? 1 : 0;
    }
    assertThat(kept).isBetween(850, 1_150);
    assertThat(TraceContext.of("run-1", 0).sampled()).isFalse();
  }
}
