package dev.skein.connectors.format;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Values as XML: an object's one member is the root; members named `@name` are attributes, `#text`
/// is the text, all others are elements, and an array's items are elements of the same name. Used
/// once.
final class XmlWriter {
  /// Twice as many levels of JSON stay below what is read of JSON.
  static final int DEEPEST = 200;

  static final String TEXT = "#text";
  static final String ATTRIBUTE = "@";

  private static final String START = "[\\p{L}_]";
  private static final String PART = START + "[\\p{L}\\p{Nd}_.\\-\u00B7]*";
  private static final Pattern NAME = Pattern.compile(PART + "(:" + PART + ")?");

  private final StringBuilder text = new StringBuilder();

  private XmlWriter() {}

  static String write(JsonNode body, Charset charset) throws InvalidBody {
    if (!body.isObject()) {
      throw new InvalidBody("XML is written from an object, not from " + Values.kind(body));
    }
    if (body.size() != 1) {
      throw new InvalidBody(
          "XML has one root element, so the object has one member and not " + body.size());
    }
    var writer = new XmlWriter();
    writer.text.append("<?xml version=\"1.0\" encoding=\"").append(charset.name()).append("\"?>");
    Map.Entry<String, JsonNode> root = body.properties().iterator().next();
    if (root.getValue().isArray()) {
      throw new InvalidBody(
          "XML has one root element, and '%s' is an array".formatted(root.getKey()));
    }
    writer.element(root.getKey(), root.getValue(), 1);
    return writer.text.toString();
  }

  private void element(String name, JsonNode value, int depth) throws InvalidBody {
    checkName(name);
    if (depth > DEEPEST) {
      throw new InvalidBody("it is nested deeper than %d elements".formatted(DEEPEST));
    }
    text.append('<').append(name);
    if (value.isArray()) {
      throw new InvalidBody(
          "'%s' holds an array in an array, which XML cannot say".formatted(name));
    }
    int content = text.length();
    if (value.isObject()) {
      attributes(name, value);
      content = text.append('>').length();
      elements(value, depth);
    } else {
      content = text.append('>').length();
      escaped(Values.text(value), false);
    }
    if (text.length() == content) {
      text.setLength(content - 1);
      text.append("/>");
    } else {
      text.append("</").append(name).append('>');
    }
  }

  private void attributes(String element, JsonNode members) throws InvalidBody {
    for (Map.Entry<String, JsonNode> member : members.properties()) {
      if (member.getKey().startsWith(ATTRIBUTE)) {
        String name = member.getKey().substring(1);
        checkName(name);
        scalar(element, member);
        text.append(' ').append(name).append("=\"");
        escaped(Values.text(member.getValue()), true);
        text.append('"');
      }
    }
  }

  private void elements(JsonNode members, int depth) throws InvalidBody {
    for (Map.Entry<String, JsonNode> member : members.properties()) {
      String name = member.getKey();
      if (name.equals(TEXT)) {
        scalar(TEXT, member);
        escaped(Values.text(member.getValue()), false);
      } else if (member.getValue().isArray()) {
        for (JsonNode item : member.getValue()) {
          element(name, item, depth + 1);
        }
      } else if (!name.startsWith(ATTRIBUTE)) {
        element(name, member.getValue(), depth + 1);
      }
    }
  }

  private static void scalar(String element, Map.Entry<String, JsonNode> member)
      throws InvalidBody {
    if (member.getValue().isContainer()) {
      throw new InvalidBody(
          "'%s' of '%s' is %s, where XML has only text"
              .formatted(member.getKey(), element, Values.kind(member.getValue())));
    }
  }

  private static void checkName(String name) throws InvalidBody {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidBody("'%s' cannot be the name of an element or attribute".formatted(name));
    }
  }

  /// Line ends within attributes, and carriage returns, would be read as something else.
  private void escaped(String plain, boolean attribute) throws InvalidBody {
    for (int i = 0; i < plain.length(); ) {
      int c = plain.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '&' -> text.append("&amp;");
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '"' -> text.append(attribute ? "&quot;" : "\"");
        case '\r' -> text.append("&#13;");
        case '\n' -> text.append(attribute ? "&#10;" : "\n");
        case '\t' -> text.append(attribute ? "&#9;" : "\t");
        default -> {
          if (c < 0x20 || (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF) {
            throw new InvalidBody("XML cannot hold the character U+%04X".formatted(c));
          }
          text.appendCodePoint(c);
        }
      }
    }
  }
}
