package dev.skein.bench;

import dev.skein.bench.Figure.Line;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Measures Skein's engine on a SQLite store beside what the machine itself can do, and prints one
/// table: `[--quick] [--only NAME] [--data FOLDER] [--postgres URL]`.
public final class Main {
  private static final List<Figure> FIGURES =
      List.of(
          Steps.ALONE,
          Steps.LOAD,
          new Sets(),
          new ForkJoin(),
          new Asleep(),
          new LongLoop(),
          new Evaluations(),
          new Policies(),
          new Isolation(),
          new Postgres(),
          new Crowded());

  private static final int WRONG_USAGE = 2;

  private final PrintStream out;
  private final List<Line> table = new ArrayList<>();

  private Main(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] arguments) throws Exception {
    if (List.of(arguments).contains("--help")) {
      System.out.println(usage());
      return;
    }
    try {
      measure(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("skein bench: " + e.getMessage());
      System.err.println(usage());
      System.exit(WRONG_USAGE);
    }
  }

  private static void measure(String[] arguments) throws Exception {
    boolean quick = false;
    String only = null;
    Path data = null;
    String postgres = null;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> quick = true;
        case "--only" -> only = next(arguments, ++i);
        case "--data" -> data = Path.of(next(arguments, ++i));
        case "--postgres" -> postgres = next(arguments, ++i);
        default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
      }
    }
    new Main(System.out).run(data, quick, only, postgres);
  }

  private static String next(String[] arguments, int index) {
    if (index >= arguments.length) {
      throw new IllegalArgumentException("something is missing after " + arguments[index - 1]);
    }
    return arguments[index];
  }

  private static String usage() {
    String names = FIGURES.stream().map(Figure::label).collect(Collectors.joining("|"));
    return "usage: skein bench [--quick] [--only limits|%s] [--data FOLDER] [--postgres URL]"
        .formatted(names);
  }

  /// Measures in a new folder inside `data`, or beside the working directory, and deletes it.
  private void run(
      @Nullable Path data, boolean quick, @Nullable String only, @Nullable String postgres)
      throws Exception {
    List<Figure> chosen =
        FIGURES.stream()
            .filter(f -> only == null ? !f.onlyWhenAsked() : only.equals(f.label()))
            .toList();
    if (chosen.isEmpty() && !"limits".equals(only)) {
      throw new IllegalArgumentException("there is no figure " + only);
    }
    Path parent = data == null ? Path.of("").toAbsolutePath() : Files.createDirectories(data);
    Path folder = Files.createTempDirectory(parent, "skein-bench-");
    var settings = new Settings(folder, quick, postgres);
    try {
      Steal before = Steal.now();
      Limits limits = Limits.measure(settings);
      table.addAll(limits.lines());
      warn("limits", before);
      for (Figure figure : chosen) {
        out.println("measuring " + figure.label() + " ...");
        before = Steal.now();
        table.addAll(figure.measure(settings, limits));
        warn(figure.label(), before);
      }
    } finally {
      Settings.delete(folder);
    }
    print();
  }

  private void warn(String figure, Steal before) throws IOException {
    Steal.now().warning(figure, before).ifPresent(out::println);
  }

  private void print() {
    table.addFirst(new Line("figure", "measured", "limit of this machine", "ratio", "bar", "met?"));
    List<Function<Line, String>> columns =
        List.of(Line::figure, Line::measured, Line::limit, Line::ratio, Line::bar, Line::met);
    int[] widths =
        columns.stream()
            .mapToInt(c -> table.stream().mapToInt(line -> c.apply(line).length()).max().orElse(0))
            .toArray();
    for (int row = 0; row < table.size(); row++) {
      var text = new StringBuilder("|");
      var rule = new StringBuilder("|");
      for (int i = 0; i < widths.length; i++) {
        String cell = columns.get(i).apply(table.get(row));
        text.append(' ').append(cell).repeat(' ', widths[i] - cell.length()).append(" |");
        rule.repeat('-', widths[i] + 2).append('|');
      }
      out.println(text);
      if (row == 0) {
        out.println(rule);
      }
    }
  }
}
