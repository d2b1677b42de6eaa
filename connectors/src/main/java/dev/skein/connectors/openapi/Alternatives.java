package dev.skein.connectors.openapi;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What became of the alternatives of a schema (`oneOf`, `anyOf`), whatever their order.
///
/// @param kept in both: by the same reference, as the same schema, or as the only ones left over
/// @param gone without anything in their place
/// @param added in nobody's place
record Alternatives(List<Kept> kept, List<JsonNode> gone, List<JsonNode> added) {
  /// One that is in both versions.
  record Kept(JsonNode was, JsonNode is) {}

  static Alternatives of(JsonNode was, JsonNode is) {
    var kept = new ArrayList<Kept>();
    var gone = new ArrayList<JsonNode>();
    var added = new ArrayList<>(is.valueStream().toList());
    for (JsonNode one : was) {
      int at = added.indexOf(one);
      if (at < 0) {
        gone.add(one);
      } else {
        kept.add(new Kept(one, added.remove(at)));
      }
    }
    // as many have gone as have come: those are taken for the old ones, changed
    if (gone.size() == added.size()) {
      for (int i = 0; i < gone.size(); i++) {
        kept.add(new Kept(gone.get(i), added.get(i)));
      }
      gone.clear();
      added.clear();
    }
    return new Alternatives(kept, gone, added);
  }
}
