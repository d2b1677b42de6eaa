package dev.skein.model;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Finds functions that are published: `NAME:VERSION@CATALOG` is the file
/// `functions/NAME/VERSION/function.yaml` below the catalog's endpoint; an address is that of the
/// function's file or of its folder, with a version behind `@` if the path has none.
final class CatalogReader {
  private static final String FILE = "function.yaml";
  private static final Pattern IS_FILE = Pattern.compile(".*\\.(ya?ml|json)([?#].*)?");

  // no name leads out of its folder
  private static final Pattern CALLEE =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*):([A-Za-z0-9][A-Za-z0-9.+_-]*)@([^@]+)");

  private final Values values;
  private final References references;

  /// @param reference of the function as a task
  record Function(String name, String reference, ResourceReader.Document document, Yaml content) {}

  CatalogReader(Values values, References references) {
    this.values = values;
    this.references = references;
  }

  /// Whether a function of that name is one that was published, rather than the workflow's own.
  static boolean isPublished(String callee) {
    return callee.indexOf('@') >= 0 || isAddress(callee);
  }

  private static boolean isAddress(String callee) {
    boolean relative = callee.startsWith("./") || callee.startsWith("../");
    return callee.contains("://") || (relative && callee.indexOf('@') < 0);
  }

  /// @return null if nobody looked, or if there is none, which then is reported
  @Nullable Function find(At at, String callee) {
    return isAddress(callee) ? byAddress(at, callee) : inCatalog(at, callee);
  }

  private @Nullable Function byAddress(At at, String callee) {
    int sign = callee.lastIndexOf('@');
    boolean versioned = sign > callee.lastIndexOf('/'); // any other belongs to the host
    String address = versioned ? callee.substring(0, sign) : callee;
    ResourceReader resources = references.outside().resources();
    URI uri = resources.literal(at, JsonNodeFactory.instance.stringNode(address));
    if (uri == null) {
      return null;
    }
    URI folder = versioned ? versioned(uri, callee.substring(sign + 1)) : raw(uri);
    URI file = IS_FILE.matcher(folder.toString()).matches() ? folder : below(folder, FILE);
    ResourceReader.Document document = resources.read(at, file);
    Yaml content = document == null ? null : resources.yaml(at, document);
    if (document == null || content == null) {
      return null;
    }
    String name = address.replaceFirst("/+(function\\.ya?ml)?$", "");
    String reference = "/functions/" + At.escape(callee);
    return new Function(name.substring(name.lastIndexOf('/') + 1), reference, document, content);
  }

  /// A version is a tag or branch where repositories are shown, else a folder.
  private static URI versioned(URI uri, String version) {
    List<String> path = new ArrayList<>(Arrays.asList(uri.getRawPath().split("/")));
    boolean onGitHub = "github.com".equals(uri.getHost()) && path.size() > 3;
    if (!onGitHub) {
      return below(uri, version);
    }
    path.add(3, version); // behind the empty text before the slash, owner and repository
    return raw(URI.create("https://github.com" + String.join("/", path)));
  }

  private @Nullable Function inCatalog(At at, String callee) {
    String catalogName = callee.substring(callee.lastIndexOf('@') + 1);
    Catalog catalog = references.catalog(at, catalogName);
    if (catalog == null) {
      return null;
    }
    Matcher parts = CALLEE.matcher(callee);
    if (!parts.matches() || !Formats.isVersion(parts.group(2))) {
      String message = "'" + callee + "' names no version of a function";
      values.reports().add(Code.RESOURCE, at, message, "write NAME:1.0.0@" + catalogName);
      return null;
    }
    ResourceReader resources = references.outside().resources();
    URI endpoint = resources.literal(at, catalog.uri());
    if (endpoint == null) {
      return null;
    }
    String name = parts.group(1);
    String path = "functions/" + name + "/" + parts.group(2) + "/" + FILE;
    URI file = below(raw(endpoint), path);
    JsonNode authentication = catalog.authentication();
    // catalogs are the workflow's, whoever calls
    ResourceReader.Document document =
        resources.inWorkflow(() -> resources.read(at, file.normalize(), authentication));
    Yaml content = document == null ? null : resources.yaml(at, document);
    if (document == null || content == null) {
      return null;
    }
    String reference =
        "/use/catalogs/" + At.escape(catalogName) + "/" + name + ":" + parts.group(2);
    return new Function(name, reference, document, content);
  }

  private static URI below(URI endpoint, String path) {
    String text = endpoint.toString();
    int end = text.indexOf('#') < 0 ? text.length() : text.indexOf('#');
    int query = text.indexOf('?') < 0 ? end : Math.min(text.indexOf('?'), end);
    String folder = text.substring(0, query);
    String slash = folder.isEmpty() || folder.endsWith("/") ? "" : "/";
    return URI.create(folder + slash + path + text.substring(query, end));
  }

  /// Where GitHub and GitLab serve the files themselves, which the pages about them only show. A
  /// repository as such stands for its default branch.
  private static URI raw(URI endpoint) {
    String host = endpoint.getHost();
    String rawPath = endpoint.getRawPath();
    if (host == null || rawPath == null) {
      return endpoint;
    }
    List<String> path =
        new ArrayList<>(Arrays.stream(rawPath.split("/")).filter(p -> !p.isEmpty()).toList());
    return switch (host) {
      case "github.com", "www.github.com" -> {
        if (path.size() < 2) {
          yield endpoint;
        }
        if (path.size() == 2) {
          path.add("HEAD");
        } else if (path.get(2).equals("tree") || path.get(2).equals("blob")) {
          path.remove(2);
        }
        yield URI.create("https://raw.githubusercontent.com/" + String.join("/", path));
      }
      case "gitlab.com" -> {
        int dash = path.indexOf("-");
        if (dash < 0) {
          path.addAll(List.of("-", "raw", "HEAD"));
        } else if (dash + 1 < path.size()) {
          path.set(dash + 1, "raw");
        }
        yield URI.create("https://gitlab.com/" + String.join("/", path));
      }
      default -> endpoint;
    };
  }
}
