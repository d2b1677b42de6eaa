package dev.skein.interpreter;

import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.StepKey;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How the interpreter reaches systems over HTTP.
public interface HttpPort {
  /// @throws dev.skein.kernel.Fault carrying problem details
  /// @throws dev.skein.kernel.Deferred if it must wait long before it can be made
  JsonNode call(Request request, Site site) throws InterruptedException;

  /// From where a call is made.
  ///
  /// @param workflow `namespace/name`
  /// @param run its id
  /// @param doing which doing of the task it is part of; null if the kernel knows none
  /// @param integration whose policy is asked for by name; null for the one that fits
  /// @param priority 1 (first) to 5
  /// @param idempotencyKey the same however often the call is made
  /// @param deferred what it left when it was put off, else empty
  record Site(
      String workflow,
      String run,
      String task,
      String reference,
      @Nullable StepKey doing,
      @Nullable String integration,
      int priority,
      String idempotencyKey,
      Payload deferred) {}

  /// What a call under this policy is authorized with: `{scheme, parameter}`.
  ///
  /// @param workflow `namespace/name`
  /// @throws dev.skein.kernel.Fault carrying problem details
  JsonNode authorization(JsonNode policy, String workflow);

  /// A call with all its expressions evaluated.
  ///
  /// @param authentication a policy object of the language; null for none
  /// @param output `raw`, `content` or `response`
  record Request(
      String method,
      URI uri,
      Map<String, String> headers,
      Map<String, List<String>> query,
      @Nullable JsonNode body,
      @Nullable JsonNode authentication,
      String output,
      boolean redirect) {}
}
