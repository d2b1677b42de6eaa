package dev.skein.runtime.graph;

import dev.skein.runtime.graph.Flowchart.Badge;
import dev.skein.runtime.graph.Flowchart.Box;
import dev.skein.runtime.graph.Flowchart.Edge;
import dev.skein.runtime.graph.Flowchart.Face;
import dev.skein.runtime.graph.Flowchart.Group;
import dev.skein.runtime.graph.Flowchart.Level;
import dev.skein.runtime.graph.Flowchart.Mark;
import dev.skein.runtime.graph.Flowchart.Marker;
import dev.skein.runtime.graph.Flowchart.Node;
import dev.skein.runtime.graph.Layout.Area;
import dev.skein.runtime.graph.Layout.Point;
import dev.skein.runtime.graph.Layout.Route;
import java.util.List;
import java.util.Locale;

/// Draws a flowchart. Used once, by one thread.
final class Svg {
  private static final double BOX_RADIUS = 7;
  private static final double BEND_RADIUS = 6;
  private static final double GAP = 8;
  private final StringBuilder out = new StringBuilder();
  private final Layout layout;

  private Svg(Layout layout) {
    this.layout = layout;
  }

  static String draw(Flowchart chart, Layout layout) {
    return new Svg(layout).document(chart);
  }

  private String document(Flowchart chart) {
    String width = number(Math.ceil(layout.width()));
    String height = number(Math.ceil(layout.height()));
    out.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"skein-graph\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" role=\"img\">\n"
            .formatted(width, height, width, height));
    out.append("<title>").append(escape(chart.title())).append("</title>\n");
    out.append("<style>\n")
        .append(Look.css("@media (prefers-color-scheme: dark)"))
        .append("</style>\n");
    out.append(Look.ARROWS);
    out.append("<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n");
    text("heading", 24, 36, chart.title());
    out.append('\n');
    level(chart.top());
    out.append("<g class=\"edges\">\n");
    layout.routes().forEach(this::edge);
    out.append("</g>\n</svg>\n");
    return out.toString();
  }

  private void level(Level level) {
    for (Node node : level.nodes()) {
      Area area = layout.areas().get(node.id());
      if (area == null) {
        throw new IllegalArgumentException("no place for node " + node.id());
      }
      switch (node) {
        case Marker marker -> marker(marker, area);
        case Box box -> box(box, area);
        case Group group -> group(group, area);
      }
    }
  }

  private void marker(Marker marker, Area area) {
    double x = area.x() + area.width() / 2;
    double y = area.y() + area.height() / 2;
    double radius = area.width() / 2;
    out.append(
        "<g id=\"%s\" class=\"marker %s\">"
            .formatted(escape(marker.id()), marker.mark().name().toLowerCase(Locale.ROOT)));
    if (marker.mark() == Mark.END) {
      circle("ring", x, y, radius - 1);
      circle("dot", x, y, radius - 5);
    } else {
      circle("dot", x, y, radius);
    }
    out.append("</g>\n");
  }

  private void box(Box box, Area area) {
    Face face = Lettering.fit(box.face(), Layout.MOST_TEXT);
    open(box.face(), box.inside().isEmpty() ? "box" : "box folded", box.inside());
    frame(area);
    if (!box.inside().isEmpty()) {
      out.append(
          "<path class=\"pile\" d=\"M%s %sh%s\"/>"
              .formatted(
                  number(area.x() + BOX_RADIUS),
                  number(area.y() + area.height() + 3),
                  number(area.width() - 2 * BOX_RADIUS)));
    }
    double x = area.x() + Layout.TEXT_START;
    text("kind", x, area.y() + 16, face.kind().word);
    text("name", x, area.y() + 32, face.name());
    double y = area.y() + 32;
    if (!face.detail().isEmpty()) {
      y += 16;
      text("detail", x, y, face.detail());
    }
    badges(face.badges(), x, y + 8);
    out.append("</g>\n");
  }

  private void group(Group group, Area area) {
    Face face = Lettering.fit(group.face(), Layout.MOST_TEXT);
    open(group.face(), "group", List.of());
    frame(area);
    double x = area.x() + Layout.TEXT_START;
    double y = area.y() + 20;
    text("kind", x, y - 0.5, face.kind().word);
    x += Lettering.kind(face.kind()) + GAP;
    text("name", x, y, face.name());
    x += Lettering.bold(face.name(), Lettering.NAME_SIZE) + GAP;
    if (!face.detail().isEmpty()) {
      text("detail", x, y, face.detail());
      x += Lettering.width(face.detail(), Lettering.DETAIL_SIZE) + GAP;
    }
    badges(face.badges(), x, y - 12);
    out.append('\n');
    level(group.inside());
    out.append("</g>\n");
  }

  private void open(Face face, String shape, List<String> inside) {
    String role =
        switch (face.kind()) {
          case CATCH -> "handler";
          case FUNCTIONS -> "library";
          case DO, SET, SWITCH, FOR, FORK, TRY, RAISE, WAIT, HTTP, CALL, EMIT, LISTEN, RUN ->
              "task";
        };
    out.append(
        "<g id=\"%s\" class=\"%s %s %s\" data-reference=\"%s\"%s><title>%s</title>"
            .formatted(
                escape(face.id()),
                role,
                face.kind().styleClass,
                shape,
                escape(face.reference()),
                inside.isEmpty()
                    ? ""
                    : " data-inside=\"" + escape(String.join("\n", inside)) + "\"",
                escape(face.tooltip())));
  }

  /// The rounded rectangle and the stripe at its left.
  private void frame(Area area) {
    String r = number(BOX_RADIUS);
    out.append(
        "<rect class=\"frame\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\"/>"
            .formatted(
                number(area.x()),
                number(area.y()),
                number(area.width()),
                number(area.height()),
                r));
    out.append(
        "<path class=\"stripe\" d=\"M%s %sa%s %s 0 0 0 -%s %sv%sa%s %s 0 0 0 %s %sz\"/>"
            .formatted(
                number(area.x() + BOX_RADIUS),
                number(area.y()),
                r,
                r,
                r,
                r,
                number(area.height() - 2 * BOX_RADIUS),
                r,
                r,
                r,
                r));
  }

  private void badges(List<Badge> badges, double left, double top) {
    double x = left;
    for (Badge badge : badges) {
      double width = Lettering.badge(badge);
      String sort = badge.sort().name().toLowerCase(Locale.ROOT);
      if (badge.reference().isEmpty()) {
        out.append("<g class=\"badge %s\">".formatted(sort));
      } else {
        String reference = escape(badge.reference());
        out.append(
            "<g id=\"%s\" class=\"task badge %s\" data-reference=\"%s\"><title>%s</title>"
                .formatted(reference, sort, reference, escape(badge.text()) + "\n" + reference));
      }
      out.append(
          "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"8\"/>"
              .formatted(number(x), number(top), number(width), number(Lettering.BADGE_HEIGHT)));
      text("", x + width / 2, top + 11.5, badge.text());
      out.append("</g>");
      x += width + Lettering.BADGE_GAP;
    }
  }

  private void edge(Route route) {
    Edge edge = route.edge();
    String path = edge.path().name().toLowerCase(Locale.ROOT);
    out.append(
        "<g class=\"edge %s\" data-from=\"%s\" data-to=\"%s\">"
            .formatted(path, escape(edge.from()), escape(edge.to())));
    if (!edge.tooltip().isEmpty()) {
      out.append("<title>").append(escape(edge.tooltip())).append("</title>");
    }
    out.append(
        "<path d=\"%s\" marker-end=\"url(#skein-arrow-%s)\"/>"
            .formatted(bent(route.points()), path));
    Area label = route.label();
    if (label != null) {
      out.append(
          "<rect class=\"label\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"4\"/>"
              .formatted(
                  number(label.x()),
                  number(label.y()),
                  number(label.width()),
                  number(label.height())));
      text(
          "label",
          label.x() + label.width() / 2,
          label.y() + 12.5,
          Lettering.fit(edge.label(), Lettering.LABEL_SIZE, Layout.MOST_LABEL));
    }
    out.append("</g>\n");
  }

  /// A path along the points with rounded bends.
  private static String bent(List<Point> points) {
    var path = new StringBuilder();
    for (int i = 0; i < points.size(); i++) {
      Point at = points.get(i);
      if (i == 0) {
        path.append('M').append(pair(at));
      } else if (i == points.size() - 1) {
        path.append('L').append(pair(at));
      } else {
        path.append('L').append(pair(towards(at, points.get(i - 1))));
        path.append('Q').append(pair(at)).append(' ');
        path.append(pair(towards(at, points.get(i + 1))));
      }
    }
    return path.toString();
  }

  private static Point towards(Point from, Point to) {
    double length = Math.hypot(to.x() - from.x(), to.y() - from.y());
    double share = length == 0 ? 0 : Math.min(BEND_RADIUS, length / 2) / length;
    return new Point(
        from.x() + (to.x() - from.x()) * share, from.y() + (to.y() - from.y()) * share);
  }

  private void circle(String styleClass, double x, double y, double radius) {
    out.append(
        "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>"
            .formatted(styleClass, number(x), number(y), number(radius)));
  }

  private void text(String styleClass, double x, double y, String text) {
    out.append("<text");
    if (!styleClass.isEmpty()) {
      out.append(" class=\"").append(styleClass).append('"');
    }
    out.append(" x=\"%s\" y=\"%s\">%s</text>".formatted(number(x), number(y), escape(text)));
  }

  private static String pair(Point point) {
    return number(point.x()) + " " + number(point.y());
  }

  /// At most one decimal, and never the point of a locale.
  private static String number(double value) {
    long tenths = Math.round(value * 10);
    return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
  }

  /// Text that may stand in an element or an attribute. What XML 1.0 cannot hold becomes the
  /// replacement character.
  static String escape(String text) {
    var escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '&' -> escaped.append("&amp;");
            case '"' -> escaped.append("&quot;");
            case '\n' -> escaped.append("&#10;");
            default -> escaped.appendCodePoint(allowed(point) ? point : 0xFFFD);
          }
        });
    return escaped.toString();
  }

  private static boolean allowed(int point) {
    return point == '\t'
        || point == '\r'
        || (point >= 0x20 && point < 0xD800)
        || (point >= 0xE000 && point < 0xFFFE)
        || point >= 0x10000;
  }
}
