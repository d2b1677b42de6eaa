package dev.skein.runtime.access;

import dev.skein.interpreter.Json;
import dev.skein.kernel.Clock;
import dev.skein.kernel.Engine;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// People who have logged in, at whichever node: what they show is 256 random bits, of which the
/// store has the hash. Thread-safe.
public final class Logins {
  /// Whoever has logged out at another node is out here after that time at the latest.
  private static final Duration FRESH = Duration.ofSeconds(2);

  private static final int MOST_REMEMBERED = 10_000;

  private final Engine engine;
  private final Store store;
  private final Clock clock;
  private final Keys keys;
  private final Map<String, Read> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private record Read(Instant at, Login login) {}

  /// @param holder who it is by itself, or by a key that must count as long as it lasts
  public record Login(String hash, Holder holder, Instant until) {}

  /// Who has logged in.
  ///
  /// @param key the id of the key that was shown; null if something else was
  public record Holder(@Nullable String key, Principal principal) {
    String written() {
      ObjectNode json = Json.NODES.objectNode().put("name", principal.name());
      if (key == null) {
        json.put("roles", principal.roles().toString());
      } else {
        json.put("key", key);
      }
      return Json.text(json);
    }

    static Holder read(String written) {
      JsonNode json = Json.parse(written);
      Roles roles = json.has("roles") ? Roles.parse(json.path("roles").asString()) : Roles.NONE;
      var principal = new Principal(json.path("name").asString(), roles);
      return new Holder(json.path("key").asString(null), principal);
    }
  }

  Logins(Engine engine, Store store, Clock clock, Keys keys) {
    this.engine = engine;
    this.store = store;
    this.clock = clock;
    this.keys = keys;
  }

  /// When this returns it is durable, and counts at every node.
  ///
  /// @param shown what will be shown
  public Login begin(String shown, Holder holder, Instant now, Duration length) {
    var login = new Login(Keys.hash(shown), holder, now.plus(length));
    var session = new StoredSession(login.hash, holder.written(), login.until);
    engine.commit(List.of(new Change.SessionBegun(session, now)));
    return login;
  }

  /// Null if nobody has logged in by that, or is out again; whether its time is over is not asked.
  ///
  /// @param hash of what is shown
  public @Nullable Login find(String hash) {
    Instant now = clock.now();
    synchronized (remembered) {
      Read read = remembered.get(hash);
      if (read != null && now.isBefore(read.at.plus(FRESH))) {
        return read.login;
      }
    }
    StoredSession stored = store.session(hash);
    synchronized (remembered) {
      if (stored == null) {
        remembered.remove(hash);
        return null;
      }
      var login = new Login(hash, Holder.read(stored.holder()), stored.until());
      remembered.put(hash, new Read(now, login));
      return login;
    }
  }

  /// Who it is now; null if the key that was shown counts no more.
  public @Nullable Principal who(Login login) {
    String key = login.holder.key();
    return key == null ? login.holder.principal() : keys.counting(key);
  }

  /// Logs out, everywhere.
  public void end(String hash) {
    engine.commit(List.of(new Change.SessionEnded(hash)));
    synchronized (remembered) {
      remembered.remove(hash);
    }
  }
}
