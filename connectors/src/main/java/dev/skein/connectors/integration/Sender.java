package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.Reply;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes one attempt of a call.
@FunctionalInterface
public interface Sender {
  /// @param auth a policy of the language, or null
  Reply send(HttpCall call, @Nullable JsonNode auth) throws HttpCallException, InterruptedException;
}
