package dev.skein.connectors.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A path with names in it, such as `/pets/{id}.json`.
///
/// @param segments what is between its slashes, the empty one before the first included
record PathTemplate(List<List<Piece>> segments) {
  private static final Pattern NAME = Pattern.compile("\\{([^{}/]+)}");

  sealed interface Piece {
    record Literal(String text) implements Piece {}

    record Name(String text) implements Piece {}
  }

  static PathTemplate of(String text) {
    var segments = new ArrayList<List<Piece>>();
    for (String segment : text.split("/", -1)) {
      segments.add(pieces(segment));
    }
    return new PathTemplate(List.copyOf(segments));
  }

  private static List<Piece> pieces(String segment) {
    var pieces = new ArrayList<Piece>();
    Matcher name = NAME.matcher(segment);
    int done = 0;
    while (name.find()) {
      if (name.start() > done) {
        pieces.add(new Piece.Literal(segment.substring(done, name.start())));
      }
      pieces.add(new Piece.Name(name.group(1)));
      done = name.end();
    }
    if (done < segment.length()) {
      pieces.add(new Piece.Literal(segment.substring(done)));
    }
    return List.copyOf(pieces);
  }

  /// What the names stand for in a path, decoded; null if the path is another.
  ///
  /// @param path as in a URL, encoded
  @Nullable Map<String, String> match(String path) {
    String[] parts = path.split("/", -1);
    if (parts.length != segments.size()) {
      return null;
    }
    var values = new LinkedHashMap<String, String>();
    for (int i = 0; i < parts.length; i++) {
      if (!match(segments.get(i), parts[i], values)) {
        return null;
      }
    }
    values.replaceAll((_, value) -> Escapes.lenient(value));
    return values;
  }

  /// A name takes at least one character and ends where the text after it first occurs, the last
  /// one at the end: no path is tried in more than one way.
  private static boolean match(List<Piece> pieces, String part, Map<String, String> values) {
    int at = 0;
    for (int i = 0; i < pieces.size(); i++) {
      switch (pieces.get(i)) {
        case Piece.Literal(String text) -> {
          if (!part.startsWith(text, at)) {
            return false;
          }
          at += text.length();
        }
        case Piece.Name(String name) -> {
          int end = end(pieces, i + 1, part, at);
          if (end <= at) {
            return false;
          }
          values.put(name, part.substring(at, end));
          at = end;
        }
      }
    }
    return at == part.length();
  }

  private static int end(List<Piece> pieces, int next, String part, int at) {
    if (next == pieces.size()) {
      return part.length();
    }
    boolean last = next == pieces.size() - 1;
    return switch (pieces.get(next)) {
      case Piece.Literal(String text) when last ->
          part.endsWith(text) ? part.length() - text.length() : -1;
      case Piece.Literal(String text) -> part.indexOf(text, at + 1);
      case Piece.Name _ -> Math.min(at + 1, part.length());
    };
  }

  /// Of two that fit a path, the one that comes later in the order of this is meant: the one that
  /// is more literal, from the left.
  String certainty() {
    var certainty = new StringBuilder();
    for (List<Piece> segment : segments) {
      boolean literal = segment.stream().allMatch(Piece.Literal.class::isInstance);
      certainty.append(literal ? '3' : segment.size() > 1 ? '2' : '1');
    }
    return certainty.toString();
  }
}
