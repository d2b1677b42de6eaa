package dev.skein.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.view.RunView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A call of a workflow that `skein.yaml` signs.
class SignedIntegrationsTest {
  private static final String SECRET = "s3cr3t-of-the-hook";

  @TempDir private Path data;

  private record Sent(String timestamp, String signature, String body) {
    boolean isSigned() throws Exception {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] expected = mac.doFinal((timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(expected).equals(signature);
    }
  }

  @Test
  void everyAttemptIsSignedAndNothingOfItIsWrittenDown() throws Exception {
    Files.createDirectories(data.resolve("secrets"));
    Files.writeString(data.resolve("secrets/hook"), SECRET + "\n");
    List<Sent> sent = Collections.synchronizedList(new ArrayList<>());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hook",
        exchange -> {
          var headers = exchange.getRequestHeaders();
          String body = new String(exchange.getRequestBody().readAllBytes());
          sent.add(
              new Sent(headers.getFirst("X-Timestamp"), headers.getFirst("X-Signature"), body));
          exchange.sendResponseHeaders(sent.size() == 1 ? 503 : 204, -1);
          exchange.close();
        });
    server.start();
    String local = "localhost:" + server.getAddress().getPort();
    Settings settings =
        Settings.read(
                """
                secrets: [hook]
                integrations:
                  hook:
                    match: {hosts: [localhost]}
                    auth: {hmac: {secret: "${ $secrets.hook }"}}
                    retry: {attempts: 2}
                """)
            .result();
    try (Skein skein = Skein.open(data, EngineOptions.DEFAULT, settings)) {
      skein.deploy(
          """
          document: {dsl: 1.0.3, namespace: shop, name: signed, version: 1.0.0}
          do:
            - tell:
                call: http
                with: {method: post, endpoint: "http://%s/hook", body: {a: 1}, output: response}
                output: {as: .request.headers}
          """
              .formatted(local));
      RunView run = skein.await(skein.start("signed", Map.of(), "s"), Duration.ofSeconds(30));
      assertThat(run.output().path("X-Signature").asString()).isEqualTo("***");
    } finally {
      server.stop(0);
    }
    assertThat(sent).hasSize(2);
    for (Sent attempt : sent) {
      assertThat(attempt.isSigned()).isTrue();
      try (var files = Files.list(data)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain(attempt.signature, SECRET);
        }
      }
    }
  }
}
