package dev.skein.model;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// An OpenAPI document as it was when it was read.
///
/// @param uri absolute, or relative to the document that refers to it
public record ApiFile(URI uri, JsonNode content) {
  /// Reads one that no other document refers to, in JSON or YAML.
  ///
  /// @return what says why there is none, if there is none
  public static Section.Result<ApiFile> read(URI uri, Resources resources) {
    var reports = new Reports();
    var reader = new ResourceReader(reports, resources);
    var nowhere =
        new At(new Yaml.Scalar(new Position(1, 1), JsonNodeFactory.instance.nullNode()), "");
    ApiFile file = read(nowhere, uri, reader);
    return new Section.Result<>(file, reports.refusal());
  }

  /// @return null if it cannot be had, which then is reported
  static @Nullable ApiFile read(At at, URI uri, ResourceReader resources) {
    return of(at, resources.read(at, uri), resources);
  }

  static @Nullable ApiFile of(
      At at, ResourceReader.@Nullable Document found, ResourceReader resources) {
    JsonNode content = found == null ? null : resources.json(at, found);
    return found == null || content == null ? null : new ApiFile(found.uri(), content);
  }
}
