package dev.skein.connectors.auth;

import dev.skein.connectors.http.Credentials;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.connectors.http.Reply;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes HTTP calls under an authentication policy of the language: `basic`, `bearer`, `digest`,
/// `oauth2` and `oidc`. Tokens and digest challenges are kept and shared by all calls with an equal
/// policy. Safe for all threads.
///
/// A call that is answered with 401 goes out once more if that can help: with the answer to a
/// digest challenge, or with a new token. A 401 means that the server did nothing, so this repeats
/// nothing.
public final class Authorizer {
  private static final int MAX_DIGEST_SESSIONS = 1_000;
  private static final int CLIENT_NONCE_BYTES = 16;

  private final HttpConnector http;
  private final TokenEndpoint endpoint;
  private final Tokens tokens;
  private final SecureRandom random = new SecureRandom();
  private final BoundedCache<Protected, DigestSession> sessions =
      new BoundedCache<>(MAX_DIGEST_SESSIONS);

  /// What a call gave.
  ///
  /// @param authorization what it was authorized with; null if it needed no authorization, or
  ///   brought its own header
  public record Outcome(Reply reply, @Nullable Authorization authorization) {
    public JsonNode output() {
      return reply.output();
    }
  }

  /// A challenge counts for the server it came from, and for one user.
  private record Protected(Policy.Digest user, String origin) {}

  /// @param clock tells when a token is to be renewed
  public Authorizer(HttpConnector http, InstantSource clock) {
    this.http = http;
    this.endpoint = new TokenEndpoint(http, clock);
    this.tokens = new Tokens(endpoint, clock);
  }

  /// Makes the call. A call that sets the header `Authorization` itself goes out as it is.
  ///
  /// @param policy as in the language, with everything in it evaluated; null for none
  /// @throws HttpCallException of the kind `AUTHENTICATION` where a token is refused, and for
  ///   everything [HttpConnector#send] tells of
  public Outcome send(HttpCall call, @Nullable JsonNode policy)
      throws HttpCallException, InterruptedException {
    if (policy == null || bringsItsOwn(call)) {
      return new Outcome(http.reply(call), null);
    }
    return switch (Policy.of(policy)) {
      case Policy.Basic basic -> sent(call, basic(basic));
      case Policy.Bearer bearer -> sent(call, bearer(bearer));
      case Policy.Digest digest -> digested(call, digest);
      case Policy.OAuth2 oauth2 -> tokened(call, oauth2);
    };
  }

  /// What a call under this policy would be authorized with, fetching a token if need be.
  public Authorization authorize(JsonNode policy) throws HttpCallException, InterruptedException {
    return switch (Policy.of(policy)) {
      case Policy.Basic basic -> Authorization.of(header(basic(basic)));
      case Policy.Bearer bearer -> Authorization.of(header(bearer(bearer)));
      case Policy.Digest digest -> new Authorization("Digest", "");
      case Policy.OAuth2 oauth2 -> tokens.current(oauth2).authorization();
    };
  }

  /// Forgets the token of a policy and tells the server so, at its revocation endpoint. Does
  /// nothing for a policy without a token.
  public void revoke(JsonNode policy) throws HttpCallException, InterruptedException {
    if (Policy.of(policy) instanceof Policy.OAuth2 oauth2) {
      Token token = tokens.remove(oauth2);
      if (token != null) {
        endpoint.revoke(oauth2, token);
      }
    }
  }

  private Outcome tokened(HttpCall call, Policy.OAuth2 policy)
      throws HttpCallException, InterruptedException {
    Token token = tokens.current(policy);
    try {
      return sent(call, bearer(token));
    } catch (HttpCallException e) {
      if (e.status() != 401) {
        throw e;
      }
    }
    return sent(call, bearer(tokens.insteadOf(token, policy)));
  }

  private Outcome digested(HttpCall call, Policy.Digest user)
      throws HttpCallException, InterruptedException {
    var space = new Protected(user, origin(call));
    DigestSession known = sessions.get(space);
    DigestSession asked;
    try {
      return known == null ? new Outcome(http.reply(call), null) : sent(call, answer(user, known));
    } catch (HttpCallException e) {
      String challenge = e.status() == 401 ? e.challenge() : null;
      asked = challenge == null ? null : DigestSession.of(Challenge.parse(challenge));
      if (asked == null) {
        throw e;
      }
    }
    sessions.put(space, asked);
    return sent(call, answer(user, asked));
  }

  private Credentials answer(Policy.Digest user, DigestSession session) {
    byte[] nonce = new byte[CLIENT_NONCE_BYTES];
    random.nextBytes(nonce);
    String clientNonce = HexFormat.of().formatHex(nonce);
    return (method, target) -> session.answer(user, method, target, clientNonce);
  }

  private Outcome sent(HttpCall call, Credentials credentials)
      throws HttpCallException, InterruptedException {
    var header = new AtomicReference<String>("");
    Credentials remembered =
        (method, target) -> header.updateAndGet(_ -> credentials.authorization(method, target));
    Reply reply = http.reply(call.withCredentials(remembered));
    return new Outcome(reply, Authorization.of(header.get()));
  }

  private static Credentials basic(Policy.Basic policy) {
    return new Credentials.Basic(policy.username(), policy.password());
  }

  private static Credentials bearer(Policy.Bearer policy) {
    return new Credentials.Bearer(policy.token());
  }

  private static Credentials bearer(Token token) {
    return new Credentials.Bearer(token.value());
  }

  private static String header(Credentials credentials) {
    return credentials.authorization("", "");
  }

  private static boolean bringsItsOwn(HttpCall call) {
    return call.headers().keySet().stream().anyMatch("Authorization"::equalsIgnoreCase);
  }

  private static String origin(HttpCall call) {
    return (call.uri().getScheme() + "://" + call.uri().getRawAuthority()).toLowerCase(Locale.ROOT);
  }
}
