package dev.skein.interpreter;

import dev.skein.interpreter.expression.Expressions;
import dev.skein.interpreter.expression.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Fills authentication policies: expressions are evaluated and secrets put in.
public final class Policies {
  private final Templates templates;
  private final Vault vault;

  Policies(Templates templates, Vault vault) {
    this.templates = templates;
    this.vault = vault;
  }

  /// Fills them where no run is: expressions see `$secrets` and nothing else.
  ///
  /// @param secrets those that the workflow declares
  /// @throws dev.skein.kernel.Fault carrying problem details without secrets, from what is returned
  public static UnaryOperator<JsonNode> atDeployment(
      List<String> secrets, SecretSource source, Expressions expressions, Instant now) {
    var vault = new Vault(secrets, source);
    var policies = new Policies(new Templates(expressions), vault);
    var scope =
        new Scope() {
          @Override
          public @Nullable JsonNode variable(String name) {
            return name.equals("secrets") ? vault.secrets() : null;
          }

          @Override
          public Instant now() {
            return now;
          }
        };
    return policy -> {
      try {
        return policies.filled(policy, Json.NODES.nullNode(), scope);
      } catch (RuntimeException e) {
        throw vault.redacted(Problems.at("/use", e));
      }
    };
  }

  JsonNode filled(JsonNode written, JsonNode input, Scope scope) {
    ObjectNode policy = Json.NODES.objectNode();
    for (Map.Entry<String, JsonNode> scheme : written.properties()) {
      JsonNode use = scheme.getValue().path("use");
      policy.set(
          scheme.getKey(),
          use.isString()
              ? vault.secret(use.asString())
              : templates.evaluate(scheme.getValue(), input, scope));
    }
    return policy;
  }
}
