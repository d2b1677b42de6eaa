package dev.skein.store;

import dev.skein.kernel.store.Ask;
import java.util.List;

/// What is asked of runs that other nodes own.
final class AskTable {
  /// Of a run that has ended anybody may say so.
  private static final String OF_OWNER =
      """
      SELECT ask.number, ask.run, ask.kind, ask.reason, ask.at FROM @ask
      JOIN @run ON run.number = ask.run
      WHERE run.owner = ? OR run.status >= 4 ORDER BY ask.number LIMIT ?\
      """;

  private AskTable() {}

  static List<Ask> of(Sql sql, long owner, int limit) {
    return sql.query(
        OF_OWNER,
        row ->
            new Ask(
                row.getLong(1),
                row.getLong(2),
                Ask.Kind.valueOf(row.getString(3)),
                row.getString(4),
                Sql.instant(row.getLong(5))),
        owner,
        limit);
  }
}
