package dev.skein.runtime.endpoint;

import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.model.ApiOperation;
import dev.skein.model.Definition;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A place where a deployed workflow is called by HTTP.
///
/// @param segments of the operation's path, or of that after the version of its API
/// @param successor where the newest version of the workflow is called; null if this is it
public record Endpoint(Published published, List<String> segments, @Nullable String successor) {

  static Endpoint at(String path, Published published, @Nullable String successor) {
    return new Endpoint(published, List.of(path.substring(1).split("/", -1)), successor);
  }

  /// A version of a workflow that says how it is published.
  public record Published(
      WorkflowRef workflow, Definition definition, ApiOperation operation, Instant deployedAt) {

    /// Where this version is called whatever comes after it, if its API has a version.
    String lastingPath() {
      String version = operation.version();
      return version == null ? operation.path() : "/" + version + operation.path();
    }
  }

  public WorkflowRef workflow() {
    return published.workflow();
  }

  public Definition definition() {
    return published.definition();
  }

  public ApiOperation operation() {
    return published.operation();
  }

  public String path() {
    return "/" + String.join("/", segments);
  }

  /// `POST /v1/checkout`
  @Override
  public String toString() {
    return operation().method() + " " + path();
  }

  /// What tells it from others: the names of parameters do not.
  String shape() {
    return segments.stream()
        .map(segment -> ApiOperation.parameter(segment) == null ? segment : "{}")
        .collect(Collectors.joining("/", operation().method() + " /", ""));
  }

  /// Sorts what is written out before what stands for anything, segment by segment.
  String precision() {
    return segments.stream()
        .map(segment -> ApiOperation.parameter(segment) == null ? "0" : "1")
        .collect(Collectors.joining());
  }

  /// What the path's parameters are in a request; null if it is another path.
  ///
  /// @param path its segments, decoded
  public @Nullable Map<String, String> fit(String... path) {
    if (segments.size() != path.length) {
      return null;
    }
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < path.length; i++) {
      String parameter = ApiOperation.parameter(segments.get(i));
      if (parameter != null && !path[i].isEmpty()) {
        named.put(parameter, path[i]);
      } else if (!segments.get(i).equals(path[i])) {
        return null;
      }
    }
    return named;
  }
}
