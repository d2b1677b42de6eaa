package dev.skein.connectors.verification;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Things that answers have told of, by the path they were found at: what is in the list at `/pets`
/// may be asked for at `/pets/{petId}`. Owned by one check.
final class Found {
  private final Map<String, JsonNode> byPath = new HashMap<>();

  /// @param path a template
  /// @param answer a list, an object with one in it, or what was just made there
  void keep(String path, String method, JsonNode answer) {
    JsonNode thing = method.equals("POST") ? answer : first(answer);
    if (!thing.isMissingNode()) {
      byPath.put(path, thing);
    }
  }

  private static JsonNode first(JsonNode answer) {
    if (answer.isArray()) {
      return answer.path(0);
    }
    for (JsonNode member : answer.isObject() ? answer : MissingNode.getInstance()) {
      if (member.isArray() && !member.isEmpty()) {
        return member.path(0);
      }
    }
    return MissingNode.getInstance();
  }

  /// @param path a template with the name in it
  /// @return missing if nothing is known
  JsonNode value(String path, String name) {
    int at = path.indexOf("/{" + name + "}");
    JsonNode thing = at < 0 ? null : byPath.get(path.substring(0, at));
    if (thing == null) {
      return MissingNode.getInstance();
    }
    if (!thing.isContainer()) {
      return thing;
    }
    if (thing.has(name)) {
      return thing.path(name);
    }
    String tail = name.replaceFirst("^.*[_-]", "").toLowerCase(Locale.ROOT);
    if (thing.has(tail)) {
      return thing.path(tail);
    }
    return name.matches(".*(Id|ID)") ? thing.path("id") : MissingNode.getInstance();
  }
}
