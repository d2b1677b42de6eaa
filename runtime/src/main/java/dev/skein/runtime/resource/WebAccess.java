package dev.skein.runtime.resource;

import dev.skein.connectors.http.Egress;
import dev.skein.connectors.policy.PolicyBook;
import java.net.URI;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// How resources on the web are asked for.
///
/// @param credentials fills the secrets into an authentication policy
/// @param egress which addresses may be reached for a URI
public record WebAccess(UnaryOperator<JsonNode> credentials, Function<URI, Egress> egress) {

  /// In the name of nobody's workflow.
  public static WebAccess own(UnaryOperator<JsonNode> credentials) {
    return new WebAccess(credentials, _ -> Egress.ALSO_PRIVATE);
  }

  /// @param workflow `namespace/name`
  public static WebAccess of(
      String workflow, UnaryOperator<JsonNode> credentials, PolicyBook policies) {
    return new WebAccess(
        credentials, uri -> new Egress(policies.egress(uri, workflow).privateNetworks()));
  }
}
