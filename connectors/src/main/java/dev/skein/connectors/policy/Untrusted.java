package dev.skein.connectors.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whose workflows were written by strangers. What they call, and what is fetched for them, may be
/// at public addresses only, unless an integration says otherwise.
///
/// @param namespaces patterns such as `guests` or `tenant-*`
/// @param line where they are named in the settings file
public record Untrusted(List<Glob> namespaces, int line) {
  public static final Untrusted NOBODY = new Untrusted(List.of(), 0);

  /// @param workflow `namespace/name`; null for a call that comes from none
  boolean has(@Nullable String workflow) {
    if (workflow == null || namespaces.isEmpty()) {
      return false;
    }
    int end = workflow.indexOf('/');
    String namespace = end < 0 ? workflow : workflow.substring(0, end);
    return namespaces.stream().anyMatch(one -> one.fits(namespace));
  }
}
