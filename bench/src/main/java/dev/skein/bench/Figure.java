package dev.skein.bench;

import java.util.List;

/// One program that measures something.
interface Figure {
  /// What `--only` calls it.
  String label();

  /// Whether it takes too long to be measured unless somebody asks for it alone.
  default boolean onlyWhenAsked() {
    return false;
  }

  /// @param limits what this machine can do at best, measured just before
  List<Line> measure(Settings settings, Limits limits) throws Exception;

  /// One line of the table.
  ///
  /// @param limit what the bare machine does, or empty
  /// @param ratio of measured to limit, or empty
  record Line(String figure, String measured, String limit, String ratio, String bar, String met) {
    static Line note(String figure, String measured) {
      return new Line(figure, measured, "", "", "", "");
    }

    static Line judged(String figure, String measured, String bar, boolean met) {
      return new Line(figure, measured, "", "", bar, met ? "yes" : "NO");
    }
  }
}
