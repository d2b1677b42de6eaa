package dev.skein.kernel.journal;

/// How something failed: a stable type (a URI or a code), a sentence, and what else the layer above
/// wants to keep (problem details).
///
/// @param outcomeUnknown whether the effect may have happened all the same: sent, no answer
public record Failure(String type, String message, Payload details, boolean outcomeUnknown) {
  public Failure(String type, String message) {
    this(type, message, Payload.EMPTY, false);
  }
}
