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
  private String owner;

  Fields(Reports reports, At at, Yaml.Mapping mapping) {
    this.reports = reports;
    this.at = at;
    this.mapping = mapping;
    this.owner = at.path().isEmpty() ? "" : "'" + Values.name(at) + "'";
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

  /// Names the object in messages, where the name of its property says too little.
  Fields of(String name) {
    owner = name;
    return this;
  }

  /// Reports what is unknown and what is missing.
  void close() {
    for (String name : names()) {
      if (!known.contains(name)) {
        reportUnknown(name);
      }
    }
    reportMissing();
  }

  /// Reports what is missing, in an object that may hold more than the language says: of what is
  /// unknown there, it warns if the name was probably meant to be another.
  void closeOpen() {
    for (String name : names()) {
      String meant = known.contains(name) ? null : Suggestions.nearest(name, free());
      if (meant != null) {
        String message = "unknown property '" + name + "'" + in();
        String hint = "did you mean '" + meant + "'?";
        reports.warn(Code.UNKNOWN_PROPERTY, key(name), path(name), message, hint);
      }
    }
    reportMissing();
  }

  private void reportMissing() {
    for (String name : missing) {
      reports.add(Code.MISSING, at, "'" + name + "' is missing" + in(), null);
    }
  }

  private void reportUnknown(String name) {
    String meant = Suggestions.nearest(name, free());
    // one mistake, one diagnostic
    missing.remove(meant);
    String hint =
        meant != null
            ? "did you mean '" + meant + "'?"
            : known.isEmpty() ? null : "known here: " + String.join(", ", known);
    String message = "unknown property '" + name + "'" + in();
    reports.add(Code.UNKNOWN_PROPERTY, key(name), path(name), message, hint);
  }

  private List<String> free() {
    return known.stream().filter(candidate -> !has(candidate)).toList();
  }

  private String path(String name) {
    return at.path() + "/" + At.escape(name);
  }

  private String in() {
    return owner.isEmpty() ? "" : " in " + owner;
  }
}
