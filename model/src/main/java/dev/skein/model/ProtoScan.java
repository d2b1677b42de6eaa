package dev.skein.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks through a .proto file for what has to be known before it can be given to a parser: what it
/// imports, and how deep it nests. Used once, by one thread.
final class ProtoScan {
  private static final String OPENING = "{[(<";
  private static final String CLOSING = "}])>";

  private final String text;
  private final List<String> imports = new ArrayList<>();
  private int at;
  private int depth;
  private int deepest;

  /// @param imports the names as written, in their order
  /// @param depth of brackets of all kinds
  record Found(List<String> imports, int depth) {}

  private ProtoScan(String text) {
    this.text = text;
  }

  /// Reads also what is no .proto file at all: a parser will say so.
  static Found of(String text) {
    var scan = new ProtoScan(text);
    scan.run();
    return new Found(List.copyOf(scan.imports), scan.deepest);
  }

  private void run() {
    boolean beginsStatement = true;
    while (skipToToken()) {
      char c = text.charAt(at);
      if (beginsStatement && depth == 0 && word("import")) {
        imported();
        beginsStatement = false;
      } else if (c == '"' || c == '\'') {
        var _ = string();
        beginsStatement = false;
      } else {
        bracket(c);
        at++;
        beginsStatement = c == ';' || c == '{' || c == '}';
      }
    }
  }

  private void bracket(char c) {
    if (OPENING.indexOf(c) >= 0) {
      depth++;
      deepest = Math.max(deepest, depth);
    } else if (CLOSING.indexOf(c) >= 0) {
      depth = Math.max(0, depth - 1);
    }
  }

  /// Behind `import`: perhaps `public` or `weak`, and the name.
  private void imported() {
    if (skipToToken() && (word("public") || word("weak"))) {
      var _ = skipToToken();
    }
    if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'')) {
      String name = string();
      if (name != null) {
        imports.add(name);
      }
    }
  }

  /// Steps over that word, if it stands here.
  private boolean word(String word) {
    int end = at + word.length();
    boolean here =
        text.startsWith(word, at)
            && (at == 0 || !Character.isJavaIdentifierPart(text.charAt(at - 1)))
            && (end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end)));
    at = here ? end : at;
    return here;
  }

  /// Steps over a string.
  ///
  /// @return null if it never ends
  private @Nullable String string() {
    char quote = text.charAt(at++);
    var content = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        return content.toString();
      }
      if (c == '\\' && at < text.length()) {
        content.append(c);
        c = text.charAt(at++);
      }
      content.append(c);
    }
    return null;
  }

  /// Steps over space and comments.
  ///
  /// @return false at the end
  private boolean skipToToken() {
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        at = end < 0 ? text.length() : end + 2;
      } else {
        return true;
      }
    }
    return false;
  }
}
