package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// One connection with its prepared statements. Owned by one thread at a time.
final class Sql implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /// Reads one row.
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Something done with a connection.
  @FunctionalInterface
  interface Action<T> {
    T run(Connection connection) throws SQLException;
  }

  Sql(Connection connection) {
    this.connection = connection;
  }

  <T> T on(Action<T> action) {
    try {
      return action.run(connection);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// Executes a statement that returns no rows and says how many it changed.
  int execute(String sql, @Nullable Object... arguments) {
    try {
      return bound(sql, arguments).executeUpdate();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  <T> List<T> query(String sql, Row<T> row, @Nullable Object... arguments) {
    try (ResultSet rows = bound(sql, arguments).executeQuery()) {
      var read = new ArrayList<T>();
      while (rows.next()) {
        read.add(row.read(rows));
      }
      return read;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  <T> @Nullable T first(String sql, Row<T> row, @Nullable Object... arguments) {
    List<T> rows = query(sql, row, arguments);
    return rows.isEmpty() ? null : rows.getFirst();
  }

  private PreparedStatement bound(String sql, @Nullable Object... arguments) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      bind(statement, i + 1, arguments[i]);
    }
    return statement;
  }

  private static void bind(PreparedStatement statement, int index, @Nullable Object argument)
      throws SQLException {
    switch (argument) {
      case null -> statement.setObject(index, null);
      case Long value -> statement.setLong(index, value);
      case Integer value -> statement.setInt(index, value);
      case String value -> statement.setString(index, value);
      case byte[] value -> statement.setBytes(index, value);
      case Instant value -> statement.setLong(index, micros(value));
      default -> throw new IllegalArgumentException("cannot bind a " + argument.getClass());
    }
  }

  /// Instants lie in the store as microseconds since 1970.
  static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }

  static @Nullable Instant optionalInstant(ResultSet row, int column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : instant(micros);
  }

  static StoreException failure(SQLException e) {
    Code code = e instanceof SQLiteException sqlite ? code(sqlite.getResultCode()) : Code.FAILED;
    String message =
        switch (code) {
          case FULL ->
              "the disk that holds the store is full; free some space and start again: nothing that"
                  + " was reported as done is lost";
          case DAMAGED -> "the store file is damaged: " + e.getMessage();
          case IN_USE -> "the store file is in use by another program: " + e.getMessage();
          case CONFLICT -> "the store holds this already: " + e.getMessage();
          case UNREADABLE -> "the store file cannot be read or written: " + e.getMessage();
          case CLOSED, FAILED -> "the store failed: " + e.getMessage();
        };
    return new StoreException(code, message, e);
  }

  private static Code code(SQLiteErrorCode result) {
    return switch (result.code & 0xFF) {
      case 13 -> Code.FULL;
      case 11, 26 -> Code.DAMAGED;
      case 5, 6 -> Code.IN_USE;
      case 19 -> Code.CONFLICT;
      case 8, 14 -> Code.UNREADABLE;
      default -> Code.FAILED;
    };
  }

  @Override
  public void close() {
    try {
      for (PreparedStatement statement : prepared.values()) {
        statement.close();
      }
      connection.close();
    } catch (SQLException e) {
      throw failure(e);
    }
  }
}
