package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.sql.SQLException;
import java.time.Duration;

/// PostgreSQL: tables are always named with their schema, since a search path would be state of the
/// session.
///
/// @param longestPause in the midst of a transaction: a node that is stopped there holds up the
///   others, whose locks it has, no longer
record PostgresDialect(String schema, Duration longestPause) implements Dialect {
  @Override
  public String prologue() {
    return "SET LOCAL idle_in_transaction_session_timeout = " + longestPause.toMillis();
  }

  @Override
  public String statement(String text) {
    return text.replace("@", "\"" + schema + "\".");
  }

  @Override
  public StoreException failure(SQLException cause) {
    Code code = code(state(cause));
    String message =
        switch (code) {
          case FULL ->
              "the database's disk is full; free some space and start again: nothing that was"
                  + " reported as done is lost";
          case DAMAGED -> "the database is damaged: ";
          case CONFLICT -> "the store holds this already: ";
          case UNREADABLE -> "the database cannot be used: ";
          case IN_USE, FENCED, CLOSED, FAILED -> "the database failed: ";
        };
    return new StoreException(
        code, code == Code.FULL ? message : message + cause.getMessage(), cause);
  }

  private static Code code(String state) {
    return switch (state) {
      case "53100" -> Code.FULL;
      case "XX001", "XX002" -> Code.DAMAGED;
      case "23505" -> Code.CONFLICT;
      case "3D000", "3F000", "42501", "42P01" -> Code.UNREADABLE;
      default -> state.startsWith("28") ? Code.UNREADABLE : Code.FAILED;
    };
  }

  /// Whether the same may succeed when it is tried again: the connection was lost, the server
  /// stops, starts or only reads, has no connection left, or has chosen this transaction to fail.
  static boolean passes(StoreException failure) {
    if (!(failure.getCause() instanceof SQLException cause)) {
      return false;
    }
    return switch (state(cause)) {
      case "53300", "40001", "40P01", "25006" -> true;
      case "57P04" -> false; // the database was dropped
      case String state -> state.startsWith("08") || state.startsWith("57P");
    };
  }

  private static String state(SQLException cause) {
    String state = cause.getSQLState();
    return state == null ? "" : state;
  }
}
