package dev.skein.connectors.policy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;

/// A pattern of names in segments: `*` stands for a part of a segment, `**` for any text, and `/**`
/// at the end for nothing as well.
///
/// Both questions are answered by the states that the pattern can be in, so that neither takes
/// longer than the product of the lengths, whatever the pattern.
public final class Glob {
  private static final String REST = "/**";
  private static final int STAR = -1;
  private static final int DOUBLE_STAR = -2;

  /// The exact one first, then whichever says more, then the one that stays in a segment.
  static final Comparator<Glob> BY_SPECIFICITY =
      Comparator.comparing((Glob glob) -> glob.stars == 0)
          .thenComparingInt(glob -> glob.elements.length - glob.stars)
          .thenComparing(glob -> glob.doubleStars == 0);

  private final int[] elements;
  private final int stars;
  private final int doubleStars;
  private final boolean endsInRest;

  public Glob(String pattern) {
    this.elements = pattern.replace("**", "\0").chars().map(Glob::element).toArray();
    this.stars = (int) Arrays.stream(elements).filter(element -> element < 0).count();
    this.doubleStars =
        (int) Arrays.stream(elements).filter(element -> element == DOUBLE_STAR).count();
    this.endsInRest = pattern.endsWith(REST);
  }

  private static int element(int character) {
    return switch (character) {
      case '*' -> STAR;
      case '\0' -> DOUBLE_STAR;
      default -> character;
    };
  }

  public boolean fits(String text) {
    var at = new BitSet();
    reach(at, 0);
    for (int i = 0; i < text.length() && !at.isEmpty(); i++) {
      var after = new BitSet();
      for (int state = at.nextSetBit(0); state >= 0; state = at.nextSetBit(state + 1)) {
        if (state < elements.length && takes(elements[state], text.charAt(i))) {
          reach(after, elements[state] < 0 ? state : state + 1);
        }
      }
      at = after;
    }
    return at.stream().anyMatch(this::isEnd);
  }

  private static boolean takes(int element, int character) {
    return element == character || element == DOUBLE_STAR || (element == STAR && character != '/');
  }

  /// A star may stand for nothing.
  private void reach(BitSet states, int state) {
    int reached = state;
    states.set(reached);
    while (reached < elements.length && elements[reached] < 0) {
      states.set(++reached);
    }
  }

  private boolean isEnd(int state) {
    return state == elements.length || (endsInRest && state == elements.length - 2);
  }

  /// Whether there is a text that fits both.
  boolean meets(Glob other) {
    var seen = new BitSet();
    var next = new BitSet();
    int width = other.elements.length + 1;
    next.set(0);
    while (!next.isEmpty()) {
      int pair = next.nextSetBit(0);
      next.clear(pair);
      seen.set(pair);
      int mine = pair / width;
      int theirs = pair % width;
      if (isEnd(mine) && other.isEnd(theirs)) {
        return true;
      }
      int a = mine < elements.length ? elements[mine] : '\0';
      int b = theirs < other.elements.length ? other.elements[theirs] : '\0';
      offer(next, seen, pair, a < 0, width);
      offer(next, seen, pair, b < 0, 1);
      boolean both = a != '\0' && b != '\0' && agree(a, b);
      offer(next, seen, pair, both, (a < 0 ? 0 : width) + (b < 0 ? 0 : 1));
    }
    return false;
  }

  private static void offer(BitSet next, BitSet seen, int pair, boolean possible, int further) {
    if (possible && !seen.get(pair + further)) {
      next.set(pair + further);
    }
  }

  private static boolean agree(int a, int b) {
    return b < 0 ? takes(b, a < 0 ? 'x' : a) : takes(a, b);
  }
}
