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
import dev.skein.runtime.access.Logins;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Logs people in to the console by OpenID Connect: the code flow, with PKCE and a nonce. A cookie
/// ties the answer to the browser that has asked, so that nobody is logged in as somebody else by a
/// link. Thread-safe.
public final class OidcLogin {
  public static final String PATH = "/api/v1/session/oidc";
  private static final String COOKIE = "skein_login";
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final AuthSettings.Oidc settings;
  private final @Nullable String secret;
  private final Sessions sessions;
  private final Provider provider;

  /// A login that has begun. The browser keeps it, so that it may be ended at any node.
  private record Pending(State state, Nonce nonce, CodeVerifier verifier) {
    /// In none of the parts is a dot.
    String written() {
      return state.getValue() + "." + nonce.getValue() + "." + verifier.getValue();
    }

    static @Nullable Pending read(@Nullable String written) {
      String[] parts = written == null ? new String[0] : written.split("\\.", -1);
      try {
        return parts.length != 3
            ? null
            : new Pending(new State(parts[0]), new Nonce(parts[1]), new CodeVerifier(parts[2]));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
  }

  /// @param secret null for a public client
  public OidcLogin(AuthSettings.Oidc settings, @Nullable String secret, Sessions sessions) {
    this.settings = settings;
    this.secret = secret;
    this.sessions = sessions;
    this.provider = new Provider(settings.issuer());
  }

  public void add(Routes routes) {
    routes.on("GET", PATH, _ -> begin()).on("GET", PATH + "/callback", this::end);
  }

  private Answer begin() {
    var login = new Pending(new State(), new Nonce(), new CodeVerifier());
    URI there =
        new AuthenticationRequest.Builder(
                new ResponseType(ResponseType.Value.CODE),
                new Scope("openid", "profile"),
                new ClientID(settings.clientId()),
                URI.create(settings.redirect()))
            .endpointURI(provider.found().metadata().getAuthorizationEndpointURI())
            .state(login.state)
            .nonce(login.nonce)
            .codeChallenge(login.verifier, CodeChallengeMethod.S256)
            .build()
            .toURI();
    // Lax, since the browser comes back from another site
    String cookie =
        "%s=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Lax%s"
            .formatted(COOKIE, login.written(), PATH, LONGEST.toSeconds(), sessions.secureMark());
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
                "Set-Cookie", sessions.begin(new Logins.Holder(null, principal)).cookie(),
                "Cache-Control", "no-store"));
  }

  /// It is ended by the browser that has begun it; once, since the provider takes each code once.
  private static Pending login(Request request) {
    String state = request.query("state");
    Pending login = Pending.read(Sessions.cookie(request, COOKIE));
    if (login == null || !login.state.getValue().equals(state)) {
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
