package dev.skein.store;

import java.util.LinkedHashMap;
import java.util.Map;

/// Search attributes of runs.
final class AttributeTable {
  private AttributeTable() {}

  static void set(Sql sql, long run, Map<String, String> attributes) {
    attributes.forEach((name, value) ->
        sql.execute(
            "INSERT INTO @attribute (run, name, value) VALUES (?, ?, ?)"
                + " ON CONFLICT (run, name) DO UPDATE SET value = excluded.value",
            run,
            name,
            value));
  }

  static Map<String, String> ofRun(Sql sql, long run) {
    var attributes = new LinkedHashMap<String, String>();
    sql.query(
            "SELECT name, value FROM @attribute WHERE run = ? ORDER BY name",
            row -> Map.entry(row.getString(1), row.getString(2)),
            run)
        .forEach(entry -> attributes.put(entry.getKey(), entry.getValue()));
    return attributes;
  }
}
