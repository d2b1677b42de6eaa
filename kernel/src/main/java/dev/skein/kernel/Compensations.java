package dev.skein.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What a run has done and knows how to undo. Owned by the run's lock.
///
/// The order is that of the journal, not that of registration, which replay of parallel branches
/// would not repeat.
final class Compensations {
  private final List<Registered> registered = new ArrayList<>();

  private record Registered(String scope, long ordinal, Compensation compensation) {}

  void register(Scope scope, Compensation compensation) {
    register(new Context.Registered(scope.path(), compensation), scope.ordinal());
  }

  void register(Context.Registered one, long ordinal) {
    withdraw(one.scope(), one.compensation().name());
    registered.add(new Registered(one.scope(), ordinal, one.compensation()));
  }

  void withdraw(Scope scope, String name) {
    withdraw(scope.path(), name);
  }

  private void withdraw(String scope, String name) {
    registered.removeIf(r -> r.scope.equals(scope) && r.compensation.name().equals(name));
  }

  /// Oldest first.
  List<Context.Registered> all() {
    return registered.stream()
        .sorted(Comparator.comparingLong(Registered::ordinal))
        .map(r -> new Context.Registered(r.scope, r.compensation))
        .toList();
  }

  private List<Compensation> within(String scope) {
    return registered.stream()
        .filter(r -> Scope.within(r.scope, scope))
        .sorted(Comparator.comparingLong(Registered::ordinal))
        .map(Registered::compensation)
        .toList();
  }

  /// Those of the scope and the scopes inside it, oldest first, which it forgets.
  List<Compensation> take(String scope) {
    var taken = within(scope);
    registered.removeIf(r -> Scope.within(r.scope, scope));
    return taken;
  }
}
