package dev.skein.connectors.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpConnector;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Calls to a real server that lets nobody in without a certificate it knows.
@Timeout(60)
class MutualTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Map<String, Identity> IDENTITIES = new ConcurrentHashMap<>();

  @TempDir static Path directory;

  private record Identity(KeyStore store, String certificate, String key) {}

  private final Set<Integer> ports = Collections.newSetFromMap(new ConcurrentHashMap<>());
  private final HttpConnector connector = new HttpConnector();
  private final Authorizer authorizer = new Authorizer(connector, InstantSource.system());
  private HttpsServer server;

  @BeforeAll
  static void makeCertificates() throws Exception {
    for (String name : new String[] {"server", "EC", "RSA", "Ed25519", "stranger"}) {
      IDENTITIES.put(name, identity(name));
    }
  }

  private static Identity identity(String name) throws Exception {
    Path file = directory.resolve(name + ".p12");
    String algorithm = name.equals("server") || name.equals("stranger") ? "EC" : name;
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "it",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return new Identity(
        store,
        pem("CERTIFICATE", store.getCertificate("it").getEncoded()),
        pem("PRIVATE KEY", store.getKey("it", PASSWORD).getEncoded()));
  }

  private static String pem(String label, byte[] bytes) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label);
  }

  @BeforeEach
  void start() throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(IDENTITIES.get("server").store, PASSWORD);
    KeyStore known = KeyStore.getInstance("PKCS12");
    known.load(null, null);
    for (String name : new String[] {"EC", "RSA", "Ed25519"}) {
      known.setCertificateEntry(name, IDENTITIES.get(name).store.getCertificate("it"));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(known);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters needed = getSSLContext().getDefaultSSLParameters();
            needed.setNeedClientAuth(true);
            parameters.setSSLParameters(needed);
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          ports.add(exchange.getRemoteAddress().getPort());
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          String caller =
              ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal() + " " + authorization;
          byte[] answer = caller.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    connector.close();
    server.stop(0);
  }

  private HttpCall call() {
    return HttpCall.of("GET", URI.create("https://127.0.0.1:" + server.getAddress().getPort()));
  }

  private static ObjectNode policy(String certificate, String key, String ca) {
    ObjectNode policy = JsonMapper.shared().createObjectNode();
    policy.putObject("mtls").put("certificate", certificate).put("key", key).put("ca", ca);
    return policy;
  }

  private static ObjectNode policy(String name) {
    Identity identity = IDENTITIES.get(name);
    return policy(identity.certificate, identity.key, IDENTITIES.get("server").certificate);
  }

  private HttpCallException failure(JsonNode policy) {
    return catchThrowableOfType(HttpCallException.class, () -> authorizer.send(call(), policy));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void theServerKnowsTheClientByItsCertificate(String algorithm) throws Exception {
    assertThat(authorizer.send(call(), policy(algorithm)).output().asString())
        .isEqualTo("CN=" + algorithm + " null");
  }

  @Test
  void aTokenMayGoWithTheCertificate() throws Exception {
    ObjectNode policy = policy("EC");
    policy.putObject("bearer").put("token", "t1");
    Authorizer.Outcome outcome = authorizer.send(call(), policy);
    assertThat(outcome.output().asString()).isEqualTo("CN=EC Bearer t1");
    assertThat(outcome.authorization()).isEqualTo(new Authorization("Bearer", "t1"));
  }

  @Test
  void callsWithTheSameTextsShareConnectionsAndOthersDoNot() throws Exception {
    authorizer.send(call(), policy("EC"));
    authorizer.send(call(), policy("EC").deepCopy());
    assertThat(ports).hasSize(1);
    assertThat(authorizer.send(call(), policy("RSA")).output().asString()).startsWith("CN=RSA");
    assertThat(ports).hasSize(2);
  }

  @Test
  void whoTheServerDoesNotKnowIsNotLetIn() {
    assertThat(failure(policy("stranger")).kind()).isEqualTo(Kind.COMMUNICATION);
    assertThat(ports).isEmpty();
  }

  @Test
  void aServerThatNobodyOfTheCaVouchesForGetsNothing() {
    Identity client = IDENTITIES.get("EC");
    String other = IDENTITIES.get("stranger").certificate;
    HttpCallException e = failure(policy(client.certificate, client.key, other));
    assertThat(e.status()).isEqualTo(503);
    assertThat(e.outcomeUnknown()).isFalse();
    HttpCallException byTheJdk = failure(policy(client.certificate, client.key, null));
    assertThat(byTheJdk.detail()).contains("TLS handshake");
    assertThat(ports).isEmpty();
  }

  @Test
  void aCallWithoutTlsIsRefused() {
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class,
            () ->
                authorizer.send(
                    HttpCall.of("GET", URI.create("http://127.0.0.1:1/")), policy("EC")));
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(e.detail()).contains("needs https");
  }

  @Test
  void whatIsWrongWithTheTextsIsSaidWithoutQuotingThem() {
    Identity client = IDENTITIES.get("EC");
    Identity other = IDENTITIES.get("stranger");
    assertThat(failure(policy(client.certificate, other.key, null)).detail())
        .isEqualTo("'key' of the authentication 'mtls' does not belong to the first certificate");
    assertThat(failure(policy(IDENTITIES.get("RSA").certificate, other.key, null)).detail())
        .contains("does not belong");
    String older = client.key.replace("PRIVATE KEY", "RSA PRIVATE KEY");
    assertThat(failure(policy(client.certificate, older, null)).detail())
        .contains("'RSA PRIVATE KEY'", "openssl pkcs8 -topk8 -nocrypt");
    String broken = pem("PRIVATE KEY", "nonsense".getBytes(StandardCharsets.UTF_8));
    assertThat(failure(policy(client.certificate, broken, null)).detail())
        .contains("is no private key of RSA, EC, EdDSA")
        .doesNotContain("nonsense", "bm9uc2Vuc2U");
    assertThat(failure(policy(client.key, client.key, null)).detail())
        .contains("'certificate'", "no PEM block CERTIFICATE");
    assertThat(failure(policy(client.certificate, client.certificate, null)).detail())
        .contains("'key'", "no PEM block PRIVATE KEY");
    assertThat(failure(policy(client.certificate, client.key, "x")).detail())
        .contains("'ca'", "no PEM block CERTIFICATE");
  }
}
