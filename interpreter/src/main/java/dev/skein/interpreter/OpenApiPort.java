package dev.skein.interpreter;

import dev.skein.model.ApiFile;
import dev.skein.model.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How the interpreter calls operations of OpenAPI documents.
@FunctionalInterface
public interface OpenApiPort {
  /// Calls none.
  OpenApiPort NONE =
      (request, _) -> {
        throw Problems.fault(
            Problem.Kind.CONFIGURATION.problem(
                "operations such as " + request.operationId() + " cannot be called from here"));
      };

  /// @throws dev.skein.kernel.Fault carrying problem details
  /// @throws dev.skein.kernel.Deferred if it must wait long before it can be made
  JsonNode call(Request request, HttpPort.Site site) throws InterruptedException;

  /// A call with all its expressions evaluated.
  ///
  /// @param parameters an object
  /// @param authentication a policy object of the language; null for none
  /// @param output `raw`, `content` or `response`
  record Request(
      ApiFile document,
      String operationId,
      JsonNode parameters,
      @Nullable JsonNode authentication,
      String output,
      boolean redirect) {}
}
