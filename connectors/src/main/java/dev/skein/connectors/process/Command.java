package dev.skein.connectors.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A program with all that it is started with.
///
/// @param words the program, absolute, and its arguments
/// @param environment all of it
/// @param stdin a file
record Command(List<String> words, Map<String, String> environment, Path stdin) {
  /// Shows the program alone: arguments and environment may be secret.
  @Override
  public String toString() {
    return words.getFirst();
  }
}
