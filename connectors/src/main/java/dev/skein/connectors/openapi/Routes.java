package dev.skein.connectors.openapi;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the operations of an API by what requests say. Immutable.
final class Routes {
  private final List<Way> ways;

  /// @param bases the paths of the servers, without a slash at the end
  private record Way(Operation operation, PathTemplate path, Set<String> bases) {}

  Routes(ApiDocument api) {
    var all = new ArrayList<Way>();
    for (Operation operation : api.operations()) {
      var bases = new LinkedHashSet<String>();
      operation.servers().forEach(server -> bases.add(base(server)));
      bases.add("");
      all.add(new Way(operation, PathTemplate.of(operation.path()), bases));
    }
    Comparator<Way> literal = Comparator.comparing(way -> way.path.certainty());
    all.sort(literal.reversed());
    this.ways = List.copyOf(all);
  }

  private static String base(String server) {
    try {
      String path = URI.create(server).getRawPath();
      return path == null ? "" : path.replaceFirst("/+$", "");
    } catch (IllegalArgumentException e) {
      return ""; // nothing can be called there
    }
  }

  /// @param path as in the request's URL, encoded, with the path of a server before it or not
  /// @return null if there is none
  @Nullable Route find(String method, String path) {
    String verb = method.toUpperCase(Locale.ROOT);
    for (Way way : ways) {
      if (way.operation.method().equals(verb)) {
        for (String base : way.bases) {
          Map<String, String> parameters =
              path.startsWith(base) ? way.path.match(path.substring(base.length())) : null;
          if (parameters != null) {
            return new Route(way.operation, parameters);
          }
        }
      }
    }
    return null;
  }
}
