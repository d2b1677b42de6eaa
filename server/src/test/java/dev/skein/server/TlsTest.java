package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.runtime.settings.AuthSettings;
import dev.skein.runtime.settings.ServerSettings;
import dev.skein.server.Served.Got;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `server` of the settings does, on a real server.
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path folder;

  /// As `keytool` makes one.
  private KeyStore selfSigned() throws Exception {
    Path file = folder.resolve("store.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process making =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "s",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    assertThat(making.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private Path pem(String name, String kind, byte[] content) throws Exception {
    String text = Base64.getMimeEncoder().encodeToString(content);
    String pem = "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind);
    return Files.writeString(folder.resolve(name), pem);
  }

  private static ServerOptions options(ServerSettings.Tls tls, ServerSettings.Published.Auth auth) {
    var published = new ServerSettings.Published(auth, true);
    var server = new ServerSettings("127.0.0.1", 0, tls, published);
    return new ServerOptions("127.0.0.1", 0, null, server, AuthSettings.NONE);
  }

  @Test
  void servesByTlsAndTellsBrowsersToStayThere() throws Exception {
    KeyStore store = selfSigned();
    Path certificate = pem("c.pem", "CERTIFICATE", store.getCertificate("s").getEncoded());
    Path key = pem("k.pem", "PRIVATE KEY", store.getKey("s", PASSWORD).getEncoded());
    var tls = new ServerSettings.Tls(certificate.toString(), key.toString());
    var trust = TrustManagerFactory.getInstance("PKIX");
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("s", store.getCertificate("s"));
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (Skein skein = Skein.open(folder.resolve("data"));
        Server server = new Server(skein, options(tls, ServerSettings.Published.Auth.OPEN));
        HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      assertThat(server.url()).startsWith("https://");
      String made = skein.access().keys().make("a", Roles.everywhere(Role.VIEWER), null).shown();
      URI session = URI.create(server.url() + "/api/v1/session");
      HttpResponse<String> got =
          client.send(
              HttpRequest.newBuilder(session)
                  .POST(HttpRequest.BodyPublishers.ofString("{\"key\": \"" + made + "\"}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(got.statusCode()).isEqualTo(200);
      assertThat(got.headers().firstValue("Strict-Transport-Security")).isPresent();
      assertThat(got.headers().firstValue("Set-Cookie").orElse("")).contains("; Secure");
    }
  }

  @Test
  void saysWhichFileIsNoKey() throws Exception {
    Path certificate = Files.writeString(folder.resolve("c.pem"), "nothing");
    var tls = new ServerSettings.Tls(certificate.toString(), certificate.toString());
    try (Skein skein = Skein.open(folder.resolve("data"))) {
      assertThatThrownBy(() -> new Server(skein, options(tls, ServerSettings.Published.Auth.OPEN)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("c.pem has no PRIVATE KEY");
    }
  }

  private static final String HELLO =
      """
      document:
        dsl: 1.0.3
        namespace: shop
        name: hello
        version: 1.0.0
        metadata: {skein: {api: {path: /hello, method: get}}}
      do: [{a: {set: {hello: world}}}]
      """;

  @Test
  void publishedWorkflowsAskForAKeyOnlyIfTheProjectWantsIt() {
    for (var published : ServerSettings.Published.Auth.values()) {
      Path data = folder.resolve(published.name());
      try (Served served = new Served(data, options(null, published), Timeline.system())) {
        served.deploy(HELLO);
        var keys = served.skein.access().keys();
        String shop = keys.make("s", Roles.parse("viewer@shop"), null).shown();
        String bank = keys.make("b", Roles.parse("admin@bank"), null).shown();
        boolean open = published == ServerSettings.Published.Auth.OPEN;
        assertThat(served.get("/hello").status()).isEqualTo(open ? 200 : 401);
        assertThat(call(served, bank).status()).isEqualTo(open ? 200 : 403);
        assertThat(call(served, shop).status()).isEqualTo(200);
      }
    }
  }

  private static Got call(Served served, String key) {
    return served.get("/hello", "Authorization", "Bearer " + key);
  }
}
