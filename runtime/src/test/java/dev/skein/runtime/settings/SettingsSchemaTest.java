package dev.skein.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.skein.interpreter.Json;
import dev.skein.model.Code;
import dev.skein.model.Diagnostic;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The published schema of `skein.yaml` refuses what the reader refuses, but for what no schema can
/// tell: what does not fit together, and expressions.
class SettingsSchemaTest {
  private static final int MUTANTS = 5_000;
  private static final Set<Code> BEYOND_SCHEMAS =
      EnumSet.of(Code.CONFLICT, Code.EXPRESSION, Code.VARIABLE, Code.REFERENCE);

  private static final String CORPUS =
      """
      secrets: [hook, aws]
      server:
        host: 0.0.0.0
        port: 7400
        tls: {certificate: server.pem, key: server.key}
        published: {auth: required, audit: false}
      auth:
        jwt:
          issuer: https://login.example.com
          audience: skein
          roles: {claim: groups, grants: {ops: operator@shop, all: "viewer,admin@bank"}}
        oidc:
          issuer: https://login.example.com/realm
          clientId: console
          clientSecret: hook
          redirect: https://skein.example.com/api/v1/session/oidc/callback
          roles: {grants: {admins: admin}}
      untrusted: [guests, "tenant-*"]
      alerts:
        every: PT15S
        notify: [{webhook: "https://hooks.example.com/T1"}, {email: [ops@example.com]}]
        mail:
          host: mail.example.com
          port: 465
          security: tls
          from: skein@example.com
          user: skein
          password: hook
        rules:
          stuck:
            when: ${ .runs.open.suspended > 3 }
            for: PT5M
            window: PT10M
            repeat: PT4H
            severity: critical
            scope: cluster
            summary: ${ "\\(.runs.open.suspended) runs are suspended" }
            notify: [{command: page}, {workflow: "ops/page:1.0.0"}]
      telemetry:
        service: shop
        logs: {format: json, level: warn, levels: {dev.skein.runs: debug}}
        traces:
          endpoint: https://collector.example.com:4318
          sample: 0.25
          headers: {x-tenant: shop}
          secretHeaders: {x-team: hook}
      integrations:
        all:
          match:
            hosts: [pay.example.com, "*.example.com", "[::1]:8080"]
            paths: [/v1/refunds/**]
            methods: [get, POST]
            operations: [charge]
            workflows: [shop/checkout, shop/*]
            tasks: [pay, /do/0/pay]
          endpoints:
            - {url: "http://10.0.0.1:8080", weight: 90}
            - {url: "https://pay.example.com/api", weight: 10, labels: {track: canary}}
          balance:
            policy: round-robin
            eject: true
            ejection: {consecutiveFailures: 3, time: PT1M}
            health: {path: /health, every: PT5S, timeout: PT1S, failures: 3, successes: 2}
          auth: {bearer: {token: t}}
          timeout: {connect: PT1S, attempt: PT2S, overall: {seconds: 15}, propagate: true}
          retry:
            attempts: 4
            on: [connect, reset, 429, "503"]
            backoff: {first: PT0.2S, factor: 3, max: PT10S, jitter: 0.5}
            honourRetryAfter: PT1H
            durableAfter: PT0S
          retryBudget: {percent: 20, minPerSecond: 3}
          hedge: {after: p99.9, methods: [get]}
          rateLimit: {scope: cluster, limit: 100/s, burst: 200, onLimit: fail}
          concurrency: {max: 50, queue: 0, adaptive: true}
          breaker: {failureRate: 50, slowCall: PT2S, window: 100, openFor: PT30S, onOpen: fail}
          idempotency: {send: true, header: Idempotency-Key}
          version: {header: "Stripe-Version: 2026-08-01", deprecation: ignore}
          transform:
            request: {body: {sum: "${ .body }"}, headers: {X-Unit: cent}, query: {v: 2}}
            response: {body: ["${ .body }"]}
          contract: {openapi: apis/pay.yaml, request: warn, response: enforce}
          egress: {private: deny}
        short:
          match: {hosts: [a.example.com]}
          hedge: {after: PT0.1S}
          transform: {request: "${ .body }", response: "${ .body }"}
        basic: {match: {hosts: [b.example.com]}, auth: {basic: {username: u, password: p}}}
        digest: {match: {hosts: [c.example.com]}, auth: {digest: {use: hook}}}
        key:
          match: {hosts: [d.example.com]}
          auth: {apiKey: {in: query, name: k, value: "${ $secrets.hook }"}}
        hook:
          match: {hosts: [e.example.com]}
          auth:
            hmac:
              secret: "${ $secrets.hook }"
              algorithm: sha512
              format: base64
              header: X-S
              prefix: "v1="
              separator: ":"
              timestampHeader: X-T
              signed: [method, path, query, timestamp, date, body, "header:Host"]
        aws:
          match: {hosts: [f.example.com]}
          auth: {sigv4: {accessKey: a, secretKey: s, sessionToken: t, region: r, service: s3}}
        bank:
          match: {hosts: [g.example.com]}
          auth: {mtls: {certificate: c, key: k, ca: a}, bearer: {token: t}}
        oauth:
          match: {hosts: [h.example.com]}
          auth:
            oauth2:
              authority: https://login.example.com
              grant: client_credentials
              client: {id: i, secret: s, assertion: a, authentication: none, key: k, keyId: j}
              request: {encoding: application/json}
              issuers: [i]
              scopes: [s]
              audiences: [a]
              username: u
              password: p
              subject: {token: t, type: y}
              actor: {token: t, type: y}
              assertion: {issuer: i, subject: s, audience: a, key: k, keyId: j, claims: {c: d}}
              endpoints: {token: /token, revocation: /revoke, introspection: /introspect}
        oidc:
          match: {hosts: [i.example.com]}
          auth: {oidc: {authority: "https://login.example.com", grant: password}}
      """;

  private static final List<JsonNode> ODD =
      List.of(
              "null",
              "true",
              "0",
              "-1",
              "1.5",
              "2000000",
              "99999999999",
              "\"\"",
              "\" \"",
              "\"text\"",
              "\"a b\"",
              "\"${ .x }\"",
              "\"PT5S\"",
              "\"PT0S\"",
              "\"P1Y\"",
              "\"/a?b\"",
              "\"ftp://x\"",
              "\"http://x:99999\"",
              "\"p49\"",
              "\"p50\"",
              "\"5/d\"",
              "\"399\"",
              "{\"seconds\": 0}",
              "{\"seconds\": -5}",
              "{\"years\": 1}",
              "[]",
              "{}",
              "[1]",
              "[\"a\"]",
              "{\"a\": 1}",
              "{\"use\": \"hook\"}",
              "{\"use\": \"\"}",
              "{\"bearer\": {\"token\": \"t\"}}",
              "{\"mtls\": {\"use\": \"aws\"}}")
          .stream()
          .map(Json::parse)
          .toList();

  private static Schema schema;
  private static JsonNode published;

  @BeforeAll
  static void readSchema() {
    published = Json.parse(Settings.schema());
    schema =
        SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder ->
                    builder.schemaRegistryConfig(
                        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()))
            .getSchema(published);
  }

  private static ObjectNode corpus() {
    Object read = new Load(LoadSettings.builder().build()).loadFromString(CORPUS);
    return JsonMapper.shared().valueToTree(read);
  }

  @Test
  void theCorpusUsesEveryPropertyAndIsValid() {
    assertThat(schema.validate(corpus())).isEmpty();
    assertThat(Settings.read(CORPUS).diagnostics()).isEmpty();
    Set<String> declared = new TreeSet<>();
    declared(published, declared);
    names(corpus(), declared);
    assertThat(declared).containsExactlyInAnyOrder("days", "hours", "minutes", "milliseconds");
  }

  private static void declared(JsonNode schema, Set<String> names) {
    for (Map.Entry<String, JsonNode> each : schema.properties()) {
      if (each.getKey().equals("properties")) {
        names.addAll(each.getValue().propertyNames());
      }
    }
    schema.forEach(child -> declared(child, names));
  }

  private static void names(JsonNode document, Set<String> notThese) {
    document.propertyNames().forEach(notThese::remove);
    document.forEach(child -> names(child, notThese));
  }

  @Test
  void refusesWhatTheReaderRefuses() {
    List<String> disagreements = new ArrayList<>();
    int refused = 0;
    long seeds = Long.getLong("seeds", MUTANTS);
    for (long seed = 0; seed < seeds && disagreements.size() < 10; seed++) {
      JsonNode mutant = mutant(new Random(seed));
      var said = schema.validate(mutant);
      List<Diagnostic> mistakes =
          Settings.read(mutant.toPrettyString()).diagnostics().stream()
              .filter(it -> it.severity() == Diagnostic.Severity.ERROR)
              .filter(it -> !BEYOND_SCHEMAS.contains(it.code()))
              .toList();
      refused += said.isEmpty() ? 0 : 1;
      if (said.isEmpty() != mistakes.isEmpty()) {
        disagreements.add("seed %d: the schema: %s%nSkein: %s".formatted(seed, said, mistakes));
      }
    }
    assertThat(disagreements).isEmpty();
    assertThat(refused).isGreaterThan(MUTANTS / 4);
  }

  /// Changes one to three places of the corpus.
  private static JsonNode mutant(Random random) {
    ObjectNode document = corpus();
    for (int i = random.nextInt(3); i >= 0; i--) {
      List<JsonNode> containers = new ArrayList<>();
      containers(document, containers);
      JsonNode at = pick(containers, random);
      if (at instanceof ObjectNode object && !object.isEmpty()) {
        change(object, pick(containers, random), random);
      } else if (at instanceof ArrayNode array) {
        change(array, random);
      }
    }
    return document;
  }

  private static void containers(JsonNode node, List<JsonNode> found) {
    if (node.isContainer()) {
      found.add(node);
      node.forEach(child -> containers(child, found));
    }
  }

  private static void change(ObjectNode object, JsonNode other, Random random) {
    String name = pick(List.copyOf(object.propertyNames()), random);
    switch (random.nextInt(5)) {
      case 0 -> object.remove(name);
      case 1 -> object.set(name + "x", object.get(name).deepCopy());
      case 2 -> {
        if (other instanceof ObjectNode theirs && !theirs.isEmpty()) {
          String foreign = pick(List.copyOf(theirs.propertyNames()), random);
          object.set(foreign, theirs.get(foreign).deepCopy());
        }
      }
      default -> object.set(name, pick(ODD, random).deepCopy());
    }
  }

  private static void change(ArrayNode array, Random random) {
    if (array.isEmpty() || random.nextBoolean()) {
      array.add(pick(ODD, random).deepCopy());
    } else {
      array.remove(random.nextInt(array.size()));
    }
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
