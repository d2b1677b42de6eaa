package dev.skein.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which handler serves which request: the first whose path fits, segment by segment; `{name}` fits
/// any one segment. Owned by the thread that adds to it until the server starts, read-only from
/// then on.
public final class Routes {
  private final List<Route> all = new ArrayList<>();
  private @Nullable Fallback fallback;

  @FunctionalInterface
  public interface Handler {
    Answer handle(Request request) throws InterruptedException;
  }

  /// Serves what no route does.
  @FunctionalInterface
  public interface Fallback {
    /// Null if it is nothing of its own.
    ///
    /// @param path its segments, decoded
    @Nullable Answer handle(Request request, String... path) throws InterruptedException;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Route(String method, String[] segments, Handler handler) {
    @Nullable Map<String, String> fit(String[] path) {
      if (path.length != segments.length) {
        return null;
      }
      var named = new HashMap<String, String>();
      for (int i = 0; i < path.length; i++) {
        String segment = segments[i];
        if (segment.startsWith("{")) {
          named.put(segment.substring(1, segment.length() - 1), path[i]);
        } else if (!segment.equals(path[i])) {
          return null;
        }
      }
      return named;
    }
  }

  /// @param path `/api/v1/runs/{id}`
  public Routes on(String method, String path, Handler handler) {
    all.add(new Route(method, segments(path), handler));
    return this;
  }

  public Routes otherwise(Fallback other) {
    fallback = other;
    return this;
  }

  static String[] segments(String path) {
    return path.substring(1).split("/", -1);
  }

  /// @param path its segments, decoded
  Answer serve(Request request, String[] path) throws InterruptedException {
    var allowed = new TreeSet<String>();
    for (Route route : all) {
      Map<String, String> named = route.fit(path);
      if (named != null && route.method.equals(request.method())) {
        return route.handler.handle(request.with(named));
      }
      if (named != null) {
        allowed.add(route.method);
      }
    }
    if (!allowed.isEmpty()) {
      throw Refusal.methodNotAllowed(request, allowed);
    }
    Answer other = fallback == null ? null : fallback.handle(request, path);
    if (other == null) {
      throw Refusal.notFound("there is nothing at " + request.path());
    }
    return other;
  }
}
