package dev.skein.cli;

import dev.skein.connectors.openapi.ApiDocument;
import dev.skein.connectors.openapi.InvalidApi;
import dev.skein.model.ApiFile;
import dev.skein.model.Diagnostic;
import dev.skein.model.Resources;
import dev.skein.model.Section;
import dev.skein.runtime.resource.FetchLimits;
import dev.skein.runtime.resource.FetchedResources;
import dev.skein.runtime.resource.WebAccess;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// Reads OpenAPI documents that the command line names.
final class ApiFiles {
  private ApiFiles() {}

  /// @param name a file, or a URL
  static ApiDocument read(String name) {
    ApiFile file = isOnTheWeb(name) ? fetched(name) : document(name, onlyText(Path.of(name)));
    try {
      return ApiDocument.read(file.content());
    } catch (InvalidApi e) {
      throw new Failures.Usage(name + " is no OpenAPI document: " + e.getMessage());
    }
  }

  private static boolean isOnTheWeb(String name) {
    return name.startsWith("http://") || name.startsWith("https://");
  }

  private static ApiFile fetched(String name) {
    try (var web =
        new FetchedResources(null, WebAccess.own(policy -> policy), FetchLimits.DEFAULT)) {
      return document(name, web);
    }
  }

  private static Resources onlyText(Path file) {
    String text = Files.text(file);
    return _ -> new Resources.Found.Text(text);
  }

  private static ApiFile document(String name, Resources resources) {
    Section.Result<ApiFile> read = ApiFile.read(uri(name), resources);
    if (read.result() == null) {
      throw new Failures.Usage(
          read.diagnostics().stream()
              .map(Diagnostic::message)
              .collect(Collectors.joining(System.lineSeparator())));
    }
    return read.result();
  }

  private static URI uri(String name) {
    try {
      return isOnTheWeb(name)
          ? URI.create(name)
          : Path.of("").toUri().relativize(Path.of(name).toUri());
    } catch (IllegalArgumentException e) {
      throw new Failures.Usage("'" + name + "' is no URL: " + e.getMessage());
    }
  }
}
