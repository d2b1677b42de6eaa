package dev.skein.kernel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Waits for what another thread answers, and fails with what that one failed with.
final class Answers {
  private Answers() {}

  static <T extends @Nullable Object> T join(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
