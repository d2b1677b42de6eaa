package dev.skein.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads what lies outside of the document, relative to the document that asks for it. Owned by the
/// reading thread.
final class ResourceReader {
  private static final Set<String> WEB = Set.of("http", "https");
  private static final int SHOWN_MISTAKES = 5;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Reports reports;
  private final Resources resources;

  /// Of the document that is being read; empty for the workflow's own.
  private URI base = URI.create("");

  /// What was found.
  ///
  /// @param uri absolute, or relative to the workflow's own document
  record Document(URI uri, String text) {}

  ResourceReader(Reports reports, Resources resources) {
    this.reports = reports;
    this.resources = resources;
  }

  URI base() {
    return base;
  }

  /// Reads with what is relative being so to that document.
  <T extends @Nullable Object> T inside(URI document, Supplier<T> reading) {
    URI before = base;
    base = document;
    try {
      return reading.get();
    } finally {
      base = before;
    }
  }

  /// The same in the workflow's own document.
  <T extends @Nullable Object> T inWorkflow(Supplier<T> reading) {
    return inside(URI.create(""), reading);
  }

  /// @return null if nobody looked, or if it cannot be had, which then is reported
  @Nullable Document read(At at, ExternalResource resource) {
    URI uri = literal(at, resource.uri());
    return uri == null ? null : read(at, resolved(base, uri), resource.authentication());
  }

  /// A document beside the one that is being read, or anywhere.
  @Nullable Document read(At at, URI uri) {
    return read(at, resolved(base, uri), null);
  }

  /// @param resolved its fragment says which part of the document is meant
  @Nullable Document read(At at, URI resolved, @Nullable JsonNode authentication) {
    URI uri = withoutFragment(resolved);
    boolean leavesTheWeb = isOfTheWeb(base) && uri.isAbsolute() && !isOfTheWeb(uri);
    Resources.Found found =
        leavesTheWeb
            ? new Resources.Found.Failed("is not for documents from the web to read", null)
            : resources.find(new Resources.Wanted(uri, authentication));
    return switch (found) {
      case Resources.Found.Text(String text) -> new Document(resolved, text);
      case Resources.Found.Unread() -> null;
      case Resources.Found.Failed(String reason, String hint) -> {
        String name = uri.toString().isEmpty() ? "." : uri.toString();
        reports.add(Code.RESOURCE, at, name + " " + reason, hint);
        yield null;
      }
    };
  }

  /// The URI as written; null if it is none, or only in a run, which then is reported.
  @Nullable URI literal(At at, JsonNode written) {
    String text = written.stringValue();
    boolean open = Formats.isExpression(text) || text.indexOf('{') >= 0;
    if (open) {
      String message = "'" + text + "' is not known at deployment, when resources are read";
      reports.warn(Code.NOT_RUN, at, message, "write the URI out: a run would fail here");
      return null;
    }
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      reports.add(Code.RESOURCE, at, "'" + text + "' is no URI: " + e.getReason(), null);
      return null;
    }
  }

  static URI resolved(URI base, URI uri) {
    // the JDK resolves nothing against an empty reference
    return base.toString().isEmpty() || uri.isAbsolute() ? uri.normalize() : base.resolve(uri);
  }

  static URI withoutFragment(URI uri) {
    String text = uri.toString();
    int fragment = text.indexOf('#');
    return fragment < 0 ? uri : URI.create(text.substring(0, fragment));
  }

  private static boolean isOfTheWeb(URI uri) {
    return uri.getScheme() != null && WEB.contains(uri.getScheme().toLowerCase(Locale.ROOT));
  }

  /// The document as a tree.
  ///
  /// @return null if it is neither YAML nor JSON, which then is reported
  @Nullable JsonNode json(At at, Document document) {
    String text = document.text().strip();
    if (text.startsWith("{") || text.startsWith("[")) {
      try {
        return JSON.readTree(text);
      } catch (JacksonException _) {
        // a flow collection of YAML looks the same
      }
    }
    Yaml yaml = yaml(at, document);
    return yaml == null ? null : yaml.json();
  }

  @Nullable Yaml yaml(At at, Document document) {
    Reports.Elsewhere<Yaml> read = reports.elsewhere(() -> YamlTree.read(document.text(), reports));
    report(at, document, read.mistakes());
    return read.mistakes().isEmpty() ? read.result() : null;
  }

  /// Reports at a place of the workflow what is wrong in another document.
  void report(At at, Document document, List<Diagnostic> mistakes) {
    for (Diagnostic mistake : mistakes.subList(0, Math.min(mistakes.size(), SHOWN_MISTAKES))) {
      String message =
          "%s:%d:%d %s"
              .formatted(document.uri(), mistake.line(), mistake.column(), mistake.message());
      reports.add(Code.RESOURCE, at, message, mistake.hint());
    }
  }
}
