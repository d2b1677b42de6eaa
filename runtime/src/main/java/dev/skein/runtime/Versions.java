package dev.skein.runtime;

import java.util.List;

/// Orders semantic versions (semver.org, section 11); build metadata does not count.
final class Versions {
  private Versions() {}

  static int compare(String a, String b) {
    List<String> left = split(a, "-");
    List<String> right = split(b, "-");
    int byCore = compareParts(left.getFirst(), right.getFirst());
    if (byCore != 0 || (left.size() == 1 && right.size() == 1)) {
      return byCore;
    }
    if (left.size() == 1 || right.size() == 1) {
      return left.size() == 1 ? 1 : -1; // a pre-release comes before its release
    }
    return compareParts(left.get(1), right.get(1));
  }

  private static List<String> split(String version, String at) {
    String counted = version.split("\\+", 2)[0];
    return List.of(counted.split(at, 2));
  }

  private static int compareParts(String a, String b) {
    String[] left = a.split("\\.", -1);
    String[] right = b.split("\\.", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      boolean numbers = isNumber(left[i]) && isNumber(right[i]);
      int order =
          numbers
              ? Long.compare(Long.parseLong(left[i]), Long.parseLong(right[i]))
              : isNumber(left[i]) ? -1 : isNumber(right[i]) ? 1 : left[i].compareTo(right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.length() < 19 && text.chars().allMatch(Character::isDigit);
  }
}
