package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Searching and splitting of strings and arrays. Positions in strings count code points.
final class Strings {
  private static final long PLAIN_SEARCH = 1L << 16;
  private static final int SHORT = 16;

  private Strings() {}

  /// At a separator; the empty one splits into single characters, and nothing into nothing.
  static JsonNode split(Meter meter, String text, String separator) {
    List<JsonNode> parts = new ArrayList<>();
    if (text.isEmpty()) {
      return Values.array(meter, parts);
    }
    if (separator.isEmpty()) {
      for (int at = 0; at < text.length(); ) {
        int next = text.offsetByCodePoints(at, 1);
        add(meter, parts, text.substring(at, next));
        at = next;
      }
      return Values.array(meter, parts);
    }
    int from = 0;
    for (int at = find(meter, text, separator, 0);
        at >= 0;
        at = find(meter, text, separator, from)) {
      add(meter, parts, text.substring(from, at));
      from = at + separator.length();
    }
    add(meter, parts, text.substring(from));
    return Values.array(meter, parts);
  }

  private static void add(Meter meter, List<JsonNode> parts, String part) {
    meter.step();
    meter.chargeText(part.length());
    parts.add(StringNode.valueOf(part));
  }

  /// All places where the wanted string or run of elements begins, overlapping ones included.
  static JsonNode indices(Meter meter, JsonNode in, JsonNode wanted) {
    List<JsonNode> places = new ArrayList<>();
    if (in.isString() && wanted.isString()) {
      indices(meter, in.stringValue(), wanted.stringValue(), places);
    } else if (in.isArray() && wanted.isArray()) {
      int length = wanted.size();
      for (int i = 0; length > 0 && i + length <= in.size(); i++) {
        if (startsAt(meter, in, i, wanted)) {
          places.add(Numbers.of((long) i));
        }
      }
    } else if (in.isArray()) {
      for (int i = 0; i < in.size(); i++) {
        meter.step();
        if (Values.equal(meter, in.get(i), wanted)) {
          places.add(Numbers.of((long) i));
        }
      }
    } else {
      return Paths.get(in, wanted);
    }
    return Values.array(meter, places);
  }

  private static void indices(Meter meter, String text, String wanted, List<JsonNode> places) {
    if (wanted.isEmpty()) {
      return;
    }
    int counted = 0;
    int codePoints = 0;
    for (int at = find(meter, text, wanted, 0); at >= 0; at = find(meter, text, wanted, at + 1)) {
      meter.chargeElement();
      codePoints += text.codePointCount(counted, at);
      counted = at;
      places.add(Numbers.of((long) codePoints));
    }
  }

  /// Where a text holds another, or -1. The search of the JDK takes text times pattern in the worst
  /// case; where that is much, the one by Knuth, Morris and Pratt is taken.
  static int find(Meter meter, String text, String wanted, int from) {
    boolean cheap = (long) text.length() * wanted.length() <= PLAIN_SEARCH;
    if (cheap || wanted.length() <= SHORT) {
      return text.indexOf(wanted, from);
    }
    int[] borders = borders(meter, wanted);
    int matched = 0;
    for (int at = from; at < text.length(); at++) {
      meter.step();
      while (matched > 0 && text.charAt(at) != wanted.charAt(matched)) {
        matched = borders[matched - 1];
      }
      if (text.charAt(at) == wanted.charAt(matched) && ++matched == wanted.length()) {
        return at + 1 - matched;
      }
    }
    return -1;
  }

  /// For each beginning of the text, how long its longest proper end is that also begins it.
  private static int[] borders(Meter meter, String text) {
    meter.charge(4L * text.length());
    int[] borders = new int[text.length()];
    int length = 0;
    for (int at = 1; at < text.length(); at++) {
      meter.step();
      while (length > 0 && text.charAt(at) != text.charAt(length)) {
        length = borders[length - 1];
      }
      if (text.charAt(at) == text.charAt(length)) {
        length++;
      }
      borders[at] = length;
    }
    return borders;
  }

  private static boolean startsAt(Meter meter, JsonNode in, int from, JsonNode wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      meter.step();
      if (!Values.equal(meter, in.get(from + i), wanted.get(i))) {
        return false;
      }
    }
    return true;
  }
}
