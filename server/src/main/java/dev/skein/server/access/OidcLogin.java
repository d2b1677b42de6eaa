package dev.skein.server.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.runtime.access.Principal;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.runtime.settings.AuthSettings;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Logs people in to the console by OpenID Connect: the code flow, with PKCE and a nonce. A cookie
/// ties the answer to the browser that has asked, so that nobody is logged in as somebody else by a
/// link. Thread-safe.
public final class OidcLogin {
  public static final String PATH = "/api/v1/session/oidc";
  private static final String COOKIE = "skein_login";
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int MOST_PENDING = 1_000;

  private final AuthSettings.Oidc settings;
  private final @Nullable String secret;
  private final Sessions sessions;
  private final Timeline time;
  private final Provider provider;
  private final Map<String, Pending> pending =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pending> eldest) {
          return size() > MOST_PENDING;
        }
      };

  private record Pending(Nonce nonce, CodeVerifier verifier, Instant until) {}

  /// @param secret null for a public client
  public OidcLogin(
      AuthSettings.Oidc settings, @Nullable String secret, Sessions sessions, Timeline time) {
    this.settings = settings;
    this.secret = secret;
    this.sessions = sessions;
    this.time = time;
    this.provider = new Provider(settings.issuer());
  }

  public void add(Routes routes) {
    routes.on("GET", PATH, _ -> begin()).on("GET", PATH + "/callback", this::end);
  }

  private Answer begin() {
    var state = new State();
    var login = new Pending(new Nonce(), new CodeVerifier(), time.now().plus(LONGEST));
    URI there =
        new AuthenticationRequest.Builder(
                new ResponseType(ResponseType.Value.CODE),
                new Scope("openid", "profile"),
                new ClientID(settings.clientId()),
                URI.create(settings.redirect()))
            .endpointURI(provider.found().metadata().getAuthorizationEndpointURI())
            .state(state)
            .nonce(login.nonce)
            .codeChallenge(login.verifier, CodeChallengeMethod.S256)
            .build()
            .toURI();
    synchronized (pending) {
      pending.put(state.getValue(), login);
    }
    // Lax, since the browser comes back from another site
    String cookie =
        "%s=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Lax%s"
            .formatted(COOKIE, state.getValue(), PATH, LONGEST.toSeconds(), sessions.secureMark());
    return Answer.empty(302)
        .with(
            Map.of(
                "Location", there.toString(), "Set-Cookie", cookie, "Cache-Control", "no-store"));
  }

  private Answer end(Request request) {
    Pending login = login(request);
    String code = request.query("code");
    if (code == null) {
      throw Refusal.unauthorized("the login was not completed");
    }
    Principal principal = principal(claims(login, code));
    if (!principal.roles().anywhere(Role.VIEWER)) {
      throw Refusal.forbidden(principal.name() + " has no role here");
    }
    return Answer.empty(302)
        .with(
            Map.of(
                "Location", "/console/",
                "Set-Cookie", sessions.begin(() -> principal).cookie(),
                "Cache-Control", "no-store"));
  }

  /// Each can be ended once, by the browser that has begun it.
  private Pending login(Request request) {
    String state = request.query("state");
    Pending login = null;
    if (state != null && state.equals(Sessions.cookie(request, COOKIE))) {
      synchronized (pending) {
        login = pending.remove(state);
      }
    }
    if (login == null || !time.now().isBefore(login.until)) {
      throw Refusal.unauthorized("this login was not begun here, or too long ago; begin again");
    }
    return login;
  }

  private IDTokenClaimsSet claims(Pending login, String code) {
    Provider.Found found = provider.found();
    try {
      HTTPRequest asking = tokenRequest(found, login, code).toHTTPRequest();
      asking.setConnectTimeout(Provider.TIMEOUT_MILLIS);
      asking.setReadTimeout(Provider.TIMEOUT_MILLIS);
      TokenResponse answer = OIDCTokenResponseParser.parse(asking.send());
      if (!(answer instanceof OIDCTokenResponse tokens)) {
        throw Refusal.unauthorized("the issuer does not know this login");
      }
      var validator =
          new IDTokenValidator(
              provider.issuer(), new ClientID(settings.clientId()), found.selector(), null);
      return validator.validate(tokens.getOIDCTokens().getIDToken(), login.nonce);
    } catch (ParseException | BadJOSEException e) {
      throw Refusal.unauthorized("what the issuer says is not as it must be");
    } catch (JOSEException | IOException e) {
      throw provider.away(e);
    }
  }

  private TokenRequest tokenRequest(Provider.Found found, Pending login, String code) {
    URI endpoint = found.metadata().getTokenEndpointURI();
    var client = new ClientID(settings.clientId());
    var grant =
        new AuthorizationCodeGrant(
            new AuthorizationCode(code), URI.create(settings.redirect()), login.verifier);
    return secret == null
        ? new TokenRequest.Builder(endpoint, client, grant).build()
        : new TokenRequest.Builder(
                endpoint, new ClientSecretBasic(client, new Secret(secret)), grant)
            .build();
  }

  private Principal principal(IDTokenClaimsSet claims) {
    Roles roles = settings.roles().of(claims.toJSONObject());
    return new Principal("login " + claims.getSubject(), roles);
  }
}
