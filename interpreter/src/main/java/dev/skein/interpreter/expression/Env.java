package dev.skein.interpreter.expression;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The variables, parameters and labels in force at one moment: an immutable chain, one entry each.
/// The compiler knows how many hops away an entry lies.
final class Env {
  final Meter meter;
  final Scope scope;
  private final @Nullable Env parent;
  private final @Nullable JsonNode value;
  private final @Nullable Closure closure;

  /// An argument that is not evaluated yet, with the surroundings it was written in.
  record Closure(Node code, Env env) {}

  Env(Meter meter, Scope scope) {
    this(meter, scope, null, null, null);
  }

  private Env(
      Meter meter,
      Scope scope,
      @Nullable Env parent,
      @Nullable JsonNode value,
      @Nullable Closure closure) {
    this.meter = meter;
    this.scope = scope;
    this.parent = parent;
    this.value = value;
    this.closure = closure;
  }

  Env bind(JsonNode bound) {
    return new Env(meter, scope, this, bound, null);
  }

  Env bind(Closure bound) {
    return new Env(meter, scope, this, null, bound);
  }

  /// An entry that holds nothing: its identity is a label.
  Env mark() {
    return new Env(meter, scope, this, null, null);
  }

  Env up(int hops) {
    Env env = this;
    for (int i = 0; i < hops && env.parent != null; i++) {
      env = env.parent;
    }
    return env;
  }

  JsonNode value() {
    if (value == null) {
      throw new IllegalStateException("not a variable");
    }
    return value;
  }

  Closure closure() {
    if (closure == null) {
      throw new IllegalStateException("not a parameter");
    }
    return closure;
  }
}
