package dev.skein.model;

import dev.skein.model.Diagnostic.Severity;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Gathers the diagnostics of one reading. Owned by the reading thread.
final class Reports {
  /// What a refusal returns at most.
  static final int MAX_RETURNED = 50;

  // more than is returned, as they come unsorted; bounded, as each may search for a suggestion
  private static final int MAX_ERRORS = 1_000;
  private static final int MAX_REMARKS = 1_000;
  private static final int MAX_TEXT = 1_000;

  private static final Comparator<Diagnostic> BY_POSITION =
      Comparator.comparingInt(Diagnostic::line).thenComparingInt(Diagnostic::column);

  // one per place and message: an alias leads to the same mistake by several paths
  private Map<Said, Diagnostic> errors = new LinkedHashMap<>();
  private Map<Said, Diagnostic> remarks = new LinkedHashMap<>();
  private @Nullable Code instead;

  private record Said(Position position, String message) {}

  /// Ends a reading that found more mistakes than anybody will look at.
  static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooMany() {
      super("too many mistakes", null, false, false);
    }
  }

  /// Reports an error.
  ///
  /// @throws TooMany when the reading should end
  void add(Code code, Position position, String path, String message, @Nullable String hint) {
    Code filed = instead != null && code.origin() == Code.Origin.SCHEMA ? instead : code;
    put(errors, diagnostic(Severity.ERROR, filed, new At.Place(position, path), message, hint));
    if (errors.size() >= MAX_ERRORS) {
      throw new TooMany();
    }
  }

  void add(Code code, At at, String message, @Nullable String hint) {
    add(code, at.position(), at.path(), message, hint);
  }

  void warn(Code code, Position position, String path, String message, @Nullable String hint) {
    remark(Severity.WARNING, code, new At.Place(position, path), message, hint);
  }

  void warn(Code code, At at, String message, @Nullable String hint) {
    warn(code, at.position(), at.path(), message, hint);
  }

  /// Warns of what the language has and a run would fail at.
  void notRun(At at, String what) {
    warn(Code.NOT_RUN, at, what + " not run by this version of Skein", null);
  }

  void note(Code code, Position position, String path, String message) {
    remark(Severity.NOTE, code, new At.Place(position, path), message, null);
  }

  private void remark(
      Severity severity, Code code, At.Place place, String message, @Nullable String hint) {
    if (remarks.size() < MAX_REMARKS) {
      put(remarks, diagnostic(severity, code, place, message, hint));
    }
  }

  private static void put(Map<Said, Diagnostic> into, Diagnostic diagnostic) {
    Position position = new Position(diagnostic.line(), diagnostic.column());
    into.putIfAbsent(new Said(position, diagnostic.message()), diagnostic);
  }

  private static Diagnostic diagnostic(
      Severity severity, Code code, At.Place place, String message, @Nullable String hint) {
    return new Diagnostic(
        severity,
        code,
        place.position().line(),
        place.position().column(),
        shortened(place.path()),
        shortened(message),
        hint == null ? null : shortened(hint));
  }

  private static String shortened(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  /// Files what would break the schema under another rule meanwhile: the schema has no say inside
  /// metadata and other places that it leaves open.
  ///
  /// @param code null for the schema's own rules again
  <T extends @Nullable Object> T under(@Nullable Code code, Supplier<T> reading) {
    Code before = instead;
    instead = code;
    try {
      return reading.get();
    } finally {
      instead = before;
    }
  }

  /// What is wrong in a part, without saying so yet.
  List<Diagnostic> apart(Runnable reading) {
    Map<Said, Diagnostic> before = errors;
    errors = new LinkedHashMap<>();
    try {
      reading.run();
      return List.copyOf(errors.values());
    } finally {
      errors = before;
    }
  }

  /// What came of reading another document.
  ///
  /// @param result null also where the mistakes were too many
  record Elsewhere<T>(@Nullable T result, List<Diagnostic> mistakes) {}

  /// Reads another document. What is wrong in it is not said yet, as it is not in this one; nothing
  /// else is said of it at all.
  <T> Elsewhere<T> elsewhere(Supplier<@Nullable T> reading) {
    Map<Said, Diagnostic> errorsHere = errors;
    Map<Said, Diagnostic> remarksHere = remarks;
    errors = new LinkedHashMap<>();
    remarks = new LinkedHashMap<>();
    T result = null;
    List<Diagnostic> mistakes;
    try {
      result = reading.get();
    } catch (TooMany _) {
      // they are all of that document's
    } finally {
      mistakes = List.copyOf(errors.values());
      errors = errorsHere;
      remarks = remarksHere;
    }
    return new Elsewhere<>(result, mistakes);
  }

  /// Reports what was found apart.
  void addAll(List<Diagnostic> found) {
    found.forEach(diagnostic -> put(errors, diagnostic));
  }

  boolean refuse() {
    return !errors.isEmpty();
  }

  /// The errors, and as many of the warnings as there is room for.
  List<Diagnostic> refusal() {
    List<Diagnostic> first = errors.values().stream().sorted(BY_POSITION).toList();
    return Stream.concat(
            first.stream(),
            sortedRemarks().stream().filter(said -> said.severity() == Severity.WARNING))
        .limit(MAX_RETURNED)
        .sorted(BY_POSITION)
        .toList();
  }

  List<Diagnostic> sortedRemarks() {
    return remarks.values().stream().sorted(BY_POSITION).toList();
  }
}
