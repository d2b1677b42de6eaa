package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One connection with its prepared statements. Owned by one thread at a time.
final class Sql implements AutoCloseable {
  private final Connection connection;
  private final Dialect dialect;
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

  /// The values of one column, for statements that take many rows at once.
  static final class Column {
    private final String type;
    private final Object[] values;

    /// @param type the database's name of the element type
    Column(String type, Object[] values) {
      this.type = type;
      this.values = values;
    }

    private Array in(Connection connection) throws SQLException {
      return connection.createArrayOf(type, values);
    }
  }

  Sql(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  <T> T on(Action<T> action) {
    try {
      return action.run(connection);
    } catch (SQLException e) {
      throw dialect.failure(e);
    }
  }

  /// Executes statements without arguments or results.
  void script(String text) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(dialect.statement(text));
    } catch (SQLException e) {
      throw dialect.failure(e);
    }
  }

  /// Does all of it in one transaction, or nothing, on a connection that commits by itself
  /// otherwise.
  <T> T transaction(Supplier<T> work) {
    try {
      connection.setAutoCommit(false);
      try {
        if (!dialect.prologue().isEmpty()) {
          script(dialect.prologue());
        }
        T result = work.get();
        connection.commit();
        return result;
      } catch (SQLException | StoreException e) {
        rollback(e);
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw dialect.failure(e);
    }
  }

  private void rollback(Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /// Executes a statement that returns no rows and says how many it changed.
  int execute(String sql, @Nullable Object... arguments) {
    try {
      return bound(sql, arguments).executeUpdate();
    } catch (SQLException e) {
      throw dialect.failure(e);
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
      throw dialect.failure(e);
    }
  }

  <T> @Nullable T first(String sql, Row<T> row, @Nullable Object... arguments) {
    List<T> rows = query(sql, row, arguments);
    return rows.isEmpty() ? null : rows.getFirst();
  }

  private PreparedStatement bound(String sql, @Nullable Object... arguments) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(dialect.statement(sql));
      prepared.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      bind(statement, i + 1, arguments[i]);
    }
    return statement;
  }

  private void bind(PreparedStatement statement, int index, @Nullable Object argument)
      throws SQLException {
    switch (argument) {
      case null -> statement.setObject(index, null);
      case Long value -> statement.setLong(index, value);
      case Integer value -> statement.setInt(index, value);
      case String value -> statement.setString(index, value);
      case byte[] value -> statement.setBytes(index, value);
      case Instant value -> statement.setLong(index, micros(value));
      case Column column -> statement.setArray(index, column.in(connection));
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

  @Override
  public void close() {
    try {
      for (PreparedStatement statement : prepared.values()) {
        statement.close();
      }
      connection.close();
    } catch (SQLException e) {
      throw dialect.failure(e);
    }
  }
}
