package dev.skein.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which handler serves which request: the first whose path fits, segment by segment; `{name}` fits
/// any one segment. Owned by the thread that adds to it until the server starts, read-only from
/// then on.
public final class Routes {
  private static final String GET = "GET";
  private static final String HEAD = "HEAD";

  private final Guard guard;
  private final List<Route> all = new ArrayList<>();
  private @Nullable Fallback fallback;

  /// @param guard before every operation; pages and workflows that are published have none
  public Routes(Guard guard) {
    this.guard = guard;
  }

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
  private record Route(
      String method, String[] segments, @Nullable Operation operation, Handler handler) {
    Answer answer(Guard guard, Request request) throws InterruptedException {
      return operation == null
          ? handler.handle(request)
          : guard.serve(
              operation,
              request,
              admitted -> {
                operation.check(admitted);
                return handler.handle(admitted);
              });
    }

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
    all.add(new Route(method, segments(path), null, handler));
    return this;
  }

  /// The same for one that says what it takes and gives.
  public Routes on(Operation operation, Handler handler) {
    all.add(new Route(operation.method(), segments(operation.path()), operation, handler));
    return this;
  }

  /// All that say what they take and give.
  public List<Operation> operations() {
    return all.stream().map(Route::operation).filter(Objects::nonNull).toList();
  }

  /// The path of the route that fits, with names in braces; empty if there is none.
  ///
  /// @param path its segments, decoded
  String template(String method, String[] path) {
    for (Route route : all) {
      if (route.method.equals(method) && route.fit(path) != null) {
        return "/" + String.join("/", route.segments);
      }
    }
    return "";
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
    String method = request.method().equals(HEAD) ? GET : request.method();
    for (Route route : all) {
      Map<String, String> named = route.fit(path);
      if (named != null && route.method.equals(method)) {
        return route.answer(guard, request.with(named));
      }
      if (named != null) {
        allowed.add(route.method);
      }
    }
    if (allowed.contains(GET)) {
      allowed.add(HEAD);
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
