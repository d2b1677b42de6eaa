package dev.skein.connectors.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A server's digest challenge and how often it was answered (RFC 7616): later requests answer it
/// unasked, with the next nonce count. Safe for all threads: its only state is that count.
final class DigestSession {
  // as in the header → as in the JDK
  private static final Map<String, String> HASHES =
      Map.of("MD5", "MD5", "SHA-256", "SHA-256", "SHA-512-256", "SHA-512/256");
  private static final String SESSION_SUFFIX = "-sess";

  private final Challenge challenge;
  private final AtomicInteger count = new AtomicInteger();

  private DigestSession(Challenge challenge) {
    this.challenge = challenge;
  }

  /// The first of the challenges that can be answered, as the server lists them by preference; null
  /// if none can.
  static @Nullable DigestSession of(List<Challenge> challenges) {
    return challenges.stream()
        .filter(DigestSession::isAnswerable)
        .findFirst()
        .map(DigestSession::new)
        .orElse(null);
  }

  private static boolean isAnswerable(Challenge challenge) {
    String qop = challenge.parameter("qop");
    return challenge.scheme().equals("digest")
        && HASHES.containsKey(hashName(algorithm(challenge)))
        && challenge.parameter("realm") != null
        && challenge.parameter("nonce") != null
        && (qop == null || offersAuth(qop));
  }

  private static boolean offersAuth(String qop) {
    return Arrays.stream(qop.split(",", -1)).anyMatch(it -> it.strip().equalsIgnoreCase("auth"));
  }

  /// The value of the `Authorization` header; every call counts.
  ///
  /// @param clientNonce of characters that need no quoting
  String answer(Policy.Digest user, String method, String target, String clientNonce) {
    return answer(user, method, target, clientNonce, count.incrementAndGet());
  }

  private String answer(
      Policy.Digest user, String method, String target, String clientNonce, int number) {
    String realm = parameter("realm");
    String nonce = parameter("nonce");
    String algorithm = algorithm(challenge);
    String secret = hash(user.username() + ":" + realm + ":" + user.password());
    if (isSession(algorithm)) {
      secret = hash(secret + ":" + nonce + ":" + clientNonce);
    }
    String request = hash(method + ":" + target);
    var header = new StringBuilder("Digest ");
    header.append(username(user.username(), realm));
    header.append(", realm=").append(quoted(realm));
    header.append(", nonce=").append(quoted(nonce));
    header.append(", uri=").append(quoted(target));
    if (challenge.parameter("algorithm") != null) {
      header.append(", algorithm=").append(algorithm);
    }
    String proof;
    // without qop it is the older scheme of RFC 2069, which knows no counting
    if (challenge.parameter("qop") == null) {
      proof = hash(secret + ":" + nonce + ":" + request);
    } else {
      String nc = "%08x".formatted(number);
      proof = hash(String.join(":", secret, nonce, nc, clientNonce, "auth", request));
      header.append(", qop=auth, nc=").append(nc);
    }
    if (challenge.parameter("qop") != null || isSession(algorithm)) {
      header.append(", cnonce=").append(quoted(clientNonce));
    }
    header.append(", response=").append(quoted(proof));
    String opaque = challenge.parameter("opaque");
    if (opaque != null) {
      header.append(", opaque=").append(quoted(opaque));
    }
    return header.toString();
  }

  private String username(String name, String realm) {
    if ("true".equalsIgnoreCase(challenge.parameter("userhash"))) {
      return "username=" + quoted(hash(name + ":" + realm)) + ", userhash=true";
    }
    if (name.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      return "username=" + quoted(name);
    }
    var encoded = new StringBuilder("username*=UTF-8''");
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9')) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  private String hash(String text) {
    String name = Objects.requireNonNull(HASHES.get(hashName(algorithm(challenge))));
    try {
      byte[] digest = MessageDigest.getInstance(name).digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no " + name + "; mend its settings", e);
    }
  }

  private String parameter(String name) {
    return Objects.requireNonNull(challenge.parameter(name), name);
  }

  private static String algorithm(Challenge challenge) {
    String named = challenge.parameter("algorithm");
    return named == null ? "MD5" : named;
  }

  private static boolean isSession(String algorithm) {
    return algorithm.toLowerCase(Locale.ROOT).endsWith(SESSION_SUFFIX);
  }

  private static String hashName(String algorithm) {
    String plain =
        isSession(algorithm)
            ? algorithm.substring(0, algorithm.length() - SESSION_SUFFIX.length())
            : algorithm;
    return plain.toUpperCase(Locale.ROOT);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
