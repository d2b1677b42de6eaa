package dev.skein.interpreter;

import dev.skein.kernel.Fault;
import dev.skein.kernel.journal.Payload;
import tools.jackson.databind.JsonNode;

/// What every effect of a task has in common: its outcome is sealed for the journal, its error says
/// where it happened and holds no secret.
record Effects(Vault vault, String reference) {
  /// Something done outside.
  @FunctionalInterface
  interface Effect {
    JsonNode run() throws InterruptedException;
  }

  Payload done(Effect effect) throws InterruptedException {
    try {
      return vault.seal(effect.run());
    } catch (RuntimeException e) {
      RuntimeException placed = Problems.placed(reference, e);
      throw placed instanceof Fault fault ? vault.redacted(fault) : placed;
    }
  }
}
