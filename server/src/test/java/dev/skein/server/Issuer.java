package dev.skein.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.skein.interpreter.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An issuer of tokens on this machine, which tells everybody what the test wants.
final class Issuer implements AutoCloseable {
  private final HttpServer server;
  final RSAKey key;
  String group = "shop-ops";

  /// What the last login has shown, by the names of the protocol.
  private Map<String, String> asked = Map.of();

  Issuer() throws IOException, JOSEException {
    this.key = new RSAKeyGenerator(2048).keyID("k1").generate();
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    this.server = HttpServer.create(address, 0);
    server.createContext(
        "/.well-known/openid-configuration", exchange -> answer(exchange, 200, metadata()));
    server.createContext(
        "/keys", exchange -> answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
    server.createContext("/token", this::token);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private String metadata() {
    return """
    {"issuer": "URL", "authorization_endpoint": "URL/authorize", "token_endpoint": "URL/token",
     "jwks_uri": "URL/keys", "response_types_supported": ["code"],
     "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"]}
    """
        .replace("URL", url());
  }

  JWTClaimsSet.Builder claims(String audience) {
    return new JWTClaimsSet.Builder()
        .issuer(url())
        .subject("ann")
        .audience(audience)
        .issueTime(new Date())
        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
        .claim("groups", List.of("everybody", group));
  }

  static String signed(JWTClaimsSet claims, RSAKey by) throws JOSEException {
    var header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(by.getKeyID()).build();
    var token = new SignedJWT(header, claims);
    token.sign(new RSASSASigner(by));
    return token.serialize();
  }

  /// What the browser brings back once somebody has said yes.
  String callback(String location) {
    asked = form(URI.create(location).getRawQuery());
    return "?code=yes&state=" + asked.get("state");
  }

  /// As the protocol demands it: the code goes to who shows what its challenge was made of.
  private void token(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> form = form(body);
    String basic =
        "Basic "
            + Base64.getEncoder().encodeToString("console:s3cret".getBytes(StandardCharsets.UTF_8));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(form.get("code_verifier").getBytes(StandardCharsets.US_ASCII));
      String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
      boolean sound =
          basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
              && "yes".equals(form.get("code"))
              && challenge.equals(asked.get("code_challenge"))
              && asked.get("redirect_uri").equals(form.get("redirect_uri"));
      if (!sound) {
        answer(exchange, 400, "{\"error\": \"invalid_grant\"}");
        return;
      }
      String token = signed(claims("console").claim("nonce", asked.get("nonce")).build(), key);
      answer(
          exchange,
          200,
          "{\"access_token\": \"a\", \"token_type\": \"Bearer\", \"id_token\": \"" + token + "\"}");
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IOException(e);
    }
  }

  private static Map<String, String> form(String written) {
    var form = new HashMap<String, String>();
    for (String pair : written.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = Json.text(Json.parse(json)).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
