package dev.skein.model;

/// How the iterations of a {@link ForTask} run at once, from `metadata.skein.parallel`.
///
/// @param max iterations that run at the same time, at least 1
/// @param failFast whether the first failing iteration cancels the others
public record Parallel(int max, boolean failFast) {
  public static final int DEFAULT_MAX = 16;
}
