package dev.skein.connectors.openapi;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Follows the references within one document.
public record References(JsonNode root) {
  private static final int MOST = 100;

  /// What a reference leads to, however many lead on.
  public JsonNode followed(JsonNode node) throws InvalidApi {
    JsonNode at = node;
    for (int i = 0; i < MOST; i++) {
      String reference = at.path("$ref").asString(null);
      if (reference == null) {
        return at;
      }
      if (!reference.startsWith("#")) {
        throw new InvalidApi("'" + reference + "' lies outside of the document; bundle it");
      }
      at = at(reference);
    }
    throw new InvalidApi("'" + node.path("$ref").asString() + "' leads in a circle");
  }

  private JsonNode at(String reference) throws InvalidApi {
    JsonNode found = MissingNode.getInstance();
    try {
      found = root.at(Escapes.decoded(reference.substring(1)));
    } catch (IllegalArgumentException e) {
      // it is no pointer, and leads to nothing either
    }
    if (found.isMissingNode()) {
      throw new InvalidApi("'" + reference + "' leads to nothing");
    }
    return found;
  }
}
