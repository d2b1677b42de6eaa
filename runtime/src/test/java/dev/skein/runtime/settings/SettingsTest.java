package dev.skein.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.connectors.policy.Match;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.model.Diagnostic;
import dev.skein.model.Section;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `skein.yaml`.
class SettingsTest {
  private static final String WHOLE =
      """
      integrations:
        payments:
          match: {hosts: ["pay.example.com"]}
          endpoints:
            - {url: "http://10.0.0.1:8080", weight: 90}
            - {url: "http://10.0.0.2:8080", weight: 10, labels: {track: canary}}
          balance:
            policy: round-robin
            ejection: {consecutiveFailures: 3, time: PT1M}
            health: {path: /health, every: PT5S, timeout: PT1S, failures: 3, successes: 2}
          auth: {bearer: {token: t}}
          timeout: {connect: PT1S, attempt: PT2S, overall: PT15S, propagate: true}
          retry:
            attempts: 4
            on: [connect, 429, 502, 503, 504]
            backoff: {first: PT0.2S, factor: 3, max: PT10S, jitter: 0}
            honourRetryAfter: PT1H
            durableAfter: PT5S
          retryBudget: {percent: 20, minPerSecond: 3}
          hedge: {after: p95, methods: [get]}
          rateLimit: {scope: cluster, limit: 100/s, burst: 200, onLimit: wait}
          concurrency: {max: 50, queue: 500, adaptive: true}
          breaker: {failureRate: 50, slowCall: PT2S, window: 100, openFor: PT30S, onOpen: park}
          idempotency: {header: Idempotency-Key}
          version: {header: "Stripe-Version: 2026-08-01", deprecation: ignore}
          transform:
            request: {body: {sum: "${ .body.amount }"}, headers: {X-Unit: cent}, query: {v: 2}}
            response: "${ .body.result }"
          egress: {private: allow}
      """;

  private static Settings settings(String yaml) {
    Section.Result<Settings> read = Settings.read(yaml);
    assertThat(read.diagnostics()).isEmpty();
    return read.result();
  }

  private static Policy policy(Settings settings, String method, String url) {
    return settings.policies().policy(Match.Call.of(method, URI.create(url)));
  }

  @Test
  void readsEveryBlock() {
    Policy policy = policy(settings(WHOLE), "POST", "https://pay.example.com/v1");
    assertThat(policy.integration()).isEqualTo("payments");
    assertThat(policy.endpoints())
        .containsExactly(
            new Policy.Endpoint(URI.create("http://10.0.0.1:8080"), 90, Map.of()),
            new Policy.Endpoint(URI.create("http://10.0.0.2:8080"), 10, Map.of("track", "canary")));
    assertThat(policy.balance())
        .isEqualTo(
            new Policy.Balance(
                Policy.Balance.Choice.ROUND_ROBIN,
                new Policy.Ejection(3, Duration.ofMinutes(1)),
                new Policy.Health("/health", Duration.ofSeconds(5), Duration.ofSeconds(1), 3, 2)));
    assertThat(policy.timeout())
        .isEqualTo(
            new Policy.Timeout(
                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(15), true));
    assertThat(policy.retry().on())
        .contains(new Policy.Trigger.Connect(), new Policy.Trigger.Status(504))
        .hasSize(5);
    assertThat(policy.retry().backoff())
        .isEqualTo(new Policy.Backoff(Duration.ofMillis(200), 3, Duration.ofSeconds(10), 0));
    assertThat(policy.hedge()).isEqualTo(new Policy.Hedge(null, 95, Set.of("GET")));
    assertThat(policy.rateLimit())
        .isEqualTo(
            new Policy.RateLimit(
                true, 100, Duration.ofSeconds(1), 200, Policy.RateLimit.OnLimit.WAIT));
    assertThat(policy.concurrency()).isEqualTo(new Policy.Concurrency(50, 500, true));
    assertThat(policy.breaker())
        .isEqualTo(
            new Policy.Breaker(
                50,
                Duration.ofSeconds(2),
                100,
                Duration.ofSeconds(30),
                Policy.Breaker.OnOpen.PARK));
    assertThat(policy.version().header()).isEqualTo(Map.entry("Stripe-Version", "2026-08-01"));
    assertThat(policy.version().alert()).isFalse();
    Policy.Transform transform = policy.transform();
    assertThat(transform.request().body().path("sum").asString()).isEqualTo("${ .body.amount }");
    assertThat(transform.request().headers().path("X-Unit").asString()).isEqualTo("cent");
    assertThat(transform.request().query().path("v").intValue()).isEqualTo(2);
    assertThat(transform.response().body().asString()).isEqualTo("${ .body.result }");
    assertThat(policy.auth().path("bearer").path("token").asString()).isEqualTo("t");
  }

  @Test
  void readsEveryScheme() {
    for (String auth :
        List.of(
            "{apiKey: {name: X-Key, value: k}, mtls: {certificate: c, key: k, ca: a}}",
            "{hmac: {algorithm: sha512, secret: s, header: H, format: base64, prefix: 'v1=',"
                + " separator: ':', timestampHeader: T, signed: [method, 'header:Date', body]}}",
            "{sigv4: {accessKey: a, secretKey: s, sessionToken: t, region: r, service: s3}}")) {
      String yaml = "integrations: {a: {match: {}, auth: " + auth + "}}";
      assertThat(policy(settings(yaml), "GET", "https://x/").auth()).isNotNull();
    }
  }

  @Test
  void whatIsNotDeclaredGetsTheDefaults() {
    assertThat(policy(settings(WHOLE), "POST", "https://other.example.com/"))
        .isEqualTo(Policy.DEFAULT);
    assertThat(settings("").integrations()).isEmpty();
  }

  private static final String NESTED =
      """
      integrations:
        all: {match: {hosts: ["*.example.com"]}, retryBudget: {percent: 1}, timeout: {attempt: PT1S}}
        pay: {match: {hosts: ["pay.example.com"]}, retryBudget: {percent: 2}, concurrency: {max: 5}}
        refunds:
          match: {hosts: ["pay.example.com"], paths: ["/v1/refunds/**"]}
          retryBudget: {percent: 3}
        posts:
          match: {hosts: ["pay.example.com"], methods: [post]}
          retryBudget: {percent: 4}
        audit: {match: {workflows: ["shop/audit"]}, retryBudget: {percent: 5}}
        charge: {match: {tasks: [charge]}, retryBudget: {percent: 6}}
      """;

  @ParameterizedTest
  @CsvSource({
    "GET, http://a.example.com/, , , 1",
    "GET, http://pay.example.com/, , , 2",
    "GET, http://pay.example.com:8080/, , , 2",
    "GET, http://pay.example.com/v1/refunds/7/x, , , 3",
    "POST, http://pay.example.com/, , , 4",
    "POST, http://pay.example.com/v1/refunds/7, , , 3",
    "POST, http://pay.example.com/v1/refunds/7, shop/audit, , 5",
    "POST, http://pay.example.com/v1/refunds/7, shop/audit, charge, 6",
    "GET, http://example.com/, , , 20",
    "GET, http://evil-example.com/, , , 20",
  })
  void theMostSpecificDeclarationOfABlockCounts(
      String method, String url, String workflow, String task, int percent) {
    var call = new Match.Call(method, URI.create(url), null, workflow, task, null);
    assertThat(settings(NESTED).policies().policy(call).retryBudget().percent()).isEqualTo(percent);
  }

  @Test
  void blocksReplaceOneAnotherWholeAndTheOthersStay() {
    var call =
        new Match.Call(
            "GET", URI.create("http://pay.example.com/v1/refunds/7"), null, null, null, null);
    PolicyBook.Effective effective = settings(NESTED).policies().effective(call, null);
    assertThat(effective.policy().integration()).isEqualTo("refunds");
    assertThat(effective.policy().concurrency().max()).isEqualTo(5);
    assertThat(effective.policy().owner("concurrency")).isEqualTo("pay");
    assertThat(effective.policy().timeout().attempt()).isEqualTo(Duration.ofSeconds(1));
    assertThat(effective.origins().get("timeout").get().name()).isEqualTo("all");
    assertThat(effective.origins().get("timeout").get().lines()).containsEntry("timeout", 2);
    assertThat(effective.origins().get("breaker")).isEmpty();
  }

  @Test
  void anIntegrationCanBeAskedForByName() {
    var call = Match.Call.of("GET", URI.create("http://elsewhere.test/"));
    PolicyBook policies = settings(NESTED).policies();
    assertThat(policies.effective(call, "refunds").policy().retryBudget().percent()).isEqualTo(3);
    assertThatThrownBy(() -> policies.effective(call, "refund"))
        .hasMessageContaining("there is no integration 'refund'; declared are: [all, pay");
  }

  @Test
  void everyMistakeIsToldWhereItStands() {
    List<Diagnostic> diagnostics =
        Settings.read(
                """
                integratons: {}
                integrations:
                  a:
                    match: {hosts: [x.test], pathes: [/]}
                    timeout: {attempt: 5s}
                    retry: {attempts: 0, on: [conect, 200]}
                    rateLimit: {limit: 100 per second}
                    breaker: {failureRate: 101, onOpen: wait}
                    endpoints: [{url: "ftp://x"}]
                    version: {header: v1}
                  b: {hedge: {after: soon}}
                """)
            .diagnostics();
    assertThat(diagnostics)
        .extracting(d -> d.line() + " " + d.message())
        .containsExactly(
            "1 unknown property 'integratons'",
            "4 unknown property 'pathes' in 'match'",
            "5 invalid duration: '5s' is not an ISO 8601 duration such as PT1M30S",
            "6 'attempts' must be from 1 to 1000",
            "6 'conect' is no reason to try again",
            "6 '200' is no reason to try again",
            "7 '100 per second' is no rate",
            "8 'failureRate' must be from 1 to 100",
            "8 'onOpen' must be one of park, fail, not 'wait'",
            "9 'ftp://x' is no URL of a server",
            "10 'v1' is no header",
            "11 'match' is missing",
            "11 invalid duration: 'soon' is not an ISO 8601 duration such as PT1M30S");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hosts: [http://x.test] | 'http://x.test' is no host such as pay.example.com or *.example.com",
        "hosts: [x.*.test] | 'x.*.test' is no host such as pay.example.com or *.example.com",
        "hosts: [x.test:65536] | 'x.test:65536' is no host such as pay.example.com or *.example.com",
        "hosts: [] | 'hosts' is empty",
        "paths: [v1] | 'v1' is no path such as /v1/refunds/**",
        "methods: [GET POST] | 'GET POST' is no method",
        "workflows: [checkout] | 'checkout' is no workflow such as namespace/name",
        "tasks: [''] | '' is no name",
      })
  void aMatchThatNothingCouldMeetIsAMistake(String match, String message) {
    assertThat(mistakes("integrations: {a: {match: {" + match + "}}}")).containsExactly(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "timeout: {attempt: PT3S, overall: PT2S} | 'attempt' is longer than 'overall'",
        "timeout: {connect: PT3S, attempt: PT2S} | 'connect' is longer than 'attempt'",
        "timeout: {attempt: PT0S} | 'attempt' must be longer than nothing",
        "retry: {backoff: {first: PT21S}} | 'first' (PT21S) is longer than 'max' (PT20S)",
        "retry: {backoff: {max: PT0.01S}} | 'first' (PT0.1S) is longer than 'max' (PT0.01S)",
        "retry: {backoff: {jitter: 1.5}} | 'jitter' must be at most 1",
        "retry: {on: []} | 'on' is empty",
        "hedge: {after: p49} | invalid duration: 'p49' is not an ISO 8601 duration such as PT1M30S",
        "concurrency: {queue: 1} | 'max' is missing in 'concurrency'",
        "rateLimit: {burst: 1} | 'limit' is missing in 'rateLimit'",
        "rateLimit: {limit: 0/s} | '0/s' is no rate",
        "endpoints: [] | 'endpoints' is empty",
        "endpoints: [{url: 'http://x/?q'}] | 'http://x/?q' is no URL of a server",
        "endpoints: [{url: 'http://x'}, {url: 'http://x'}] | 'http://x' is there already",
        "balance: {eject: false, ejection: {}} | 'eject' is false, so 'ejection' means nothing",
        "balance: {health: {path: health}} | 'health' is no path",
        "idempotency: {header: a b} | 'a b' is no header",
        "idempotency: {header: Host} | the header 'Host' is set by the call itself",
        "idempotency: {send: false, header: K} | 'send' is false, so 'header' means nothing",
        "version: {header: x} | 'x' is no header",
        "auth: {bearer: {}} | 'token' is missing in 'bearer'",
        "auth: {} | an authentication must have a scheme",
        "auth: {bearer: {use: s}} | the secret 's' is not declared",
        "auth: {bearer: {token: '${ $secrets.s }'}} | the secret 's' is not declared",
        "auth: {bearer: {token: x}, apiKey: {name: K, value: v}} | an authentication must have one scheme, and may have 'mtls' beside it",
        "auth: {apiKey: {in: body, name: K, value: v}} | 'in' must be one of header, query, cookie, not 'body'",
        "auth: {hmac: {secret: s, signed: [bdy]}} | 'bdy' is nothing that can be signed",
        "auth: {sigv4: {accessKey: a, secretKey: s, region: r}} | 'service' is missing in 'sigv4'",
        "transform: {response: '${ .a + }'} | the expression does not compile: unexpected end of expression at column 5",
        "transform: {request: {headers: x}} | 'headers' must be an object, not a string",
      })
  void aBlockThatIsWrongIsToldInWords(String block, String message) {
    assertThat(mistakes("integrations: {a: {match: {}, " + block + "}}")).containsExactly(message);
  }

  @Test
  void aKeyCanBeLeftOut() {
    Settings keyless = settings("integrations: {a: {match: {}, idempotency: {send: false}}}");
    assertThat(policy(keyless, "GET", "http://x").idempotency().header()).isNull();
  }

  @Test
  void namesOfIntegrationsAreNamesAndNotThatOfTheDefault() {
    assertThat(mistakes("integrations: {default: {match: {}}, 'a b': {match: {}}}"))
        .containsExactly(
            "'default' is no name of an integration", "'a b' is no name of an integration");
  }

  private static List<String> mistakes(String yaml) {
    return Settings.read(yaml).diagnostics().stream().map(Diagnostic::message).toList();
  }

  @Test
  void everyTieIsAMistakeWhereTheLaterBlockStands() {
    List<Diagnostic> diagnostics =
        Settings.read(
                """
                integrations:
                  a: {match: {hosts: [x.test]}, concurrency: {max: 1}, egress: {private: deny}}
                  b: {match: {hosts: [x.test]}, concurrency: {max: 2}}
                  c: {match: {hosts: ["*.test"]}, egress: {private: allow}}
                  d: {match: {hosts: [x.test]}, egress: {private: allow}}
                """)
            .diagnostics();
    assertThat(diagnostics)
        .extracting(d -> d.format("skein.yaml"))
        .containsExactly(
            "skein.yaml:3:33 'a' and 'b' (lines 2 and 3) both set 'concurrency' for the same"
                + " calls; make one of them more specific, or leave it out there",
            "skein.yaml:5:33 'a' and 'd' (lines 2 and 5) both set 'egress' for the same"
                + " calls; make one of them more specific, or leave it out there");
  }

  @Test
  void whatIsNoTextIsAMistake(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("skein.yaml");
    Files.write(file, new byte[] {(byte) 0xC3, 0x28});
    assertThatThrownBy(() -> Settings.load(file)).hasMessageEndingWith("is no text in UTF-8");
  }

  private static Policy forced(String workflow, String url) {
    Settings settings =
        Settings.read(
                """
                integrations:
                  payments:
                    match: {hosts: [pay.example.com]}
                    timeout: {attempt: PT1S}
                    auth: {bearer: {token: t}}
                    egress: {private: allow}
                  guests: {match: {workflows: ["guests/*"]}, egress: {private: deny}}
                """)
            .result();
    assertThat(settings).isNotNull();
    var call = new Match.Call("GET", URI.create(url), null, workflow, "t", "/do/0/t");
    return settings.policies().effective(call, "payments").policy();
  }

  @Test
  void noWorkflowChoosesWhereCredentialsGoNorWhichAddressesAreOpen() {
    Policy elsewhere = forced("guests/w", "http://elsewhere.example/");
    assertThat(elsewhere.timeout().attempt()).isEqualTo(Duration.ofSeconds(1));
    assertThat(elsewhere.auth()).as("it is not for that host").isNull();
    assertThat(elsewhere.egress().privateNetworks()).isFalse();
    Policy there = forced("guests/w", "https://pay.example.com/");
    assertThat(there.auth()).isNotNull();
    assertThat(there.egress().privateNetworks()).isFalse();
    assertThat(forced("shop/w", "https://pay.example.com/").auth()).isNotNull();
    assertThat(forced("shop/w", "http://elsewhere.example/").auth()).isNull();
  }

  @Test
  void namespacesThatAreNotTrustedAreDeniedPrivateAddressesUnlessAnIntegrationAllowsThem() {
    Settings settings =
        settings(
            """
            untrusted: [guests, "tenant-*"]
            integrations:
              ours: {match: {hosts: [ours.example.com]}, egress: {private: allow}}
            """);
    PolicyBook policies = settings.policies();
    URI there = URI.create("http://there.example.com/");
    assertThat(policies.egress(there, "guests/w").privateNetworks()).isFalse();
    assertThat(policies.egress(there, "tenant-1/w").privateNetworks()).isFalse();
    assertThat(policies.egress(there, "tenant/w").privateNetworks()).isTrue();
    URI ours = URI.create("http://ours.example.com/");
    assertThat(policies.egress(ours, "guests/w").privateNetworks()).isTrue();
    assertThat(Settings.read("untrusted: [guests, a/b]").diagnostics())
        .extracting(diagnostic -> diagnostic.format("skein.yaml"))
        .containsExactly("skein.yaml:1:21 'a/b' is no namespace such as guests or guest-*");
  }
}
