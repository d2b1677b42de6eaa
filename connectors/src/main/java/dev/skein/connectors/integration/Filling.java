package dev.skein.connectors.integration;

import tools.jackson.databind.JsonNode;

/// Puts values where settings have expressions and references to secrets.
public interface Filling {
  /// Takes everything as it is written.
  Filling NONE =
      new Filling() {
        @Override
        public JsonNode filled(JsonNode data, JsonNode input) {
          return data;
        }

        @Override
        public JsonNode authentication(JsonNode policy) {
          return policy;
        }
      };

  /// The data with its expressions, `${ … }`, evaluated.
  ///
  /// @param input what they see
  JsonNode filled(JsonNode data, JsonNode input);

  /// The same for an authentication: expressions see `$secrets`, and `use` names one.
  JsonNode authentication(JsonNode policy);
}
