package dev.skein.interpreter;

import dev.skein.model.Problem;
import dev.skein.model.ProtoFiles;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How the interpreter reaches gRPC services.
@FunctionalInterface
public interface GrpcPort {
  /// Reaches none.
  GrpcPort NONE =
      (request, _) -> {
        throw Problems.fault(
            Problem.Kind.CONFIGURATION.problem(
                "gRPC services such as " + request.service() + " cannot be called from here"));
      };

  /// @return the answer, an object; an array of them where the method streams them
  /// @throws dev.skein.kernel.Fault carrying problem details
  /// @throws dev.skein.kernel.Deferred if it must wait long before it can be made
  JsonNode call(Request request, HttpPort.Site site) throws InterruptedException;

  /// A call with all its expressions evaluated.
  ///
  /// @param service with its package
  /// @param method its simple name
  /// @param tls whether the connection is encrypted
  /// @param arguments an object
  /// @param authentication a policy object of the language; null for none
  record Request(
      ProtoFiles files,
      String service,
      String method,
      String host,
      int port,
      boolean tls,
      JsonNode arguments,
      @Nullable JsonNode authentication) {}
}
