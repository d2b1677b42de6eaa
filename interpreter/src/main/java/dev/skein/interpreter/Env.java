package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Context;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where a task runs: the kernel's scope, the workflow's context data, the variables in sight.
/// Owned by the thread of that scope.
///
/// @param kernel the scope that journals what is done here
/// @param shared the context data, which tasks of one branch export to in turn
/// @param vault the workflow's secrets
/// @param variables of loops and caught errors, without `$`
/// @param base reference that the kernel's scope stands for; names of steps are relative to it
/// @param place which doing of a task this is
record Env(
    Context kernel,
    Shared shared,
    Vault vault,
    Map<String, JsonNode> variables,
    String base,
    Place place) {

  /// What the tasks of one thread share.
  static final class Shared {
    /// The workflow's context, replaced by `export`.
    JsonNode context;

    /// Where the run stands; null in branches and compensations.
    final @Nullable Spine spine;

    /// Whether these are tasks of an extension.
    final boolean isExtension;

    Shared(JsonNode context, @Nullable Spine spine, boolean isExtension) {
      this.context = context;
      this.spine = spine;
      this.isExtension = isExtension;
    }
  }

  Env {
    variables = Map.copyOf(variables);
  }

  /// The name of something at that reference, inside the kernel's scope.
  String name(String reference) {
    if (!reference.startsWith(base)) {
      return reference;
    }
    return reference.length() > base.length()
        ? reference.substring(base.length())
        : reference.substring(reference.lastIndexOf('/'));
  }

  Env in(Context scope, String reference) {
    return new Env(scope, shared, vault, variables, reference, place);
  }

  Env with(String variable, JsonNode value) {
    var more = new HashMap<>(variables);
    more.put(variable, value);
    return new Env(kernel, shared, vault, more, base, place);
  }

  Env iteration(long index) {
    return new Env(kernel, shared, vault, variables, base, place.iteration(index));
  }

  Env visit(String reference, int visit) {
    return new Env(kernel, shared, vault, variables, base, place.visit(reference, visit));
  }

  Env sharing(JsonNode context) {
    return new Env(
        kernel, new Shared(context, null, shared.isExtension), vault, variables, base, place);
  }

  /// For the tasks of an extension, which see in `$task` the task they extend.
  Env extending(@Nullable JsonNode extended) {
    var inside = new Shared(shared.context, null, true);
    Env env = new Env(kernel, inside, vault, variables, base, place);
    return extended == null ? env : env.with("task", extended);
  }

  Env calledFrom(String reference) {
    return new Env(kernel, shared, vault, variables, base, place.calledFrom(reference));
  }

  /// What expressions of a task see.
  ///
  /// @param arguments `input`, `output`, `task` and the like; variables hide them
  Scope scope(Map<String, JsonNode> arguments) {
    return scope(Arguments.of(arguments));
  }

  Scope scope(Arguments arguments) {
    return new Scope() {
      @Override
      public @Nullable JsonNode variable(String name) {
        JsonNode variable = variables.get(name);
        if (variable != null) {
          return variable;
        }
        return switch (name) {
          case "context" -> shared.context;
          case "secrets" -> vault.secrets();
          default -> arguments.argument(name);
        };
      }

      @Override
      public Instant now() {
        return kernel.now();
      }
    };
  }
}
