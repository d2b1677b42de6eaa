package dev.skein.server.access;

import dev.skein.runtime.access.Keys;
import dev.skein.runtime.access.Principal;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds out who asks: by a key or a token in the header `Authorization`, or by the cookie of a
/// session. Who shows nothing is let in only while there is nothing to show: on the loopback
/// address, before the first key is made. Thread-safe.
public final class Identities {
  private static final String BEARER = "bearer ";
  private static final String LOCAL_PREFIX = "sk_local_";
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)localhost|127(?:\\.\\d{1,3}){3}|\\[::1]");

  /// Who may open a connection from this machine, or read a file of who runs the server.
  private static final Principal LOCAL = new Principal("local", Roles.everywhere(Role.ADMIN));

  private final Login login;
  private final Keys keys;
  private final Sessions sessions;
  private final WrongKeys wrong;

  /// How people and programs come in.
  ///
  /// @param demanded whether even before the first key is made
  /// @param localKey what commands on this machine show; null for none
  /// @param tokens of others that are trusted; null for none
  public record Login(boolean demanded, @Nullable String localKey, @Nullable Tokens tokens) {}

  public Identities(Login login, Keys keys, Sessions sessions, WrongKeys wrong) {
    this.login = login;
    this.keys = keys;
    this.sessions = sessions;
    this.wrong = wrong;
  }

  /// A key for commands on the same machine, which lasts as long as the server.
  public static String localKey(Keys keys) {
    return LOCAL_PREFIX + keys.secret();
  }

  /// Whether something must be shown. From the first key on it must for ever: it shall not come
  /// back by itself that everybody may do everything, as when a key expires.
  public boolean loginDemanded() {
    return login.demanded || keys.any();
  }

  /// @throws Refusal 401 if it must be known who asks and is not; 403 if a page of another site
  ///   asks
  public Principal of(Request request) {
    return identity(request).principal();
  }

  /// The same with how long that counts.
  Identity identity(Request request) {
    String authorization = request.header("Authorization");
    if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return shown(authorization.substring(BEARER.length()).strip(), request);
    }
    Sessions.Session session = sessions.of(request);
    if (session != null) {
      Principal principal = sessions.who(session);
      if (principal != null) {
        session.checkMeant(request);
        return new Identity(principal, () -> sessions.counts(session));
      }
    }
    if (loginDemanded()) {
      throw Refusal.unauthorized(
          "show a key: Authorization: Bearer sk_…; 'skein key create' makes one");
    }
    refuseForeign(request);
    return new Identity(LOCAL, () -> !loginDemanded());
  }

  /// Who has that key.
  ///
  /// @throws Refusal 401 if nobody has, 429 if that was asked too often
  Identity shown(String key, Request request) {
    Identity identity = isLocal(key) ? new Identity(LOCAL, () -> true) : told(key);
    if (identity == null) {
      throw wrong.refusal(request.remote());
    }
    return identity;
  }

  private @Nullable Identity told(String shown) {
    if (login.tokens != null && !shown.startsWith(Keys.PREFIX)) {
      return login.tokens.who(shown);
    }
    Principal principal = keys.who(shown);
    String id = Keys.id(shown);
    return principal == null || id == null
        ? null
        : new Identity(principal, () -> keys.counting(id) != null);
  }

  private boolean isLocal(String key) {
    return login.localKey != null && Keys.isSecret(key, Keys.hash(login.localKey));
  }

  /// A page of another site that somebody has open could else do everything here: by asking this
  /// address, or by having its own name lead to it.
  private static void refuseForeign(Request request) {
    String host = request.header("Host");
    String named = host == null ? "" : host.replaceFirst(":\\d+$", "");
    if (!LOOPBACK.matcher(named).matches()) {
      throw Refusal.forbidden(
          "without a login it is answered only as localhost, not as '%s'".formatted(named));
    }
    String origin = request.header("Origin");
    if (origin != null && !host(origin).equalsIgnoreCase(String.valueOf(host))) {
      throw Refusal.forbidden("pages of other sites may not ask without a login");
    }
  }

  private static String host(String origin) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority == null ? "" : authority;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
