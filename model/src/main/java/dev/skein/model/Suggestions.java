package dev.skein.model;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Finds the known name that was probably meant.
final class Suggestions {
  private static final int MAX_LENGTH = 64;
  private static final int MAX_CANDIDATES = 200;

  private Suggestions() {}

  /// @return `did you mean 'x'?`, or null if nothing is near
  static @Nullable String hint(String written, Collection<String> known) {
    String nearest = nearest(written, known);
    return nearest == null ? null : "did you mean '" + nearest + "'?";
  }

  static @Nullable String nearest(String written, Collection<String> known) {
    if (written.isEmpty() || written.length() > MAX_LENGTH) {
      return null;
    }
    String nearest = null;
    int best = Math.max(1, (written.length() + 1) / 3) + 1;
    for (String name : (Iterable<String>) known.stream().limit(MAX_CANDIDATES)::iterator) {
      int distance =
          name.equalsIgnoreCase(written)
              ? 0
              : Math.abs(name.length() - written.length()) >= best ? best : edits(written, name);
      if (distance < best) {
        best = distance;
        nearest = name;
      }
    }
    return nearest;
  }

  /// Insertions, deletions, replacements and swaps of neighbours that make one of the other.
  private static int edits(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      edits[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      edits[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replace = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int insertOrDelete = Math.min(edits[i - 1][j], edits[i][j - 1]) + 1;
        edits[i][j] = Math.min(replace, insertOrDelete);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
