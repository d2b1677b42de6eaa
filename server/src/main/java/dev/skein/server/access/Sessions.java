package dev.skein.server.access;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.runtime.access.Keys;
import dev.skein.runtime.access.Principal;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// People who have logged in to the console of this process. Their cookies hold 256 random bits, of
/// which only the hashes are kept. Thread-safe.
public final class Sessions {
  public static final String CSRF = "X-Skein-CSRF";
  private static final String COOKIE = "skein_session";
  private static final Duration LONGEST = Duration.ofHours(12);
  private static final int MOST = 10_000;

  private final Keys keys;
  private final Timeline time;
  private final boolean secure;
  private final Map<String, Session> byHash =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
          return size() > MOST;
        }
      };

  /// @param hash of its token
  /// @param who is asked with each request, so that a key that was revoked counts no more; null
  ///   then
  /// @param csrf what requests that change something must show besides the cookie, which pages of
  ///   other sites cannot read
  public record Session(
      String hash, Supplier<@Nullable Principal> who, String csrf, Instant until) {
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
  public Sessions(Keys keys, Timeline time, boolean secure) {
    this.keys = keys;
    this.time = time;
    this.secure = secure;
  }

  Begun begin(Supplier<@Nullable Principal> who) {
    String token = keys.secret();
    var session = new Session(Keys.hash(token), who, keys.secret(), time.now().plus(LONGEST));
    synchronized (byHash) {
      byHash.put(session.hash, session);
    }
    return new Begun(session, cookie(token, LONGEST));
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
    return token == null ? null : lasting(Keys.hash(token));
  }

  private @Nullable Session lasting(String hash) {
    synchronized (byHash) {
      Session session = byHash.get(hash);
      return session == null || !time.now().isBefore(session.until) ? null : session;
    }
  }

  /// Whether nobody has logged out of it, its time is not over, and its key still counts.
  boolean counts(Session session) {
    return session.equals(lasting(session.hash)) && session.who.get() != null;
  }

  /// Ends that of the request, and returns the cookie that takes its cookie away.
  String end(Request request) {
    String token = token(request);
    if (token != null) {
      synchronized (byHash) {
        byHash.remove(Keys.hash(token));
      }
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
