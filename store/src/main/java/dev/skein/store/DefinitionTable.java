package dev.skein.store;

import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.StoredDefinition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Deployed workflows as written, and the hashes of the resources they are pinned to.
final class DefinitionTable {
  private static final String SAVE =
      """
      INSERT INTO @definition (namespace, name, version, source, deployed_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (namespace, name, version) DO UPDATE
      SET source = excluded.source, deployed_at = excluded.deployed_at\
      """;

  private static final String ALL =
      "SELECT namespace, name, version, source, deployed_at FROM @definition";

  private static final String OF_ONE = " WHERE namespace = ? AND name = ? AND version = ?";

  private static final String PIN =
      "INSERT INTO @resource (namespace, name, version, uri, hash) VALUES (?, ?, ?, ?, ?)";

  private static final String PINS = "SELECT namespace, name, version, uri, hash FROM @resource";

  private record Pin(WorkflowRef workflow, String uri, String hash) {}

  private DefinitionTable() {}

  static void save(Sql sql, StoredDefinition definition) {
    WorkflowRef ref = definition.workflow();
    sql.execute(
        SAVE,
        ref.namespace(),
        ref.name(),
        ref.version(),
        definition.source(),
        definition.deployedAt());
    sql.execute("DELETE FROM @resource" + OF_ONE, ref.namespace(), ref.name(), ref.version());
    definition
        .resources()
        .forEach(
            (uri, hash) -> sql.execute(PIN, ref.namespace(), ref.name(), ref.version(), uri, hash));
  }

  static @Nullable StoredDefinition find(Sql sql, WorkflowRef workflow) {
    String namespace = workflow.namespace();
    String name = workflow.name();
    String version = workflow.version();
    StoredDefinition found =
        sql.first(ALL + OF_ONE, DefinitionTable::withoutPins, namespace, name, version);
    return found == null
        ? null
        : pinned(found, sql.query(PINS + OF_ONE, DefinitionTable::pin, namespace, name, version));
  }

  static List<StoredDefinition> all(Sql sql) {
    var pins = new HashMap<WorkflowRef, List<Pin>>();
    for (Pin pin : sql.query(PINS, DefinitionTable::pin)) {
      pins.computeIfAbsent(pin.workflow, _ -> new ArrayList<>()).add(pin);
    }
    return sql
        .query(ALL + " ORDER BY namespace, name, deployed_at", DefinitionTable::withoutPins)
        .stream()
        .map(found -> pinned(found, pins.getOrDefault(found.workflow(), List.of())))
        .toList();
  }

  private static StoredDefinition withoutPins(ResultSet row) throws SQLException {
    return new StoredDefinition(ref(row), row.getString(4), Map.of(), Sql.instant(row.getLong(5)));
  }

  private static Pin pin(ResultSet row) throws SQLException {
    return new Pin(ref(row), row.getString(4), row.getString(5));
  }

  private static WorkflowRef ref(ResultSet row) throws SQLException {
    return new WorkflowRef(row.getString(1), row.getString(2), row.getString(3));
  }

  private static StoredDefinition pinned(StoredDefinition definition, List<Pin> pins) {
    var resources = new HashMap<String, String>();
    pins.forEach(pin -> resources.put(pin.uri, pin.hash));
    return new StoredDefinition(
        definition.workflow(), definition.source(), resources, definition.deployedAt());
  }
}
