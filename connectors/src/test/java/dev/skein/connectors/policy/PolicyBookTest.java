package dev.skein.connectors.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which declaration counts.
class PolicyBookTest {
  /// One that only says how much percent of retries it grants.
  private static Declaration declared(String name, Match match, int percent) {
    var blocks =
        new Declaration.Blocks(
            null,
            null,
            null,
            null,
            null,
            new Policy.RetryBudget(percent, 0),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    return new Declaration(name, match, blocks, Map.of("retryBudget", percent));
  }

  /// `hosts paths methods operations workflows tasks`, `-` for none, several with `|`.
  private static Match match(String text) {
    List<List<String>> parts =
        Arrays.stream(text.split(" "))
            .map(part -> part.equals("-") ? List.<String>of() : List.of(part.split("\\|")))
            .collect(Collectors.toCollection(ArrayList::new));
    while (parts.size() < 6) {
      parts.add(List.of());
    }
    return new Match(
        parts.get(0),
        parts.get(1),
        Set.copyOf(parts.get(2)),
        Set.copyOf(parts.get(3)),
        parts.get(4),
        Set.copyOf(parts.get(5)));
  }

  private static int chosen(Match.Call call, Match... matches) {
    var declarations = new ArrayList<Declaration>();
    for (Match match : matches) {
      declarations.add(declared("d" + declarations.size(), match, declarations.size()));
    }
    return new PolicyBook(declarations).policy(call).retryBudget().percent();
  }

  private static final Match.Call CALL =
      new Match.Call(
          "post",
          URI.create("https://pay.example.com/v1/refunds"),
          "refund",
          "shop/checkout",
          "pay",
          "/do/0/pay");

  /// From the least to the most specific.
  private static final List<String> LADDER =
      List.of(
          "-",
          "*.com",
          "*.com:443",
          "*.example.com",
          "pay.example.com",
          "pay.example.com:443",
          "- - POST",
          "pay.example.com - POST",
          "- /**",
          "- /*/**",
          "- /v1/**",
          "- /v1/*",
          "- /v1/refunds",
          "pay.example.com /v1/refunds POST",
          "- - - refund",
          "- - - - shop/*",
          "- - - - shop/checkout",
          "pay.example.com /v1/refunds POST refund shop/checkout",
          "- - - - - pay",
          "- - - - shop/checkout pay",
          "- - - - - /do/0/pay");

  @Test
  void theOrderOfSpecificityIsTotal() {
    for (int less = 0; less < LADDER.size(); less++) {
      for (int more = less + 1; more < LADDER.size(); more++) {
        Match one = match(LADDER.get(less));
        Match other = match(LADDER.get(more));
        assertThat(chosen(CALL, one, other))
            .as("%s before %s", LADDER.get(more), LADDER.get(less))
            .isEqualTo(1);
        assertThat(chosen(CALL, other, one)).isZero();
        assertThat(PolicyBook.ties(List.of(declared("a", one, 1), declared("b", other, 2))))
            .isEmpty();
      }
    }
  }

  @Test
  void ofSeveralPatternsOnlyThoseCountThatTheCallFits() {
    Match named = match("pay.example.com|*.x.test");
    Match open = match("*.an-extremely-long-name-of-somebody-else.test|*.example.com");
    assertThat(chosen(CALL, named, open)).isZero();
    assertThat(chosen(CALL, open, named)).isEqualTo(1);
    assertThat(
            chosen(
                Match.Call.of("GET", URI.create("http://a.x.test/")),
                match("*.x.test"),
                match("a.y.test|*.x.test:80")))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "pay.test, https://pay.test, true",
    "pay.test, https://PAY.test./, true",
    "PAY.test, https://pay.test:8443/, true",
    "pay.test:443, https://pay.test/, true",
    "pay.test:443, http://pay.test/, false",
    "pay.test:80, http://pay.test/, true",
    "*.test:8443, http://pay.test:8443/, true",
    "*.test:8443, http://pay.test/, false",
    "*.pay.test, http://pay.test/, false",
    "*.pay.test, http://xpay.test/, false",
    "*.pay.test, http://a.b.pay.test/, true",
    "pay.test, http://pay.test@evil.test/, false",
    "pay.test, http://evil.test/pay.test, false",
    "my_service, http://my_service:8080/, true",
    "10.0.0.1, http://10.0.0.1:8080/, true",
    "[::1], http://[::1]:8080/, true",
    "[::1]:8080, http://[::1]:8080/, true",
    "[::1]:81, http://[::1]:8080/, false",
  })
  void hostsAreComparedHoweverTheyAreWritten(String host, String url, boolean fits) {
    int percent = chosen(Match.Call.of("GET", URI.create(url)), match(host));
    assertThat(percent).isEqualTo(fits ? 0 : Policy.RetryBudget.DEFAULT.percent());
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/refunds, /v1/%72efunds",
    "/v1/refunds, /v1/./refunds",
    "/v1/refunds, /../v1/x/../refunds",
    "/v1/, /v1/x/..",
    "/v1/a%2Fb, /v1/a%2fb",
    "/, ''",
    "/.hidden, /.hidden",
  })
  void pathsAreComparedHoweverTheyAreWritten(String path, @Nullable String written) {
    var call = Match.Call.of("GET", URI.create("http://x.test" + written));
    assertThat(chosen(call, match("- " + path))).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "pay.test; pay.test; true",
        "pay.test; PAY.test; true",
        "pay.test|a.test; b.test|pay.test; true",
        "pay.test; pay.test:80; false",
        "*.test; *.test:80; false",
        "*.a.test; *.b.test; false",
        "- /v1/*; - /*/v1; true",
        "- /v1/*; - /v2/*; false",
        "- /v1/*; - /v1/**; false",
        "- - GET; - - GET|POST; true",
        "- - GET; - - POST; false",
        "x.test - GET; x.test /a; false",
        "- - - - shop/*; - - - - */shop; true",
        "- - - - - pay; - - - - - pay|ship; true",
        "- - - - - pay; - - - - - ship; false",
        "-; -; true",
      })
  void twoTieIfACallCanFitBothAndNeitherIsCloserToIt(String one, String other, boolean tie) {
    var first = declared("one", match(one), 3);
    var second = declared("other", match(other), 4);
    List<PolicyBook.Tie> ties = PolicyBook.ties(List.of(first, second));
    assertThat(ties).hasSize(tie ? 1 : 0);
    assertThat(ties)
        .allMatch(found -> found.equals(new PolicyBook.Tie(first, second, "retryBudget")));
  }
}
