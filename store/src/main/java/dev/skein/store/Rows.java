package dev.skein.store;

import dev.skein.store.Sql.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Rows for one statement, sent column by column as arrays. Owned by one thread.
final class Rows {
  /// The type of a column.
  enum Type {
    NUMBER("int8"),
    INT("int4"),
    TEXT("text"),
    BYTES("bytea");

    private final String database;

    Type(String database) {
      this.database = database;
    }

    private Column column(List<@Nullable Object> values) {
      Object[] array =
          switch (this) {
            case NUMBER -> new Long[0];
            case INT -> new Integer[0];
            case TEXT -> new String[0];
            case BYTES -> new byte[0][];
          };
      return new Column(database, values.toArray(array));
    }
  }

  private final List<Type> types;
  private final List<List<@Nullable Object>> columns;

  Rows(Type... types) {
    this.types = List.of(types);
    this.columns =
        Stream.<List<@Nullable Object>>generate(ArrayList::new).limit(types.length).toList();
  }

  void add(@Nullable Object... values) {
    for (int i = 0; i < values.length; i++) {
      columns.get(i).add(values[i]);
    }
  }

  /// A table function with a placeholder for each column.
  String unnest() {
    return types.stream()
        .map(type -> "?::" + type.database + "[]")
        .collect(Collectors.joining(", ", "unnest(", ")"));
  }

  List<Column> columns() {
    var all = new ArrayList<Column>();
    for (int i = 0; i < columns.size(); i++) {
      all.add(types.get(i).column(columns.get(i)));
    }
    return all;
  }

  static Column numbers(Iterable<Long> values) {
    var rows = new Rows(Type.NUMBER);
    values.forEach(rows::add);
    return rows.columns().getFirst();
  }

  static Column texts(List<String> values) {
    return new Column(Type.TEXT.database, values.toArray(String[]::new));
  }
}
