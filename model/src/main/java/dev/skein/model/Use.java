package dev.skein.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The reusable parts of a workflow, in the order written.
///
/// @param functions its own, and those of catalogs that it calls, by the names they are called by
public record Use(
    Map<String, Task> functions,
    Map<String, RetryPolicy> retries,
    Map<String, JsonNode> errors,
    Map<String, Timeout> timeouts,
    Map<String, JsonNode> authentications,
    Map<String, Catalog> catalogs,
    List<Extension> extensions,
    List<String> secrets) {

  public Use {
    functions = Collections.unmodifiableMap(functions);
    retries = Collections.unmodifiableMap(retries);
    errors = Collections.unmodifiableMap(errors);
    timeouts = Collections.unmodifiableMap(timeouts);
    catalogs = Collections.unmodifiableMap(catalogs);
    authentications = Collections.unmodifiableMap(authentications);
    extensions = List.copyOf(extensions);
    secrets = List.copyOf(secrets);
  }

  /// The same with these functions.
  Use with(Map<String, Task> functions) {
    return new Use(
        functions, retries, errors, timeouts, authentications, catalogs, extensions, secrets);
  }

  public static final Use NOTHING =
      new Use(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), List.of(), List.of());
}
