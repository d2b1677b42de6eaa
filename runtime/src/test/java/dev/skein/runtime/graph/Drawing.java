package dev.skein.runtime.graph;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/// A drawn SVG, read back.
record Drawing(Document document) {
  record Frame(String id, double x, double y, double width, double height) {
    boolean overlaps(Frame other) {
      return x < other.x + other.width
          && other.x < x + width
          && y < other.y + other.height
          && other.y < y + height;
    }

    boolean holds(Frame other) {
      return x <= other.x
          && y <= other.y
          && x + width >= other.x + other.width
          && y + height >= other.y + other.height;
    }
  }

  static Drawing of(String svg) throws Exception {
    return new Drawing(
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg))));
  }

  Element root() {
    return document.getDocumentElement();
  }

  List<Element> withClass(String styleClass) {
    var found = new ArrayList<Element>();
    var groups = document.getElementsByTagName("g");
    for (int i = 0; i < groups.getLength(); i++) {
      var group = (Element) groups.item(i);
      if (List.of(group.getAttribute("class").split(" ")).contains(styleClass)) {
        found.add(group);
      }
    }
    return found;
  }

  Element node(String id) {
    return withId(id).getFirst();
  }

  List<Element> withId(String id) {
    var found = new ArrayList<Element>();
    var groups = document.getElementsByTagName("g");
    for (int i = 0; i < groups.getLength(); i++) {
      if (((Element) groups.item(i)).getAttribute("id").equals(id)) {
        found.add((Element) groups.item(i));
      }
    }
    return found;
  }

  /// The edges as `from -> to` with what stands on them in brackets.
  List<String> edges() {
    return withClass("edge").stream()
        .map(edge -> {
          String label = child(edge, "text");
          String line = name(edge, "data-from") + " -> " + name(edge, "data-to");
          return label.isEmpty() ? line : line + " [" + label + "]";
        })
        .toList();
  }

  static String child(Element element, String tag) {
    for (Element child : children(element)) {
      if (child.getTagName().equals(tag)) {
        return child.getTextContent();
      }
    }
    return "";
  }

  static List<Element> children(Element element) {
    var children = new ArrayList<Element>();
    for (Node at = element.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element child) {
        children.add(child);
      }
    }
    return children;
  }

  /// The frames of the nodes that stand directly in an element.
  static List<Frame> frames(Element level) {
    return children(level).stream().filter(Drawing::framed).map(Drawing::frame).toList();
  }

  static boolean framed(Element element) {
    return children(element).stream().anyMatch(c -> c.getAttribute("class").equals("frame"));
  }

  static Frame frame(Element node) {
    Element rect =
        children(node).stream()
            .filter(c -> c.getAttribute("class").equals("frame"))
            .findFirst()
            .orElseThrow();
    return new Frame(
        node.getAttribute("id"),
        Double.parseDouble(rect.getAttribute("x")),
        Double.parseDouble(rect.getAttribute("y")),
        Double.parseDouble(rect.getAttribute("width")),
        Double.parseDouble(rect.getAttribute("height")));
  }

  private static String name(Element edge, String attribute) {
    String id = edge.getAttribute(attribute);
    return id.substring(id.lastIndexOf('/') + 1);
  }
}
