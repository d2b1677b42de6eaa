package dev.skein.model;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Judges .proto files. Who knows their syntax is behind it.
@FunctionalInterface
public interface ProtoSyntax {
  /// @return what they describe, or why nobody can tell
  Judgement judge(ProtoFiles files);

  /// What came of reading .proto files.
  sealed interface Judgement {
    /// Nobody looked.
    record Unread() implements Judgement {}

    record Invalid(String mistake) implements Judgement {}

    record Valid(Services services) implements Judgement {}
  }

  /// What .proto files describe.
  interface Services {
    /// The full names of all services.
    Collection<String> names();

    /// The simple names of its methods; null if there is no such service.
    @Nullable Collection<String> methods(String service);
  }
}
