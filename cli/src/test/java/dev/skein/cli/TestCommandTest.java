package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `skein test`, which runs tests of workflows.
class TestCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int skein(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /// A workflow that makes one call, to `http://peer.test`, and this of its tests.
  private void cases(String cases) throws IOException {
    write(
        "ask.yaml",
        """
        document: {dsl: 1.0.3, namespace: t, name: ask, version: 1.0.0}
        do:
          - ask:
              try:
                - call: {call: http, with: {method: get, endpoint: "http://peer.test/a?x=1"}}
              catch:
                retry: {delay: {minutes: 10}, limit: {attempt: {count: 2}}}
                do: [{fail: {raise: {error: {type: "urn:e", status: 500, title: "${ $error.title }"}}}}]
        """);
    write("ask.test.yaml", "workflow: ask.yaml\ncases:\n" + cases.indent(2));
  }

  @Test
  void theExampleOfTheDocumentationPasses() throws Exception {
    String document = Files.readString(Path.of("../docs/testing.md"));
    var blocks =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(document)
            .results()
            .map(result -> result.group(1))
            .toList();
    write("checkout.yaml", blocks.get(0));
    write("checkout.test.yaml", blocks.get(1));
    assertThat(skein("test", folder.toString())).as("%s%s", out, err).isZero();
    assertThat(out.toString())
        .contains("✓ a sale is charged a day later (86400.", "2 passed, 0 failed");
  }

  @Test
  void peersFailInEveryWayAndTimeLeapsOverTheRetries() throws Exception {
    cases(
        """
        - name: fails until it does not
          peers:
            peer.test:
              rules:
                - {on: GET /a, times: 1, fail: reset}
                - {on: GET /a, times: 1, fail: cut, body: {half: true}}
                - {on: "GET /a?x=1", headers: {X-Y: z}, body: {done: 1}}
          expect: {output: {done: 1.0}, that: ['.took > 1200 and .took < 1260']}
        - name: garbage is an error
          peers: {peer.test: {rules: [{on: "* /**", fail: garbage}]}}
          expect: {error: {title: Invalid answer}, within: PT25M}
        - name: nobody is there
          peers: {peer.test: {down: true}}
          expect: {error: {title: Service unreachable}, calls: []}
        """);
    assertThat(skein("test", folder.toString())).as("%s%s", out, err).isZero();
    assertThat(out.toString()).contains("3 passed, 0 failed");
  }

  @Test
  void aTimeoutCutsAHangingPeer() throws Exception {
    write(
        "slow.yaml",
        """
        document: {dsl: 1.0.3, namespace: t, name: slow, version: 1.0.0}
        do:
          - ask:
              call: http
              with: {method: get, endpoint: "https://slow.test/"}
              timeout: {after: {milliseconds: 300}}
        """);
    write(
        "slow.test.yaml",
        """
        workflow: slow.yaml
        cases:
          - name: is cut
            peers: {slow.test: {rules: [{on: GET /, fail: hang}]}}
            expect: {error: {type: timeout, status: 408}, within: PT5S}
        """);
    assertThat(skein("test", folder.toString())).as("%s%s", out, err).isZero();
  }

  @Test
  void saysWhatIsNotAsExpected() throws Exception {
    cases(
        """
        - name: everything is otherwise
          peers: {peer.test: {rules: [{on: GET /a, body: 1}]}}
          expect:
            status: cancelled
            output: 2
            error: {status: 500}
            calls: [GET other.test/]
            that: [.output > 1]
            within: PT0S
        - name: somebody unknown is asked
          expect: {status: faulted}
        """);
    assertThat(skein("test", folder.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "✗ everything is otherwise",
            "it is completed, not cancelled",
            "output is 1, not 2",
            "error.status is missing, not 500",
            "the calls are\n        GET peer.test/a?x=1\n      not\n        GET other.test/",
            "'.output > 1' does not hold of",
            "nobody answers GET peer.test/a?x=1 here",
            "0 passed, 2 failed");
    assertThat(skein("test", folder.toString(), "--json", "--case", "unknown")).isEqualTo(1);
    JsonNode results = Json.parse(out.toString());
    assertThat(results).hasSize(1);
    assertThat(results.get(0).path("failures").get(0).asString())
        .isEqualTo("nobody answers GET peer.test/a?x=1 here");
  }

  @Test
  void whatWaitsForNothingIsSaidToBeStuck() throws Exception {
    write(
        "wait.yaml",
        """
        document: {dsl: 1.0.3, namespace: t, name: wait, version: 1.0.0}
        do: [{paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}}]
        """);
    write(
        "wait.test.yaml",
        """
        workflow: wait.yaml
        cases:
          - name: never
          - name: after an hour
            events: [{after: PT1H, event: {type: com.example.paid, data: 7}}]
            expect: {output: [7], that: [.took >= 3600]}
        """);
    assertThat(skein("test", folder.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "✗ never", "it waits for an event of type 'com.example.paid'", "which never comes")
        .contains("✓ after an hour");
  }

  @Test
  void recordsWhatASystemAnswersAndPlaysItWithoutIt() throws Exception {
    var asked = new AtomicInteger();
    HttpServer system =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    system.createContext(
        "/",
        exchange -> {
          byte[] answer = ("{\"times\": " + asked.incrementAndGet() + "}").getBytes();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    system.start();
    String host = "localhost:" + system.getAddress().getPort();
    write(
        "two.yaml",
        """
        document: {dsl: 1.0.3, namespace: t, name: two, version: 1.0.0}
        use: {secrets: [key]}
        do:
          - one: {call: http, with: {method: post, endpoint: "http://%s/", body: "${ $secrets.key }"}}
          - two: {call: http, with: {method: post, endpoint: "http://%s/", body: "${ $secrets.key }"}}
        """
            .formatted(host, host));
    write(
        "two.test.yaml",
        """
        workflow: two.yaml
        cases:
          - name: twice
            secrets: {key: s3cr3t}
            peers: {"%s": {cassette: tape.json}}
            expect: {output: {times: 2}}
        """
            .formatted(host));
    assertThat(skein("test", folder.toString(), "--record")).as("%s%s", out, err).isZero();
    system.stop(0);
    assertThat(asked).hasValue(2);
    assertThat(Files.readString(folder.resolve("tape.json")))
        .contains("***")
        .doesNotContain("s3cr3t");
    assertThat(skein("test", folder.toString())).as("%s%s", out, err).isZero();
    assertThat(asked).hasValue(2);
  }

  @Test
  void peersSpeakTheFormatsOfTheirContentTypes() throws Exception {
    write(
        "send.yaml",
        """
        document: {dsl: 1.0.3, namespace: t, name: send, version: 1.0.0}
        do:
          - send:
              call: http
              with:
                method: post
                endpoint: http://peer.test/orders
                headers: {Content-Type: application/xml}
                body: {order: {"@id": 7, item: [hat, coat]}}
        """);
    write(
        "send.test.yaml",
        """
        workflow: send.yaml
        cases:
          - name: speaks
            peers:
              peer.test:
                rules:
                  - {on: POST /orders, with: {order: {"@id": "8"}}, status: 500}
                  - on: POST /orders
                    with: {order: {"@id": "7"}}
                    headers: {content-type: text/csv}
                    body: [{item: hat, price: 7}]
            expect: {output: [{item: hat, price: "7"}]}
        """);
    assertThat(skein("test", folder.toString())).as("%s%s", out, err).isZero();
    write(
        "send.test.yaml",
        """
        workflow: send.yaml
        cases:
          - name: cannot
            peers:
              peer.test: {rules: [{on: POST /orders, headers: {content-type: text/csv}, body: 5}]}
        """);
    assertThat(skein("test", folder.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("send.test.yaml:5:", "cannot be sent as text/csv");
  }

  @Test
  void mistakesInATestFileAreToldWhereTheyStand() throws Exception {
    write(
        "bad.test.yaml",
        "workflow: x.yaml\ncases:\n  - {name: a, peers: {h: {rules: [{om: x}]}}}\n");
    assertThat(skein("test", folder.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("bad.test.yaml:3:", "unknown property 'om'", "did you mean 'on'?");
    assertThat(skein("test", Files.createDirectory(folder.resolve("empty")).toString()))
        .isEqualTo(2);
  }
}
