package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import java.sql.SQLException;

/// What differs between databases where statements are otherwise the same.
interface Dialect {
  /// The statement as this database wants it.
  ///
  /// @param text with `@` before the names of tables, and `GREATEST` for the greater of two numbers
  String statement(String text);

  /// What every transaction of several statements begins with; empty for nothing.
  default String prologue() {
    return "";
  }

  StoreException failure(SQLException cause);
}
