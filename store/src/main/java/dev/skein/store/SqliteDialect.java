package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// SQLite: one schema, so that tables go by their bare names.
enum SqliteDialect implements Dialect {
  SQLITE;

  @Override
  public String statement(String text) {
    return text.replace("@", "").replace("GREATEST(", "MAX(");
  }

  @Override
  public StoreException failure(SQLException cause) {
    Code code =
        cause instanceof SQLiteException sqlite ? code(sqlite.getResultCode()) : Code.FAILED;
    String message =
        switch (code) {
          case FULL ->
              "the disk that holds the store is full; free some space and start again: nothing that"
                  + " was reported as done is lost";
          case DAMAGED -> "the store file is damaged: " + cause.getMessage();
          case IN_USE -> "the store file is in use by another program: " + cause.getMessage();
          case CONFLICT -> "the store holds this already: " + cause.getMessage();
          case UNREADABLE -> "the store file cannot be read or written: " + cause.getMessage();
          case FENCED, CLOSED, FAILED -> "the store failed: " + cause.getMessage();
        };
    return new StoreException(code, message, cause);
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
}
