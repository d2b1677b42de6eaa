package dev.skein.model;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A section of `use`, by name.
///
/// @param kind what an entry is called in a message
/// @param section the section's name
/// @param declared all names, also of entries that could not be read: those are reported already
record Named<T>(
    Reports reports, String kind, String section, Set<String> declared, Map<String, T> entries) {

  @Nullable T resolve(At at, String name) {
    T entry = entries.get(name);
    if (entry == null && !declared.contains(name)) {
      String hint = Suggestions.hint(name, declared);
      reports.add(
          Code.REFERENCE,
          at,
          "there is no " + kind + " '" + name + "'",
          hint == null ? "declare it under use." + section : hint);
    }
    return entry;
  }
}
