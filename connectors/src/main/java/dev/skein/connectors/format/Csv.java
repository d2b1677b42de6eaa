package dev.skein.connectors.format;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Comma-separated values (RFC 4180): an array of objects is a header and a row for each; an array
/// of arrays is rows as they are.
final class Csv {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Csv() {}

  static String write(JsonNode body) throws InvalidBody {
    if (!body.isArray()) {
      throw new InvalidBody(
          "CSV is written from an array of objects or of arrays, not from " + Values.kind(body));
    }
    if (body.isEmpty()) {
      return "";
    }
    boolean objects = body.get(0).isObject();
    for (int i = 0; i < body.size(); i++) {
      JsonNode row = body.get(i);
      if (objects ? !row.isObject() : !row.isArray()) {
        throw new InvalidBody(
            "CSV is written from objects only or from arrays only; item %d is %s"
                .formatted(i, Values.kind(row)));
      }
    }
    return objects ? objects(body) : arrays(body);
  }

  private static String objects(JsonNode body) throws InvalidBody {
    Set<String> names = new LinkedHashSet<>();
    body.forEach(row -> names.addAll(row.propertyNames()));
    if (names.isEmpty()) {
      throw new InvalidBody("the objects have no members, so CSV would have no columns");
    }
    var text = new StringBuilder();
    row(text, List.copyOf(names));
    for (JsonNode row : body) {
      row(text, names.stream().map(name -> Values.text(orNull(row.get(name)))).toList());
    }
    return text.toString();
  }

  private static JsonNode orNull(JsonNode value) {
    return value == null ? NODES.nullNode() : value;
  }

  private static String arrays(JsonNode body) throws InvalidBody {
    var text = new StringBuilder();
    for (int i = 0; i < body.size(); i++) {
      if (body.get(i).isEmpty()) {
        throw new InvalidBody("CSV has no rows without fields; item %d is empty".formatted(i));
      }
      row(text, StreamSupport.stream(body.get(i).spliterator(), false).map(Values::text).toList());
    }
    return text.toString();
  }

  private static void row(StringBuilder text, List<String> fields) {
    // a line without anything would be taken for no row at all
    boolean blank = fields.size() == 1 && fields.getFirst().isEmpty();
    text.append(blank ? "\"\"" : fields.stream().map(Csv::quoted).collect(Collectors.joining(",")))
        .append("\r\n");
  }

  private static String quoted(String field) {
    boolean plain =
        field.chars().noneMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n')
            && field.strip().length() == field.length()
            && !field.startsWith("\uFEFF");
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  /// @param header whether the first row names the columns
  static JsonNode read(String text, boolean header) throws InvalidBody {
    var scanner = new Scanner(text);
    ArrayNode rows = NODES.arrayNode();
    List<String> names = header ? scanner.next() : List.of();
    var unique = new HashSet<String>();
    for (String name : names) {
      if (!unique.add(name)) {
        throw new InvalidBody("two columns are named '%s'".formatted(name));
      }
    }
    for (List<String> row = scanner.next(); !row.isEmpty(); row = scanner.next()) {
      if (header) {
        rows.add(object(names, row, scanner.line));
      } else {
        ArrayNode fields = rows.addArray();
        row.forEach(fields::add);
      }
    }
    return rows;
  }

  /// Fields that a row lacks at its end are not there.
  private static ObjectNode object(List<String> names, List<String> row, int line)
      throws InvalidBody {
    if (row.size() > names.size()) {
      throw new InvalidBody(
          "line %d has %d fields, and the header %d".formatted(line, row.size(), names.size()));
    }
    ObjectNode object = NODES.objectNode();
    for (int i = 0; i < row.size(); i++) {
      object.put(names.get(i), row.get(i));
    }
    return object;
  }

  /// Owned by one reading.
  private static final class Scanner {
    private final String text;
    private int at;
    private int line;
    private int nextLine = 1;

    Scanner(String text) {
      this.text = text;
      this.at = text.startsWith("\uFEFF") ? 1 : 0;
    }

    /// The fields of the next row that is not blank; none at the end.
    List<String> next() throws InvalidBody {
      while (lineEnd()) {}
      List<String> fields = new ArrayList<>();
      line = nextLine;
      if (at == text.length()) {
        return fields;
      }
      fields.add(field());
      while (at < text.length() && !lineEnd()) {
        at++; // the comma
        fields.add(field());
      }
      return fields;
    }

    private boolean lineEnd() {
      if (at < text.length() && (text.charAt(at) == '\r' || text.charAt(at) == '\n')) {
        at += text.startsWith("\r\n", at) ? 2 : 1;
        nextLine++;
        return true;
      }
      return false;
    }

    private String field() throws InvalidBody {
      return at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
    }

    private String plain() throws InvalidBody {
      int start = at;
      while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
        if (text.charAt(at) == '"') {
          throw new InvalidBody("line %d has a quote within a field".formatted(nextLine));
        }
        at++;
      }
      return text.substring(start, at);
    }

    private String quoted() throws InvalidBody {
      int opened = nextLine;
      var field = new StringBuilder();
      for (at++; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c != '"') {
          nextLine += c == '\n' ? 1 : 0;
          field.append(c);
        } else if (text.startsWith("\"\"", at)) {
          field.append('"');
          at++;
        } else {
          at++;
          if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            throw new InvalidBody(
                "line %d goes on behind the quote that ends a field".formatted(nextLine));
          }
          return field.toString();
        }
      }
      throw new InvalidBody("the quote opened in line %d is never closed".formatted(opened));
    }
  }
}
