package dev.skein.model;

import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The functions of `use` and of catalogs, each read when it is first called: a function may call
/// another that stands below it. Owned by the reading thread.
final class Functions {
  /// How deep functions may call each other.
  static final int MAX_DEPTH = 50;

  private final Reports reports;
  private final @Nullable At section;
  private final CatalogReader catalogs;
  private final ResourceReader resources;
  private final Map<String, Yaml.Entry> declared;
  private final BiFunction<String, FunctionSource, @Nullable Task> read;
  private final Map<String, Optional<Task>> done = new HashMap<>();
  private final Map<String, Optional<Task>> published = new LinkedHashMap<>();
  private final Set<String> open = new LinkedHashSet<>();

  /// Where a function is written.
  record FunctionSource(At at, Position name) {}

  Functions(
      Values values,
      References references,
      @Nullable At section,
      BiFunction<String, FunctionSource, @Nullable Task> read) {
    this.reports = values.reports();
    this.catalogs = new CatalogReader(values, references);
    this.resources = references.outside().resources();
    this.section = section;
    this.declared = values.entries(section);
    this.read = read;
  }

  boolean declares(String name) {
    return declared.containsKey(name);
  }

  /// All that could be read: those of `use` in the order written, then those of catalogs.
  Map<String, Task> all() {
    Map<String, Task> functions = new LinkedHashMap<>();
    declared.forEach((name, entry) -> {
      Task task = read(name, entry);
      if (task != null) {
        functions.put(name, task);
      }
    });
    published.forEach((name, task) -> task.ifPresent(found -> functions.put(name, found)));
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
    boolean known = done.containsKey(name);
    return isEndless(at, name, known) ? null : read(name, entry);
  }

  private boolean isEndless(At at, String name, boolean known) {
    if (open.contains(name)) {
      String chain = String.join(" → ", open) + " → " + name;
      reports.add(Code.RECURSION, at, "the function '" + name + "' calls itself", chain);
      return true;
    }
    if (!known && open.size() >= MAX_DEPTH) {
      reports.add(
          Code.RECURSION, at, "functions call each other more than " + MAX_DEPTH + " deep", null);
      return true;
    }
    return false;
  }

  /// A function of a catalog, or of an address. Names in it are those of the workflow, as in
  /// functions of `use`.
  ///
  /// @param callee `NAME:VERSION@CATALOG`, or where it lies
  /// @return null if nobody looked, or if it is none, which then is reported
  @Nullable Task published(At at, String callee) {
    Optional<Task> known = published.get(callee);
    if (isEndless(at, callee, known != null) || known != null) {
      return known == null ? null : known.orElse(null);
    }
    CatalogReader.Function found = catalogs.find(at, callee);
    Task task = found == null ? null : published(at, callee, found);
    published.put(callee, Optional.ofNullable(task));
    return task;
  }

  private @Nullable Task published(At at, String callee, CatalogReader.Function found) {
    var source = new FunctionSource(new At(found.content(), found.reference()), Position.START);
    open.add(callee);
    Reports.Elsewhere<Task> read =
        reports.elsewhere(() -> reports.<@Nullable Task>under(null, () -> content(found, source)));
    open.remove(callee);
    resources.report(at, found.document(), read.mistakes());
    return read.mistakes().isEmpty() ? read.result() : null;
  }

  private @Nullable Task content(CatalogReader.Function function, FunctionSource source) {
    URI uri = function.document().uri();
    return resources.<@Nullable Task>inside(uri, () -> read.apply(function.name(), source));
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
    Task task =
        reports.<@Nullable Task>under(
            null, () -> resources.<@Nullable Task>inWorkflow(() -> read.apply(name, source)));
    open.remove(name);
    done.put(name, Optional.ofNullable(task));
    return task;
  }
}
