package dev.skein.server.access;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.runtime.access.Access;
import dev.skein.runtime.access.Keys;
import dev.skein.runtime.access.Logins;
import dev.skein.runtime.access.Principal;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// People who have logged in to the console, at whichever node: their cookies hold what they show.
/// Thread-safe.
public final class Sessions {
  public static final String CSRF = "X-Skein-CSRF";
  private static final String COOKIE = "skein_session";
  private static final Duration LONGEST = Duration.ofHours(12);

  private final Access access;
  private final Timeline time;
  private final boolean secure;

  /// @param csrf what requests that change something must show besides the cookie, which pages of
  ///   other sites cannot read; it follows from the cookie, and not the other way round
  public record Session(Logins.Login login, String csrf) {
    /// @throws Refusal 403 if it may come from a page of another site
    void checkMeant(Request request) {
      boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
      String shown = request.header(CSRF);
      if (!reads && (shown == null || !Keys.isSecret(shown, Keys.hash(csrf)))) {
        throw Refusal.of(
            403, "csrf", "with a session, the header " + CSRF + " must show its token");
      }
    }
  }

  /// @param cookie for the header `Set-Cookie`
  record Begun(Session session, String cookie) {}

  /// @param secure whether the server is reached by TLS only
  public Sessions(Access access, Timeline time, boolean secure) {
    this.access = access;
    this.time = time;
    this.secure = secure;
  }

  Begun begin(Logins.Holder holder) {
    String token = access.keys().secret();
    Logins.Login login = access.logins().begin(token, holder, time.now(), LONGEST);
    return new Begun(session(login, token), cookie(token, LONGEST));
  }

  private static Session session(Logins.Login login, String token) {
    return new Session(login, Keys.hash("csrf " + token));
  }

  /// Who it is; null if the key of it counts no more.
  @Nullable Principal who(Session session) {
    return access.logins().who(session.login);
  }

  /// What every cookie ends with.
  String secureMark() {
    return secure ? "; Secure" : "";
  }

  private String cookie(String value, Duration age) {
    return "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s"
        .formatted(COOKIE, value, age.toSeconds(), secureMark());
  }

  /// Null if there is none that counts.
  @Nullable Session of(Request request) {
    String token = token(request);
    Logins.Login login = token == null ? null : lasting(Keys.hash(token));
    return token == null || login == null ? null : session(login, token);
  }

  private Logins.@Nullable Login lasting(String hash) {
    Logins.Login login = access.logins().find(hash);
    return login == null || !time.now().isBefore(login.until()) ? null : login;
  }

  /// Whether nobody has logged out of it, its time is not over, and its key still counts.
  boolean counts(Session session) {
    return lasting(session.login.hash()) != null && who(session) != null;
  }

  /// Ends that of the request, and returns the cookie that takes its cookie away.
  String end(Request request) {
    String token = token(request);
    if (token != null && lasting(Keys.hash(token)) != null) {
      access.logins().end(Keys.hash(token));
    }
    return cookie("", Duration.ZERO);
  }

  private static @Nullable String token(Request request) {
    return cookie(request, COOKIE);
  }

  /// Null if there is none of that name.
  static @Nullable String cookie(Request request, String name) {
    String cookies = request.header("Cookie");
    if (cookies == null) {
      return null;
    }
    for (String one : cookies.split("[;,]", -1)) {
      String[] parts = one.strip().split("=", 2);
      if (parts.length == 2 && parts[0].equals(name)) {
        return parts[1];
      }
    }
    return null;
  }
}
