package dev.skein.kernel;

import org.jspecify.annotations.Nullable;

/// One of the functions that a fork runs side by side.
public record Branch<T extends @Nullable Object>(String name, Body<T> body) {
  /// What runs inside a scope of its own.
  @FunctionalInterface
  public interface Body<T extends @Nullable Object> {
    T run(Context context) throws Exception;
  }
}
