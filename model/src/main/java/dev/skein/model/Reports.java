package dev.skein.model;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gathers the diagnostics of one reading. Owned by the reading thread.
final class Reports {
  /// What a reading returns at most.
  static final int MAX_RETURNED = 50;

  // more than is returned, as they come unsorted; bounded, as each may search for a suggestion
  private static final int MAX_KEPT = 1_000;

  private static final int MAX_TEXT = 1_000;

  // one per place and message: an alias leads to the same mistake by several paths
  private final Map<Mistake, Diagnostic> diagnostics = new LinkedHashMap<>();

  private record Mistake(Position position, String message) {}

  /// Ends a reading that found more mistakes than anybody will look at.
  static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooMany() {
      super("too many mistakes", null, false, false);
    }
  }

  /// @throws TooMany when the reading should end
  void add(Position position, String path, String message, @Nullable String hint) {
    diagnostics.putIfAbsent(
        new Mistake(position, shortened(message)),
        new Diagnostic(
            position.line(),
            position.column(),
            shortened(path),
            shortened(message),
            hint == null ? null : shortened(hint)));
    if (diagnostics.size() >= MAX_KEPT) {
      throw new TooMany();
    }
  }

  private static String shortened(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  void add(At at, String message, @Nullable String hint) {
    add(at.position(), at.path(), message, hint);
  }

  void unsupported(Position position, String path, String what) {
    add(position, path, what + " is not supported yet by this version of Skein", null);
  }

  boolean isEmpty() {
    return diagnostics.isEmpty();
  }

  List<Diagnostic> sorted() {
    return diagnostics.values().stream()
        .sorted(Comparator.comparingInt(Diagnostic::line).thenComparingInt(Diagnostic::column))
        .limit(MAX_RETURNED)
        .toList();
  }
}
