package dev.skein.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gathers a .proto file and all that it imports, at deployment. An import is relative to the
/// folder of the first file; where the folders in its name lead through one of the same name that
/// the first file lies in, they begin beside that one: the names that `protoc` takes with `-I`
/// work. Used once.
final class ProtoReader {
  private static final int MAX_FILES = 100;
  private static final int MAX_CHARS = 4 * 1024 * 1024;
  // well below what overflows a parser's stack
  private static final int MAX_DEPTH = 64;

  private final Reports reports;
  private final ResourceReader resources;
  private final At at;
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final ArrayDeque<String> wanted = new ArrayDeque<>();
  private int chars;

  /// @param at where mistakes are reported
  ProtoReader(Reports reports, ResourceReader resources, At at) {
    this.reports = reports;
    this.resources = resources;
    this.at = at;
  }

  /// @return null if nobody looked, or if not all of it can be had, which then is reported
  @Nullable ProtoFiles read(ExternalResource proto) {
    ResourceReader.Document main = resources.read(at, proto);
    if (main == null) {
      return null;
    }
    URI uri = ResourceReader.withoutFragment(main.uri());
    String name = fileName(uri);
    if (!add(name, main.text())) {
      return null;
    }
    while (!wanted.isEmpty()) {
      String next = wanted.remove();
      if (!texts.containsKey(next) && !fetch(next, uri, proto)) {
        return null;
      }
    }
    return new ProtoFiles(name, texts);
  }

  private boolean fetch(String name, URI main, ExternalResource proto) {
    URI uri = place(name, main);
    if (uri == null) {
      return wrong("the import \"" + name + "\" names no file below a folder");
    }
    if (uri.equals(main)) {
      return wrong("'" + fileName(main) + "' is imported by a file that it imports itself");
    }
    ResourceReader.Document found =
        resources.inside(main, () -> resources.read(at, uri, proto.authentication()));
    return found != null && add(name, found.text());
  }

  private boolean add(String name, String text) {
    chars += text.length();
    if (texts.size() >= MAX_FILES || chars > MAX_CHARS) {
      return wrong(
          "the proto imports too much: it may have %d files, %d characters in all"
              .formatted(MAX_FILES, MAX_CHARS));
    }
    ProtoScan.Found found = ProtoScan.of(text);
    if (found.depth() > MAX_DEPTH) {
      return wrong("'%s' nests deeper than %d levels".formatted(name, MAX_DEPTH));
    }
    texts.put(name, text);
    found.imports().stream().filter(it -> !ProtoFiles.isOfTheLibrary(it)).forEach(wanted::add);
    return true;
  }

  private boolean wrong(String message) {
    reports.add(Code.RESOURCE, at, message, null);
    return false;
  }

  /// @return null for a name that leads out of its folder, or anywhere else
  private static @Nullable URI place(String name, URI main) {
    List<String> parts = List.of(name.split("/", -1));
    boolean outside = parts.contains("..") || parts.contains(".") || parts.contains("");
    if (outside || name.indexOf('\\') >= 0) {
      return null;
    }
    String folder = main.toString().substring(0, main.toString().lastIndexOf('/') + 1);
    int same = parts.size() == 1 ? -1 : ("/" + folder).lastIndexOf("/" + parts.getFirst() + "/");
    String root = same < 0 ? folder : folder.substring(0, same);
    try {
      // the path alone, so that nothing in it is read as a query or a scheme
      String path = new URI(null, null, "/" + name, null).getRawPath().substring(1);
      return URI.create(root + path);
    } catch (URISyntaxException _) {
      return null;
    }
  }

  private static String fileName(URI uri) {
    String path = uri.getPath() == null ? uri.toString() : uri.getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
