package dev.skein.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A cursor over an object that remembers which properties were asked for: {@link #close} reports
/// those that were not, and those that are missing. Owned by the reading thread.
final class Fields {
  private final Reports reports;
  private final At at;
  private final Yaml.Mapping mapping;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<String> missing = new ArrayList<>();

  Fields(Reports reports, At at, Yaml.Mapping mapping) {
    this.reports = reports;
    this.at = at;
    this.mapping = mapping;
  }

  At at() {
    return at;
  }

  Set<String> names() {
    return mapping.entries().keySet();
  }

  boolean has(String name) {
    return mapping.entries().containsKey(name);
  }

  @Nullable At optional(String name) {
    known.add(name);
    Yaml.Entry entry = mapping.entries().get(name);
    return entry == null ? null : at.child(name, entry.value());
  }

  @Nullable At required(String name) {
    At value = optional(name);
    if (value == null) {
      missing.add(name);
    }
    return value;
  }

  /// Where the property's name stands.
  Position key(String name) {
    Yaml.Entry entry = mapping.entries().get(name);
    return entry == null ? at.position() : entry.key();
  }

  /// Refuses a property that the DSL has and Skein has not.
  void unsupported(String name, String what) {
    known.add(name);
    if (has(name)) {
      reports.unsupported(key(name), at.path() + "/" + At.escape(name), what);
    }
  }

  void close() {
    for (String name : mapping.entries().keySet()) {
      if (!known.contains(name)) {
        reportUnknown(name);
      }
    }
    for (String name : missing) {
      reports.add(at, "'" + name + "' is missing", null);
    }
  }

  private void reportUnknown(String name) {
    List<String> free = known.stream().filter(candidate -> !has(candidate)).toList();
    String meant = Suggestions.nearest(name, free);
    // one mistake, one diagnostic
    missing.remove(meant);
    String hint =
        meant != null
            ? "did you mean '" + meant + "'?"
            : known.isEmpty() ? null : "known here: " + String.join(", ", known);
    String path = at.path() + "/" + At.escape(name);
    reports.add(key(name), path, "unknown property '" + name + "'", hint);
  }
}
