package dev.skein.interpreter.expression;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// A compiled expression. Safe for use by many threads at once; each evaluation has its own limits.
///
/// Nodes are values: neither the input nor any variable is ever changed, and an output may share
/// structure with them, so the caller must not change it either.
public interface Expression {

  /// The first output, or a null node if there is none.
  ///
  /// @throws ExpressionException of kind `EVALUATION` or `LIMIT`
  JsonNode evaluate(JsonNode input, Scope scope);

  /// All outputs in order, at most as many as the limits allow.
  ///
  /// @throws ExpressionException of kind `EVALUATION` or `LIMIT`
  List<JsonNode> evaluateAll(JsonNode input, Scope scope);
}
