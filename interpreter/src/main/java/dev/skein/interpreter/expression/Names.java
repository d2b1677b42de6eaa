package dev.skein.interpreter.expression;

import org.jspecify.annotations.Nullable;

/// The names in force at one place of the source: an immutable chain, innermost first.
///
/// `level` counts the [Env] entries that stand there at run time; a function takes none.
record Names(
    @Nullable Names outer,
    Kind kind,
    String name,
    int level,
    BindNodes.@Nullable Function function) {

  enum Kind {
    ROOT,
    VARIABLE,
    PARAMETER,
    LABEL,
    FUNCTION
  }

  static Names root() {
    return new Names(null, Kind.ROOT, "", 0, null);
  }

  Names with(Kind entry, String bound) {
    return new Names(this, entry, bound, level + 1, null);
  }

  Names with(String called, BindNodes.Function defined) {
    return new Names(this, Kind.FUNCTION, called, level, defined);
  }

  /// The innermost entry of that kind and name.
  @Nullable Names find(Kind wanted, String sought) {
    for (Names at = this; at != null; at = at.outer) {
      if (at.kind == wanted && at.name.equals(sought)) {
        return at;
      }
    }
    return null;
  }

  /// The innermost function of that name and number of parameters, or parameter, which has none.
  @Nullable Names callee(String sought, int arguments) {
    for (Names at = this; at != null; at = at.outer) {
      boolean parameter = at.kind == Kind.PARAMETER && arguments == 0;
      boolean called = at.function != null && at.function.parameters() == arguments;
      if ((parameter || called) && at.name.equals(sought)) {
        return at;
      }
    }
    return null;
  }
}
