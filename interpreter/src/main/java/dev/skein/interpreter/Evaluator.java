package dev.skein.interpreter;

import dev.skein.interpreter.expression.ExpressionException;
import dev.skein.interpreter.expression.Expressions;
import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Fault;
import dev.skein.model.ExpressionSyntax;
import dev.skein.model.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Evaluates data in which strings may be expressions, where no run is: that of settings. Errors
/// are faults of type `expression`. Thread-safe.
public final class Evaluator {
  private final Templates templates;
  private final InstantSource clock;
  private final List<String> names;
  private final SecretSource secrets;

  /// @param names of the secrets that the settings declare
  public Evaluator(
      Expressions expressions, InstantSource clock, List<String> names, SecretSource secrets) {
    this.templates = new Templates(expressions);
    this.clock = clock;
    this.names = List.copyOf(names);
    this.secrets = secrets;
  }

  /// Whether an expression compiles.
  public static ExpressionSyntax syntax(Expressions expressions) {
    return expression -> {
      try {
        expressions.compile(expression);
        return null;
      } catch (ExpressionException e) {
        return new ExpressionSyntax.SyntaxError(String.valueOf(e.getMessage()), e.offset());
      }
    };
  }

  /// The data with its expressions evaluated; they see no secrets.
  public JsonNode evaluate(JsonNode data, JsonNode input) {
    try {
      return templates.evaluate(data, input, new At(clock.instant(), null));
    } catch (ExpressionException e) {
      throw Problems.fault(Problem.Kind.EXPRESSION.problem(String.valueOf(e.getMessage())));
    }
  }

  /// The value of an expression, with or without `${ }`.
  public JsonNode expression(String source, JsonNode input) {
    try {
      return templates.expression(source, input, new At(clock.instant(), null));
    } catch (ExpressionException e) {
      throw Problems.fault(Problem.Kind.EXPRESSION.problem(String.valueOf(e.getMessage())));
    }
  }

  /// Data evaluated with secrets as they are at this moment.
  public Unlocked unlocked() {
    return new Unlocked(new Vault(names, secrets));
  }

  /// What secrets are needed for, and what hides them afterwards.
  public final class Unlocked {
    private final Vault vault;

    private Unlocked(Vault vault) {
      this.vault = vault;
    }

    /// An authentication, filled.
    ///
    /// @throws Fault without secrets
    public JsonNode authentication(JsonNode written) {
      try {
        var scope = new At(clock.instant(), vault);
        return new Policies(templates, vault).filled(written, Json.NODES.nullNode(), scope);
      } catch (ExpressionException e) {
        throw vault.redacted(
            Problems.fault(Problem.Kind.EXPRESSION.problem(String.valueOf(e.getMessage()))));
      }
    }

    public JsonNode redacted(JsonNode data) {
      return vault.redacted(data);
    }

    public Fault redacted(Fault fault) {
      return vault.redacted(fault);
    }
  }

  private record At(Instant now, @Nullable Vault vault) implements Scope {
    @Override
    public @Nullable JsonNode variable(String name) {
      return vault != null && name.equals("secrets") ? vault.secrets() : null;
    }
  }
}
