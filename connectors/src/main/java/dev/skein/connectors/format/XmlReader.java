package dev.skein.connectors.format;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// XML as values, the opposite of [XmlWriter]: all texts are strings, and one that stands among
/// elements loses its place. There are no document types, so no entities to blow up and nothing to
/// fetch.
final class XmlReader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private XmlReader() {}

  /// What is known of an element that is not at its end. Owned by one reading.
  private static final class Open {
    final String name;
    final ObjectNode members = NODES.objectNode();
    final StringBuilder text = new StringBuilder();
    boolean hasElements;

    Open(String name) {
      this.name = name;
    }

    JsonNode value() {
      String all = hasElements ? text.toString().strip() : text.toString();
      if (members.isEmpty()) {
        return NODES.stringNode(all);
      }
      if (!all.isEmpty()) {
        members.put(XmlWriter.TEXT, all);
      }
      return members;
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    // one more than ours, which is told in our words; how many attributes is the JDK's to limit
    factory.setProperty("jdk.xml.maxElementDepth", XmlWriter.DEEPEST + 1);
    return factory;
  }

  /// @param decoded the document, where its content-type says how it is encoded; null for what it
  ///   says itself
  static JsonNode read(byte[] bytes, @Nullable String decoded) throws InvalidBody {
    try {
      XMLStreamReader reader =
          decoded == null
              ? factory().createXMLStreamReader(new ByteArrayInputStream(bytes))
              : factory().createXMLStreamReader(new StringReader(decoded));
      try {
        return document(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new InvalidBody(sentence(e), e);
    }
  }

  private static String sentence(XMLStreamException e) {
    String message = String.valueOf(e.getMessage());
    int said = message.lastIndexOf("Message: ");
    String words = said < 0 ? message : message.substring(said + "Message: ".length());
    return e.getLocation() == null
        ? words
        : "line %d: %s".formatted(e.getLocation().getLineNumber(), words);
  }

  private static JsonNode document(XMLStreamReader reader) throws XMLStreamException, InvalidBody {
    ObjectNode document = NODES.objectNode();
    Deque<Open> open = new ArrayDeque<>();
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (open.size() == XmlWriter.DEEPEST) {
            throw new InvalidBody(
                "it is nested deeper than %d elements".formatted(XmlWriter.DEEPEST));
          }
          open.push(opened(reader));
        }
        case XMLStreamConstants.END_ELEMENT -> {
          Open done = open.pop();
          if (open.isEmpty()) {
            document.set(done.name, done.value());
          } else {
            open.peek().hasElements = true;
            Values.add(open.peek().members, done.name, done.value());
          }
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (!open.isEmpty()) {
            open.peek().text.append(reader.getText());
          }
        }
        case XMLStreamConstants.DTD ->
            throw new InvalidBody("it declares a document type, which is not read");
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw new InvalidBody("the entity '%s' is not known".formatted(reader.getLocalName()));
        default -> {} // comments and instructions say nothing
      }
    }
    return document;
  }

  private static Open opened(XMLStreamReader reader) {
    var element = new Open(prefixed(reader.getPrefix(), reader.getLocalName()));
    for (int i = 0; i < reader.getNamespaceCount(); i++) {
      String prefix = reader.getNamespacePrefix(i);
      String name = prefix == null ? "xmlns" : "xmlns:" + prefix;
      String uri = reader.getNamespaceURI(i);
      element.members.put(XmlWriter.ATTRIBUTE + name, uri == null ? "" : uri);
    }
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      String name = prefixed(reader.getAttributePrefix(i), reader.getAttributeLocalName(i));
      element.members.put(XmlWriter.ATTRIBUTE + name, reader.getAttributeValue(i));
    }
    return element;
  }

  private static String prefixed(@Nullable String prefix, String name) {
    return prefix == null || prefix.isEmpty() ? name : prefix + ":" + name;
  }
}
