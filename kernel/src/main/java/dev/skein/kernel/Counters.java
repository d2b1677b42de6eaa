package dev.skein.kernel;

import java.util.HashMap;
import java.util.Map;

/// The counts of several scopes in one map, as a checkpoint keeps them: `LENGTH:PATHNAME`, where
/// the length is the path's.
final class Counters {
  private Counters() {}

  static Map<String, Integer> flat(Map<String, Map<String, Integer>> byPath) {
    var flat = new HashMap<String, Integer>();
    byPath.forEach((path, counts) ->
        counts.forEach((name, count) -> flat.put(path.length() + ":" + path + name, count)));
    return flat;
  }

  static Map<String, Map<String, Integer>> byPath(Map<String, Integer> flat) {
    var byPath = new HashMap<String, Map<String, Integer>>();
    flat.forEach((key, count) -> {
      int colon = key.indexOf(':');
      int end = colon + 1 + Integer.parseInt(key.substring(0, colon));
      byPath
          .computeIfAbsent(key.substring(colon + 1, end), _ -> new HashMap<>())
          .put(key.substring(end), count);
    });
    return byPath;
  }
}
