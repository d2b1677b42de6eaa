package dev.skein.connectors.auth;

import dev.skein.connectors.http.Credentials;
import dev.skein.connectors.http.Egress;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.connectors.http.Reply;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes HTTP calls under an authentication policy: `basic`, `bearer`, `digest`, `oauth2` and
/// `oidc`, which the language knows, and `apiKey`, `hmac`, `sigv4` and `mtls`, which it does not.
/// Tokens, digest challenges and certificates are kept and shared by all calls with an equal
/// policy. Safe for all threads.
///
/// A call that is answered with 401 goes out once more if that can help: with the answer to a
/// digest challenge, or with a new token. A 401 means that the server did nothing, so this repeats
/// nothing.
public final class Authorizer {
  private static final int MAX_DIGEST_SESSIONS = 1_000;
  private static final int MAX_CERTIFICATES = 1_000;
  private static final int CLIENT_NONCE_BYTES = 16;

  private final Transport transport;
  private final InstantSource clock;
  private final TokenEndpoint endpoint;
  private final Tokens tokens;
  private final SecureRandom random = new SecureRandom();
  private final BoundedCache<Protected, DigestSession> sessions;
  private final BoundedCache<Policy, SSLContext> certificates;

  /// Makes an attempt that is ready to go out but for its credentials.
  @FunctionalInterface
  public interface Transport {
    Reply reply(HttpCall call) throws HttpCallException, InterruptedException;
  }

  /// What a call gave.
  ///
  /// @param authorization the header it was authorized with; null if it needed none, brought its
  ///   own, or proved itself by other means
  public record Outcome(Reply reply, @Nullable Authorization authorization) {
    public JsonNode output() {
      return reply.output();
    }
  }

  /// A challenge counts for the server it came from, and for one user.
  private record Protected(Policy.Digest user, String origin) {}

  /// @param clock tells when a token is to be renewed, and when a request was signed
  public Authorizer(HttpConnector http, InstantSource clock) {
    this.transport = http::reply;
    this.clock = clock;
    this.endpoint = new TokenEndpoint(http, clock);
    this.tokens = new Tokens(endpoint, clock);
    this.sessions = new BoundedCache<>(MAX_DIGEST_SESSIONS);
    this.certificates = new BoundedCache<>(MAX_CERTIFICATES);
  }

  private Authorizer(Authorizer other, Transport transport) {
    this.transport = transport;
    this.clock = other.clock;
    this.endpoint = other.endpoint;
    this.tokens = other.tokens;
    this.sessions = other.sessions;
    this.certificates = other.certificates;
  }

  /// The same, with all its tokens and certificates, for calls that go out in another way.
  public Authorizer sendingBy(Transport other) {
    return new Authorizer(this, other);
  }

  /// Makes the call. A call that sets the header `Authorization` itself goes out with that,
  /// whatever else its policy adds.
  ///
  /// @param policy as in the language, with everything in it evaluated; null for none
  /// @throws HttpCallException of the kind `AUTHENTICATION` where a token is refused, and for
  ///   everything [HttpConnector#send] tells of
  public Outcome send(HttpCall call, @Nullable JsonNode policy)
      throws HttpCallException, InterruptedException {
    if (policy == null) {
      return unauthorized(call);
    }
    MutualTls certificate = Policy.certificate(policy);
    HttpCall routed = certificate == null ? call : known(call, certificate);
    return send(routed, Policy.of(policy));
  }

  private Outcome send(HttpCall call, Policy policy)
      throws HttpCallException, InterruptedException {
    if (bringsItsOwn(call) && !(policy instanceof ApiKey || policy instanceof Hmac)) {
      return unauthorized(call);
    }
    return switch (policy) {
      case ApiKey key -> unauthorized(call.withCredentials(key));
      case Hmac hmac ->
          unauthorized(call.withCredentials(request -> hmac.sign(request, clock.instant())));
      case MutualTls _ -> unauthorized(call);
      case SigV4 aws -> sent(call, request -> aws.sign(request, clock.instant()));
      case Policy.Basic basic -> sent(call, basic(basic));
      case Policy.Bearer bearer -> sent(call, bearer(bearer));
      case Policy.Digest digest -> digested(call, digest);
      case Policy.OAuth2 oauth2 -> tokened(call, oauth2);
    };
  }

  private Outcome unauthorized(HttpCall call) throws HttpCallException, InterruptedException {
    return new Outcome(transport.reply(call), null);
  }

  /// The call over connections on which the server knows this client.
  private HttpCall known(HttpCall call, MutualTls certificate) throws HttpCallException {
    if (!"https".equalsIgnoreCase(call.uri().getScheme())) {
      throw HttpCallException.configuration(
          "The authentication 'mtls' needs https, but %s is called by %s"
              .formatted(call.uri().getHost(), call.uri().getScheme()));
    }
    SSLContext context = certificates.get(certificate);
    if (context == null) {
      // two at a time may make one each: the connections of one of them are not shared
      context = certificate.context();
      certificates.put(certificate, context);
    }
    return call.withRoute(new HttpCall.Route(call.route().egress(), context));
  }

  /// What a call under this policy would be authorized with, fetching a token if need be.
  ///
  /// @param egress for the request for a token
  public Authorization authorize(JsonNode policy, Egress egress)
      throws HttpCallException, InterruptedException {
    return switch (Policy.of(policy)) {
      case Policy.Basic basic -> Authorization.of(basic(basic).header());
      case Policy.Bearer bearer -> Authorization.of(bearer(bearer).header());
      case Policy.Digest _ -> new Authorization("Digest", "");
      case Policy.OAuth2 oauth2 ->
          tokens
              .current(oauth2, new TokenEndpoint.Limit(egress, TokenEndpoint.Limit.DEFAULT.time()))
              .authorization();
      case ApiKey _, Hmac _, SigV4 _, MutualTls _ ->
          throw HttpCallException.configuration(
              "The authentications apiKey, hmac, sigv4 and mtls prove each request by itself; they"
                  + " make no Authorization header beforehand");
    };
  }

  /// Forgets the token of a policy and tells the server so, at its revocation endpoint. Does
  /// nothing for a policy without a token.
  public void revoke(JsonNode policy) throws HttpCallException, InterruptedException {
    if (Policy.of(policy) instanceof Policy.OAuth2 oauth2) {
      Token token = tokens.remove(oauth2, TokenEndpoint.Limit.DEFAULT);
      if (token != null) {
        endpoint.revoke(oauth2, token, TokenEndpoint.Limit.DEFAULT);
      }
    }
  }

  private Outcome tokened(HttpCall call, Policy.OAuth2 policy)
      throws HttpCallException, InterruptedException {
    var limit = TokenEndpoint.Limit.of(call);
    Token token = tokens.current(policy, limit);
    try {
      return sent(call, bearer(token));
    } catch (HttpCallException e) {
      if (e.status() != 401) {
        throw e;
      }
    }
    return sent(call, bearer(tokens.insteadOf(token, policy, limit)));
  }

  private Outcome digested(HttpCall call, Policy.Digest user)
      throws HttpCallException, InterruptedException {
    var space = new Protected(user, origin(call));
    DigestSession known = sessions.get(space);
    DigestSession asked;
    try {
      return known == null
          ? new Outcome(transport.reply(call), null)
          : sent(call, answer(user, known));
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
    return request ->
        Credentials.Proof.authorization(
            request, session.answer(user, request.method(), request.target(), clientNonce));
  }

  private Outcome sent(HttpCall call, Credentials credentials)
      throws HttpCallException, InterruptedException {
    var header = new AtomicReference<String>("");
    Credentials remembered =
        request -> {
          Credentials.Proof proof = credentials.prove(request);
          header.set(proof.headers().getOrDefault("Authorization", ""));
          return proof;
        };
    Reply reply = transport.reply(call.withCredentials(remembered));
    return new Outcome(reply, Authorization.of(header.get()));
  }

  private static Credentials.Basic basic(Policy.Basic policy) {
    return new Credentials.Basic(policy.username(), policy.password());
  }

  private static Credentials.Bearer bearer(Policy.Bearer policy) {
    return new Credentials.Bearer(policy.token());
  }

  private static Credentials.Bearer bearer(Token token) {
    return new Credentials.Bearer(token.value());
  }

  private static boolean bringsItsOwn(HttpCall call) {
    return call.headers().keySet().stream().anyMatch("Authorization"::equalsIgnoreCase);
  }

  private static String origin(HttpCall call) {
    return (call.uri().getScheme() + "://" + call.uri().getRawAuthority()).toLowerCase(Locale.ROOT);
  }
}
