package dev.skein.model;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The functions of `use`, each read when it is first called: a function may call another that
/// stands below it. Owned by the reading thread.
final class Functions {
  /// How deep functions may call each other.
  static final int MAX_DEPTH = 50;

  private final Reports reports;
  private final @Nullable At section;
  private final Map<String, Yaml.Entry> declared;
  private final BiFunction<String, FunctionSource, @Nullable Task> read;
  private final Map<String, Optional<Task>> done = new HashMap<>();
  private final Set<String> open = new LinkedHashSet<>();

  /// Where a function is written.
  record FunctionSource(At at, Position name) {}

  Functions(
      Values values,
      @Nullable At section,
      BiFunction<String, FunctionSource, @Nullable Task> read) {
    this.reports = values.reports();
    this.section = section;
    this.declared = values.entries(section);
    this.read = read;
  }

  boolean declares(String name) {
    return declared.containsKey(name);
  }

  /// All that could be read, in the order written.
  Map<String, Task> all() {
    Map<String, Task> functions = new LinkedHashMap<>();
    declared.forEach((name, entry) -> {
      Task task = read(name, entry);
      if (task != null) {
        functions.put(name, task);
      }
    });
    return functions;
  }

  /// @param at the call, where a mistake is reported
  @Nullable Task resolve(At at, String name) {
    Yaml.Entry entry = declared.get(name);
    if (entry == null) {
      String hint = Suggestions.hint(name, declared.keySet());
      reports.add(
          Code.REFERENCE,
          at,
          "there is no function '" + name + "'",
          hint == null ? "declare it under use.functions" : hint);
      return null;
    }
    if (open.contains(name)) {
      String chain = String.join(" → ", open) + " → " + name;
      reports.add(Code.RECURSION, at, "the function '" + name + "' calls itself", chain);
      return null;
    }
    if (!done.containsKey(name) && open.size() >= MAX_DEPTH) {
      reports.add(
          Code.RECURSION, at, "functions call each other more than " + MAX_DEPTH + " deep", null);
      return null;
    }
    return read(name, entry);
  }

  private @Nullable Task read(String name, Yaml.Entry entry) {
    Optional<Task> known = done.get(name);
    if (known != null) {
      return known.orElse(null);
    }
    if (section == null) {
      return null;
    }
    open.add(name);
    FunctionSource source = new FunctionSource(section.child(name, entry.value()), entry.key());
    // whoever asks for it first, its own mistakes are the schema's
    Task task = reports.<@Nullable Task>under(null, () -> read.apply(name, source));
    open.remove(name);
    done.put(name, Optional.ofNullable(task));
    return task;
  }
}
