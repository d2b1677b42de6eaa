package dev.skein.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HttpConnectorTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path directory;
  private static SSLContext tls;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private HttpsServer server;

  @BeforeAll
  static void makeCertificateFor127001() throws Exception {
    Path store = directory.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=skein-test",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory key = KeyManagerFactory.getInstance("PKIX");
    key.init(keys, PASSWORD);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(keys);
    tls = SSLContext.getInstance("TLS");
    tls.init(key.getKeyManagers(), trust.getTrustManagers(), null);
  }

  @BeforeEach
  void start() throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/ok",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
          exchange.close();
        });
    server.createContext(
        "/never",
        exchange -> {
          asked.countDown();
          try {
            done.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    done.countDown();
    server.stop(0);
  }

  private HttpCall call(String host, String path) {
    return HttpCall.of(
        "GET", URI.create("https://" + host + ":" + server.getAddress().getPort() + path));
  }

  private static HttpConnector trusting() {
    return new HttpConnector(
        new HttpConnector.Settings(InstantSource.system(), tls, 16 * 1024 * 1024, Detour.NONE));
  }

  @Test
  void aTrustedServerIsCalledOverAKeptConnection() throws Exception {
    try (HttpConnector connector = trusting()) {
      for (int i = 0; i < 3; i++) {
        assertThat(connector.send(call("127.0.0.1", "/ok")).asString()).isEqualTo("ok");
      }
    }
  }

  @Test
  void anUntrustedCertificateSendsNothing() {
    try (HttpConnector connector = new HttpConnector()) {
      HttpCallException e =
          catchThrowableOfType(
              HttpCallException.class, () -> connector.send(call("127.0.0.1", "/ok")));
      assertThat(e.status()).isEqualTo(503);
      assertThat(e.outcomeUnknown()).isFalse();
      assertThat(e.detail()).contains("TLS handshake").contains("127.0.0.1");
    }
  }

  @Test
  void aCertificateForAnotherHostSendsNothing() {
    try (HttpConnector connector = trusting()) {
      HttpCallException e =
          catchThrowableOfType(
              HttpCallException.class, () -> connector.send(call("localhost", "/ok")));
      assertThat(e.outcomeUnknown()).isFalse();
      assertThat(e.detail()).contains("TLS handshake").contains("localhost");
    }
  }

  @Test
  void aCallOverTlsIsInterruptedAtOnce() throws Exception {
    try (HttpConnector connector = trusting()) {
      var thrown = new AtomicReference<Throwable>();
      Thread caller =
          Thread.ofVirtual()
              .start(() ->
                  thrown.set(catchThrowable(() -> connector.send(call("127.0.0.1", "/never")))));
      asked.await();
      long start = System.nanoTime();
      caller.interrupt();
      caller.join();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(200));
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }
  }
}
