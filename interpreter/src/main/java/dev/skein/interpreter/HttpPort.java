package dev.skein.interpreter;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How the interpreter reaches systems over HTTP.
public interface HttpPort {
  /// @throws dev.skein.kernel.Fault carrying problem details
  JsonNode call(Request request) throws InterruptedException;

  /// What a call under this policy is authorized with: `{scheme, parameter}`.
  ///
  /// @throws dev.skein.kernel.Fault carrying problem details
  JsonNode authorization(JsonNode policy);

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
