package dev.skein.runtime;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.Vault;
import dev.skein.kernel.journal.Payload;
import tools.jackson.databind.JsonNode;

/// Data of a journal as people are shown it.
final class Views {
  private Views() {}

  static JsonNode json(Payload payload) {
    return Vault.shown(Json.json(payload));
  }
}
