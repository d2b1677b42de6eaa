package dev.skein.runtime.graph;

import dev.skein.runtime.graph.Flowchart.Badge;
import dev.skein.runtime.graph.Flowchart.Face;
import java.util.List;

/// How much room text takes, estimated: the viewer's font is not known here. Lengths are in pixels.
final class Lettering {
  static final double NAME_SIZE = 13;
  static final double DETAIL_SIZE = 11;
  static final double LABEL_SIZE = 11;
  static final double BADGE_SIZE = 10;
  static final double KIND_SIZE = 9;
  static final double BADGE_GAP = 5;
  static final double BADGE_HEIGHT = 16;
  private static final double BADGE_PADDING = 7;
  private static final double KIND_SPACING = 0.8;
  private static final double BOLD = 1.06;
  private static final String NARROW = "iljtfrI.,:;'|!()[]{}/ ";
  private static final String WIDE = "mwMW@%—…";

  private Lettering() {}

  static double width(String text, double size) {
    return text.codePoints().mapToDouble(Lettering::ems).sum() * size;
  }

  static double bold(String text, double size) {
    return width(text, size) * BOLD;
  }

  static double kind(Kind kind) {
    return bold(kind.word, KIND_SIZE) + kind.word.length() * KIND_SPACING;
  }

  static double badge(Badge badge) {
    return width(badge.text(), BADGE_SIZE) + 2 * BADGE_PADDING;
  }

  static double badges(List<Badge> badges) {
    double sum = badges.stream().mapToDouble(Lettering::badge).sum();
    return sum + Math.max(0, badges.size() - 1) * BADGE_GAP;
  }

  /// The text, or as much of it as fits, with an ellipsis.
  static String fit(String text, double size, double room) {
    if (width(text, size) <= room) {
      return text;
    }
    double left = room - width("…", size);
    var kept = new StringBuilder();
    for (int point : text.codePoints().toArray()) {
      left -= ems(point) * size;
      if (left < 0) {
        break;
      }
      kept.appendCodePoint(point);
    }
    return kept.toString().strip() + "…";
  }

  /// The face as it is drawn: every text no longer than its room.
  static Face fit(Face face, double room) {
    List<Badge> badges =
        face.badges().stream()
            .map(badge ->
                new Badge(badge.sort(), fit(badge.text(), BADGE_SIZE, room), badge.reference()))
            .toList();
    return new Face(
        face.id(),
        face.reference(),
        face.kind(),
        fit(face.name(), NAME_SIZE, room),
        fit(face.detail(), DETAIL_SIZE, room),
        badges,
        face.tooltip());
  }

  private static double ems(int point) {
    if (point >= 0x1100) {
      return point >= 0x2000 && point < 0x2E80 ? 0.8 : 1.05;
    }
    if (NARROW.indexOf(point) >= 0) {
      return 0.34;
    }
    if (WIDE.indexOf(point) >= 0) {
      return 0.9;
    }
    return Character.isUpperCase(point) ? 0.69 : 0.58;
  }
}
