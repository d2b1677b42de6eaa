package dev.skein.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The request of a {@link CallGrpcTask}; its values may be templates.
///
/// @param files what the service is described in; null if nobody looked
/// @param method its simple name, a string
/// @param arguments an object; null for none
public record GrpcArguments(
    ExternalResource proto,
    @Nullable ProtoFiles files,
    Service service,
    JsonNode method,
    @Nullable JsonNode arguments) {
  /// Who is called, and where.
  ///
  /// @param name with its package, a string
  /// @param tls whether the connection is encrypted: as `metadata.skein.tls` says, else on port 443
  /// @param authentication the policy, resolved
  public record Service(
      JsonNode name, String host, int port, boolean tls, @Nullable JsonNode authentication) {}
}
