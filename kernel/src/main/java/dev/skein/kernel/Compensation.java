package dev.skein.kernel;

import dev.skein.kernel.journal.Payload;
import org.jspecify.annotations.Nullable;

/// How to undo one thing.
///
/// @param name unique in its scope
/// @param memo what whoever registered it needs to make it again from a checkpoint
/// @param output the outcome of what is to be undone; null where it is unknown (sent, no answer)
public record Compensation(String name, Payload memo, @Nullable Payload output, Undo undo) {
  /// Undoes it, by steps of its own. Must bear being asked to undo what never happened.
  @FunctionalInterface
  public interface Undo {
    void run(Context context, @Nullable Payload output) throws Exception;
  }

  Compensation with(@Nullable Payload known) {
    return new Compensation(name, memo, known, undo);
  }
}
