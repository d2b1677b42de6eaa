package dev.skein.connectors.auth;

import dev.skein.connectors.http.HttpCallException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON Web Tokens that say who asks for a token (RFC 7519, 7515, 7523).
final class Jwt {
  private static final Duration LIFETIME = Duration.ofMinutes(1);

  private Jwt() {}

  /// What signs it.
  sealed interface Key {
    /// What a policy has as `NAME.key` and `NAME.keyId`; null if it has no key there.
    static @Nullable Key of(Properties of, String name) throws HttpCallException {
      String pem = of.optional(name + ".key");
      if (pem == null) {
        return null;
      }
      try {
        return new Own(Pem.privateKey(pem), of.optional(name + ".keyId"));
      } catch (Pem.Unreadable e) {
        throw HttpCallException.configuration(
            "'%s.key' of the authentication '%s' %s".formatted(name, of.scheme(), e.getMessage()));
      }
    }

    /// A secret that the server knows too: HS256.
    record Shared(String secret) implements Key {
      @Override
      public String toString() {
        return "Shared[***]";
      }
    }

    /// A private key, of which the server knows the public one: RS256, ES256, ES384, ES512, EdDSA.
    record Own(PrivateKey key, @Nullable String id) implements Key {
      @Override
      public String toString() {
        return "Own[" + id + "]";
      }
    }
  }

  /// A claim for a short time from now.
  static ObjectNode claims(String issuer, @Nullable String subject, URI audience, Instant now) {
    ObjectNode claims = JsonNodeFactory.instance.objectNode();
    claims.put("iss", issuer);
    if (subject != null) {
      claims.put("sub", subject);
    }
    return claims
        .put("aud", audience.toString())
        .put("jti", UUID.randomUUID().toString())
        .put("iat", now.getEpochSecond())
        .put("exp", now.plus(LIFETIME).getEpochSecond());
  }

  static String signed(ObjectNode claims, Key key) {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    header.put("alg", algorithm(key)).put("typ", "JWT");
    if (key instanceof Key.Own(_, String id) && id != null) {
      header.put("kid", id);
    }
    String content = base64(utf8(header.toString())) + "." + base64(utf8(claims.toString()));
    byte[] signature =
        switch (key) {
          case Key.Shared(String secret) -> Macs.hmac("HmacSHA256", utf8(secret), utf8(content));
          case Key.Own(PrivateKey own, _) -> signature(own, algorithm(key), utf8(content));
        };
    return content + "." + base64(signature);
  }

  private static String algorithm(Key key) {
    return switch (key) {
      case Key.Shared _ -> "HS256";
      case Key.Own(ECPrivateKey curve, _) ->
          switch (curve.getParams().getCurve().getField().getFieldSize()) {
            case 384 -> "ES384";
            case 521 -> "ES512";
            default -> "ES256";
          };
      case Key.Own(PrivateKey other, _) -> other.getAlgorithm().equals("RSA") ? "RS256" : "EdDSA";
    };
  }

  private static byte[] signature(PrivateKey key, String algorithm, byte[] content) {
    String bits = algorithm.substring(2);
    String name =
        switch (algorithm) {
          case "RS256" -> "SHA256withRSA";
          case "EdDSA" -> "EdDSA";
          default -> "SHA" + bits + "withECDSAinP1363Format";
        };
    try {
      Signature signature = Signature.getInstance(name);
      signature.initSign(key);
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK cannot sign with " + name, e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
