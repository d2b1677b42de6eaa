package dev.skein.runtime.view;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.Vault;
import dev.skein.kernel.journal.Payload;
import tools.jackson.databind.JsonNode;

/// Data of a journal as people are shown it.
public final class Views {
  private Views() {}

  public static JsonNode json(Payload payload) {
    return Vault.shown(Json.json(payload));
  }
}
