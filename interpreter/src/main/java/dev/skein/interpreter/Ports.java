package dev.skein.interpreter;

import dev.skein.kernel.journal.WorkflowRef;
import org.jspecify.annotations.Nullable;

/// How the interpreter reaches what is outside of a workflow.
public record Ports(
    HttpPort http,
    GrpcPort grpc,
    OpenApiPort openApi,
    ProcessPort processes,
    SecretSource secrets,
    Deployed workflows) {
  /// Which workflows there are.
  @FunctionalInterface
  public interface Deployed {
    /// The highest version; null if there is none.
    @Nullable WorkflowRef highest(String namespace, String name);
  }
}
