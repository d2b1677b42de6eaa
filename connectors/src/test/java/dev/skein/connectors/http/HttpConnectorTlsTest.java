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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
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
    keytool("server", "-genkeypair", "-keyalg", "EC", "-dname", "CN=skein", "-ext", LOOPBACK);
    tls = context("server");
  }

  private static final String LOOPBACK = "san=ip:127.0.0.1";

  /// Runs keytool on a store of that name.
  private static void keytool(String store, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-noprompt"));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    command.addAll(List.of("-keystore", directory.resolve(store + ".p12").toString()));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes());
    assertThat(keytool.waitFor()).as(said).isZero();
  }

  /// What shows the keys of a store, and trusts all that is in it.
  private static SSLContext context(String store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve(store + ".p12"))) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory key = KeyManagerFactory.getInstance("PKIX");
    key.init(keys, PASSWORD);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(key.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /// A certificate for 127.0.0.1 that an authority, `authority.p12`, has vouched for.
  private static SSLContext vouchedFor(String name, String... validity) throws Exception {
    String request = directory.resolve(name + ".csr").toString();
    String signed = directory.resolve(name + ".crt").toString();
    keytool(name, "-genkeypair", "-alias", "own", "-keyalg", "EC", "-dname", "CN=skein");
    keytool(name, "-certreq", "-alias", "own", "-file", request);
    List<String> sign =
        new ArrayList<>(
            List.of("-gencert", "-alias", "ca", "-infile", request, "-outfile", signed));
    sign.addAll(List.of("-ext", LOOPBACK));
    sign.addAll(List.of(validity));
    keytool("authority", sign.toArray(String[]::new));
    String authority = directory.resolve("authority.crt").toString();
    keytool("authority", "-exportcert", "-alias", "ca", "-file", authority);
    keytool(name, "-importcert", "-alias", "ca", "-file", authority);
    keytool(name, "-importcert", "-alias", "own", "-file", signed);
    return context(name);
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
  void aCertificateThatIsOverSendsNothing() throws Exception {
    keytool(
        "authority",
        "-genkeypair",
        "-alias",
        "ca",
        "-keyalg",
        "EC",
        "-dname",
        "CN=ca",
        "-ext",
        "bc:c");
    assertThat(statusFrom(vouchedFor("fresh", "-validity", "5"))).isEqualTo(404);
    assertThat(statusFrom(vouchedFor("over", "-startdate", "-10d", "-validity", "5")))
        .isEqualTo(503);
  }

  /// What a call to a server that shows this certificate ends with, where its authority is trusted.
  private static int statusFrom(SSLContext shown) throws Exception {
    HttpsServer other =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.setHttpsConfigurator(new HttpsConfigurator(shown));
    other.start();
    var settings =
        new HttpConnector.Settings(
            InstantSource.system(), context("authority"), 1_000_000, Detour.NONE);
    try (HttpConnector connector = new HttpConnector(settings)) {
      URI uri = URI.create("https://127.0.0.1:" + other.getAddress().getPort() + "/ok");
      HttpCallException e =
          catchThrowableOfType(
              HttpCallException.class, () -> connector.send(HttpCall.of("GET", uri)));
      boolean sent = e.reach() != HttpCallException.Reach.NOT_SENT;
      assertThat(sent).as(e.detail()).isEqualTo(e.status() == 404);
      return e.status();
    } finally {
      other.stop(0);
    }
  }

  @Test
  void aHandshakeThatTakesTooLongSendsNothing() throws Exception {
    // it takes the greeting and never answers it
    try (RawServer slow = new RawServer(RawServer.Peer::awaitClose);
        HttpConnector connector = trusting()) {
      HttpCall call =
          HttpCall.of("POST", URI.create("https://127.0.0.1:" + slow.port() + "/"))
              .withTimeouts(Duration.ofMillis(200), Duration.ofSeconds(20));
      long begun = System.nanoTime();
      HttpCallException e =
          catchThrowableOfType(HttpCallException.class, () -> connector.send(call));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
      assertThat(e.reach()).isEqualTo(HttpCallException.Reach.NOT_SENT);
      assertThat(e.outcomeUnknown()).isFalse();
    }
  }

  @Test
  void aHandshakeTakesNoLongerThanTheWholeCallMay() throws Exception {
    try (RawServer slow = new RawServer(RawServer.Peer::awaitClose);
        HttpConnector connector = trusting()) {
      HttpCall call =
          HttpCall.of("POST", URI.create("https://127.0.0.1:" + slow.port() + "/"))
              .withTimeouts(
                  new HttpCall.Timeouts(
                      Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(200)));
      long begun = System.nanoTime();
      HttpCallException e =
          catchThrowableOfType(HttpCallException.class, () -> connector.send(call));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
      assertThat(e.reach()).isEqualTo(HttpCallException.Reach.NOT_SENT);
    }
  }

  @Test
  void aHandshakeThatTricklesIsCutByTheTimeOfTheWholeCall() throws Exception {
    // the head of a record of 16 KiB, and then a byte now and then
    RawServer.Script trickle =
        peer -> {
          peer.write("\u0016\u0003\u0003\u003f\u00ff");
          while (true) {
            peer.write("x");
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
          }
        };
    try (RawServer slow = new RawServer(trickle);
        HttpConnector connector = trusting()) {
      HttpCall call =
          HttpCall.of("GET", URI.create("https://127.0.0.1:" + slow.port() + "/"))
              .withTimeouts(
                  new HttpCall.Timeouts(
                      Duration.ofMillis(300), Duration.ofSeconds(20), Duration.ofSeconds(1)));
      long begun = System.nanoTime();
      HttpCallException e =
          catchThrowableOfType(HttpCallException.class, () -> connector.send(call));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
      assertThat(e.outcomeUnknown()).isFalse();
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
