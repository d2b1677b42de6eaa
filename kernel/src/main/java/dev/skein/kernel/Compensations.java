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
    withdraw(scope, compensation.name());
    registered.add(new Registered(scope.path(), scope.ordinal(), compensation));
  }

  void withdraw(Scope scope, String name) {
    registered.removeIf(r -> r.scope.equals(scope.path()) && r.compensation.name().equals(name));
  }

  /// Those of the scope and the scopes inside it, oldest first.
  List<Compensation> within(String scope) {
    return registered.stream()
        .filter(r -> Scope.within(r.scope, scope))
        .sorted(Comparator.comparingLong(Registered::ordinal))
        .map(Registered::compensation)
        .toList();
  }

  /// The same, and forgets them.
  List<Compensation> take(String scope) {
    var taken = within(scope);
    registered.removeIf(r -> Scope.within(r.scope, scope));
    return taken;
  }
}
