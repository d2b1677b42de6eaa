package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

class ProblemTest {
  private static final String TIMEOUT =
      "https://open-workflow-specification.org/spec/1.0.0/errors/timeout";

  @Test
  void writesAndReadsProblemDetails() {
    Problem problem = Problem.Kind.TIMEOUT.problem("took too long").at("/do/0/slow");
    assertThat(problem.toJson())
        .hasToString(
            "{\"type\":\""
                + TIMEOUT
                + "\",\"status\":408,\"title\":\"Timed out\",\"detail\":\"took too long\","
                + "\"instance\":\"/do/0/slow\"}");
    assertThat(Problem.fromJson(problem.toJson())).isEqualTo(problem);
  }

  @Test
  void readsWhatIsNoProblemAsARuntimeError() {
    Problem problem = Problem.fromJson(JsonNodeFactory.instance.objectNode().put("status", "x"));
    assertThat(problem).isEqualTo(new Problem(Problem.Kind.RUNTIME.type(), 500, null, null, null));
  }

  @ParameterizedTest
  @CsvSource({
    "https://serverlessworkflow.io/spec/1.0.0/errors/timeout, true",
    "https://serverlessworkflow.io/dsl/errors/types/timeout, true",
    "http://open-workflow-specification.org/dsl/errors/types/timeout, true",
    "https://open-workflow-specification.org/spec/1.0.3/errors/timeout, true",
    "https://open-workflow-specification.org/spec/1.0.0/errors/runtime, false",
    "https://open-workflow-specification.org/other/errors/timeout, false",
    "https://example.com/spec/1.0.0/errors/timeout, false",
    "timeout, false",
  })
  void standardTypesAreTheSameOnEitherHostAndPath(String type, boolean same) {
    assertThat(Problem.sameType(TIMEOUT, type)).isEqualTo(same);
    assertThat(Problem.sameType(type, TIMEOUT)).isEqualTo(same);
  }

  @Test
  void otherTypesAreTheSameOnlyWhenEqual() {
    assertThat(Problem.sameType("https://a.example/x", "https://a.example/x")).isTrue();
    assertThat(Problem.sameType("https://a.example/x", "https://b.example/x")).isFalse();
  }
}
