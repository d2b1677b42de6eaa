package dev.skein.server.access;

import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Decides whether who asks may do what they ask for: the one place where that is done.
///
/// What lies in a namespace that somebody may not look into is to them as if it were not there: ids
/// tell them nothing.
final class Authorizer {
  private final Skein skein;

  Authorizer(Skein skein) {
    this.skein = skein;
  }

  /// @throws Refusal 403 or 404
  void check(Operation operation, Request request) {
    Role least = operation.needs().least();
    if (!request.roles().anywhere(least)) {
      throw Refusal.forbidden(
          "%s is for a role of %s or more, which %s has nowhere"
              .formatted(operation.name(), least, request.principal().name()));
    }
    if (request.roles().everywhereAtLeast(least)) {
      return;
    }
    switch (operation.needs().reach()) {
      case OPEN, SOMEWHERE -> {}
      case NAMESPACE -> demand(request, least, request.parameter("namespace"));
      case RUN -> demand(request, least, skein.look().find(request.parameter("id")));
      case INCIDENT -> demand(request, least, incident(request.parameter("id")));
      case EVERYWHERE ->
          throw Refusal.forbidden(
              "%s is for a role of %s or more in all namespaces"
                  .formatted(operation.name(), least));
    }
  }

  private @Nullable RunRow incident(String id) {
    OptionalLong number = RunNumbers.number(id);
    Incident incident = number.isEmpty() ? null : skein.act().find(number.getAsLong());
    return incident == null ? null : skein.act().rowOf(incident);
  }

  private static void demand(Request request, Role least, @Nullable RunRow run) {
    if (run == null) {
      throw hidden();
    }
    demand(request, least, run.workflow().namespace());
  }

  private static void demand(Request request, Role least, String namespace) {
    request.demand(least, namespace, hidden());
  }

  private static Refusal hidden() {
    return Refusal.notFound("there is no such thing, or it is not for you to see");
  }
}
