package dev.skein.model;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Gives the texts that a workflow refers to outside of itself: files, and documents on the web.
/// Where they come from is behind it, so that this module reads nothing but text.
@FunctionalInterface
public interface Resources {
  /// Nobody looks: what lies elsewhere stays unread, and unjudged.
  Resources UNREAD = _ -> new Found.Unread();

  Found find(Wanted wanted);

  /// @param uri absolute, or relative to the workflow's own document
  /// @param authentication the policy of the language, resolved; null for none
  record Wanted(URI uri, @Nullable JsonNode authentication) {}

  /// What came of looking.
  sealed interface Found {
    record Text(String text) implements Found {}

    /// Nobody looked.
    record Unread() implements Found {}

    /// It cannot be had.
    ///
    /// @param reason goes on after the URI: `does not exist`
    record Failed(String reason, @Nullable String hint) implements Found {}
  }
}
