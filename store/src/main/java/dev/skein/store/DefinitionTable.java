package dev.skein.store;

import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.StoredDefinition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Deployed workflows as written.
final class DefinitionTable {
  private static final String SAVE =
      """
      INSERT INTO definition (namespace, name, version, source, deployed_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (namespace, name, version) DO UPDATE
      SET source = excluded.source, deployed_at = excluded.deployed_at\
      """;

  private static final String ALL =
      "SELECT namespace, name, version, source, deployed_at FROM definition";

  private DefinitionTable() {}

  static void save(Sql sql, StoredDefinition definition) {
    sql.execute(
        SAVE,
        definition.workflow().namespace(),
        definition.workflow().name(),
        definition.workflow().version(),
        definition.source(),
        definition.deployedAt());
  }

  static @Nullable StoredDefinition find(Sql sql, WorkflowRef workflow) {
    return sql.first(
        ALL + " WHERE namespace = ? AND name = ? AND version = ?",
        DefinitionTable::row,
        workflow.namespace(),
        workflow.name(),
        workflow.version());
  }

  static List<StoredDefinition> all(Sql sql) {
    return sql.query(ALL + " ORDER BY namespace, name, deployed_at", DefinitionTable::row);
  }

  private static StoredDefinition row(ResultSet row) throws SQLException {
    return new StoredDefinition(
        new WorkflowRef(row.getString(1), row.getString(2), row.getString(3)),
        row.getString(4),
        Sql.instant(row.getLong(5)));
  }
}
