package dev.skein.model;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Judges OpenAPI documents. Who knows them is behind it.
@FunctionalInterface
public interface ApiSyntax {
  /// @return what it describes, or why nobody can tell
  Judgement judge(ApiFile file);

  /// What came of reading an OpenAPI document.
  sealed interface Judgement {
    /// Nobody looked.
    record Unread() implements Judgement {}

    record Invalid(String mistake) implements Judgement {}

    record Valid(Operations operations) implements Judgement {}
  }

  /// What an OpenAPI document describes.
  interface Operations {
    Collection<String> ids();

    /// The names of what an operation takes, and whether it must be given; null if there is no such
    /// operation.
    @Nullable Map<String, Boolean> parameters(String id);
  }
}
