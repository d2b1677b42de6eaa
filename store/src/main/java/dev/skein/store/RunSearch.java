package dev.skein.store;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunPage;
import dev.skein.kernel.store.RunRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One page of the runs that a filter lists, in a time that does not grow with the number of runs.
///
/// Each condition has an index of its own. If one of them is met by few runs, those are looked at,
/// all of them. If all are met by many, the newest runs that meet one are looked at for the others,
/// a bounded number: then the page may be short, and the next goes on below.
final class RunSearch {
  private static final int FEW = 1_000;
  private static final int MOST_LOOKED_AT = 5_000;
  private static final int MOST_NAMES = 20;

  /// Comes behind every text that begins as the one it is appended to.
  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

  private static final String WITH_STATUS =
      "SELECT number FROM @run WHERE status = ? AND number >= ? AND number < ?";

  private static final String OF_WORKFLOW =
      "SELECT number FROM @run WHERE name = ? AND status = ? AND number >= ? AND number < ?";

  /// The plus keeps databases from walking through all runs by number instead.
  private static final String WITH_ID =
      "SELECT number FROM @run WHERE id >= ? AND id < ? AND +number >= ? AND +number < ?";

  private static final String WITH_ATTRIBUTE =
      """
      SELECT run AS number FROM @attribute
      WHERE name = ? AND value = ? AND run >= ? AND run < ?\
      """;

  private static final String WITH_VALUE =
      """
      SELECT run AS number FROM @attribute
      WHERE name = ? AND value >= ? AND value < ? AND +run >= ? AND +run < ?\
      """;

  private static final String ANY = "SELECT number FROM @run WHERE number >= ? AND number < ?";

  private static final String HAS_ATTRIBUTE =
      "EXISTS (SELECT 1 FROM @attribute a WHERE a.run = r.number AND a.name = ? AND a.value = ?)";

  private static final String BEGINS_WITH =
      """
      (r.id >= ? AND r.id < ? OR EXISTS
        (SELECT 1 FROM @attribute a WHERE a.run = r.number AND a.value >= ? AND a.value < ?))\
      """;

  private final Sql sql;
  private final RunFilter filter;

  RunSearch(Sql sql, RunFilter filter) {
    this.sql = sql;
    this.filter = filter;
  }

  /// A piece of SQL with what stands at its question marks.
  private record Piece(String text, List<Object> arguments) {
    static Piece of(String text, Object... arguments) {
      return new Piece(text, List.of(arguments));
    }

    /// The arguments with one more behind them.
    List<Object> and(Object another) {
      return Stream.concat(arguments.stream(), Stream.of(another)).toList();
    }

    static Piece joined(String glue, Collection<Piece> pieces) {
      return new Piece(
          pieces.stream().map(Piece::text).collect(Collectors.joining(glue)),
          pieces.stream().flatMap(piece -> piece.arguments.stream()).toList());
    }
  }

  /// Something that a run must meet.
  ///
  /// @param found the numbers of the runs that meet it, each from one range of an index; none if
  ///   there is no such index
  /// @param ordered whether the index has them by number
  /// @param check the same as a condition on a run `r`
  private record Condition(List<Piece> found, boolean ordered, Piece check) {}

  RunPage page() {
    List<Condition> conditions = conditions();
    int limit = filter.limit();
    Condition rarest = rarest(conditions);
    if (rarest != null) {
      return RunPage.of(rows(all(rarest.found), others(conditions, rarest)), limit);
    }
    Condition leading =
        conditions.stream()
            .filter(Condition::ordered)
            .findFirst()
            .orElse(new Condition(List.of(inRange(ANY)), true, Piece.of("")));
    List<Piece> checks = others(conditions, leading);
    int most = checks.isEmpty() ? limit + 1 : MOST_LOOKED_AT;
    Piece newest = newest(leading.found, most);
    RunPage page = RunPage.of(rows(newest, checks), limit);
    return page.next() != null || checks.isEmpty()
        ? page
        : new RunPage(page.runs(), last(newest, most));
  }

  // ---- conditions

  private List<Condition> conditions() {
    var conditions = new ArrayList<Condition>();
    if (filter.workflow() != null || !filter.statuses().isEmpty()) {
      conditions.add(ofStatus());
    }
    filter.attributes().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(attribute -> conditions.add(withAttribute(attribute)));
    if (filter.text() != null) {
      conditions.add(withText(filter.text()));
    }
    if (!filter.namespaces().isEmpty()) {
      List<Piece> names =
          filter.namespaces().stream().sorted().map(name -> Piece.of("?", name)).toList();
      Piece several = Piece.joined(", ", names);
      Piece check = new Piece("r.namespace IN (" + several.text + ")", several.arguments);
      conditions.add(new Condition(List.of(), false, check));
    }
    return conditions;
  }

  private Condition ofStatus() {
    List<RunStatus> statuses =
        filter.statuses().isEmpty()
            ? List.of(RunStatus.values())
            : filter.statuses().stream().sorted().toList();
    var check = new ArrayList<Piece>();
    if (filter.workflow() != null) {
      check.add(Piece.of("r.name = ?", filter.workflow()));
    }
    if (!filter.statuses().isEmpty()) {
      List<Piece> codes = statuses.stream().map(one -> Piece.of("?", one.code())).toList();
      Piece several = Piece.joined(", ", codes);
      check.add(new Piece("r.status IN (" + several.text + ")", several.arguments));
    }
    List<Piece> found = statuses.stream().map(this::ofStatus).toList();
    return new Condition(found, true, Piece.joined(" AND ", check));
  }

  private Piece ofStatus(RunStatus status) {
    return filter.workflow() == null
        ? inRange(WITH_STATUS, status.code())
        : inRange(OF_WORKFLOW, filter.workflow(), status.code());
  }

  private Condition withAttribute(Map.Entry<String, String> attribute) {
    String name = attribute.getKey();
    String value = attribute.getValue();
    return new Condition(
        List.of(inRange(WITH_ATTRIBUTE, name, value)), true, Piece.of(HAS_ATTRIBUTE, name, value));
  }

  private Condition withText(String text) {
    String end = text + LAST;
    var found = new ArrayList<Piece>();
    found.add(inRange(WITH_ID, text, end));
    List<String> names = attributeNames();
    names.forEach(name -> found.add(inRange(WITH_VALUE, name, text, end)));
    List<Piece> complete = names.size() <= MOST_NAMES ? found : List.of();
    return new Condition(complete, false, Piece.of(BEGINS_WITH, text, end, text, end));
  }

  /// Each by one leap in the index; one more than there should be tells that there are others.
  private List<String> attributeNames() {
    var names = new ArrayList<String>();
    String name = "";
    while (name != null && names.size() <= MOST_NAMES) {
      name =
          sql.first("SELECT min(name) FROM @attribute WHERE name > ?", r -> r.getString(1), name);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  private Piece inRange(String text, Object... arguments) {
    Stream<Object> range = Stream.of(filter.lowest(), filter.ceiling());
    return new Piece(text, Stream.concat(Stream.of(arguments), range).toList());
  }

  // ---- choosing

  /// Null if none is met by few runs.
  private @Nullable Condition rarest(List<Condition> conditions) {
    Condition rarest = null;
    long fewest = FEW;
    for (Condition condition : conditions) {
      long size = condition.found.isEmpty() ? FEW : size(condition.found);
      if (size < fewest) {
        fewest = size;
        rarest = condition;
      }
    }
    return rarest;
  }

  private long size(List<Piece> found) {
    long size = 0;
    for (Piece piece : found) {
      String counting = "SELECT count(*) FROM (" + piece.text + " LIMIT ?) part";
      size += number(counting, piece.and(FEW));
    }
    return size;
  }

  private static List<Piece> others(List<Condition> conditions, Condition but) {
    return conditions.stream().filter(one -> !one.equals(but)).map(Condition::check).toList();
  }

  // ---- asking

  private static Piece all(List<Piece> found) {
    return Piece.joined(" UNION ALL ", found);
  }

  private static Piece newest(List<Piece> found, int most) {
    List<Piece> parts =
        found.stream()
            .map(piece ->
                new Piece(
                    "SELECT number FROM (" + piece.text + " ORDER BY number DESC LIMIT ?) part",
                    piece.and(most)))
            .toList();
    Piece merged = all(parts);
    return new Piece(
        "SELECT number FROM (" + merged.text + ") parts ORDER BY number DESC LIMIT ?",
        merged.and(most));
  }

  /// One more than the limit, if there are more.
  private List<RunRow> rows(Piece numbers, List<Piece> checks) {
    var parts = new ArrayList<Piece>();
    parts.add(new Piece("r.number IN (" + numbers.text + ")", numbers.arguments));
    parts.addAll(checks);
    Piece where = Piece.joined(" AND ", parts);
    return sql.query(
        "SELECT "
            + RunTable.COLUMNS
            + " FROM @run r WHERE "
            + where.text
            + " ORDER BY r.number DESC LIMIT ?",
        RunTable::row,
        where.and(filter.limit() + 1).toArray());
  }

  /// The last that was looked at; null if there were fewer than that may be.
  private @Nullable Long last(Piece newest, int most) {
    String counting = "SELECT count(*) FROM (" + newest.text + ") looked";
    String lowest = "SELECT min(number) FROM (" + newest.text + ") looked";
    return number(counting, newest.arguments) < most ? null : number(lowest, newest.arguments);
  }

  private long number(String query, List<Object> arguments) {
    Long number = sql.first(query, row -> row.getLong(1), arguments.toArray());
    return number == null ? 0 : number;
  }
}
