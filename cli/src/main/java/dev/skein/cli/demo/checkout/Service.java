package dev.skein.cli.demo.checkout;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What distinguishes one service from the others. All methods are called under the lock of its
/// [LedgerService].
sealed interface Service permits Inventory, Payment, Shipping {
  String name();

  /// `POST` here makes the effect; `DELETE` of this path and `/{orderId}` undoes it, unless there
  /// is a [#releasePath].
  String holdPath();

  /// Where a `POST {orderId}` undoes the effect.
  default @Nullable String releasePath() {
    return null;
  }

  /// Decides on a request, and changes nothing yet.
  ///
  /// @param number makes the id of what is made unique in this ledger
  Decision decide(JsonNode request, int number);

  /// Takes note of an entry that is in the ledger: a new one, or one replayed at start.
  default void recorded(LedgerEntry entry) {}

  /// What comes of a request to make an effect.
  sealed interface Decision {
    /// A yes. The note goes into the ledger with the entry.
    record Accepted(ObjectNode answer, JsonNode note) implements Decision {}

    /// A final no, recorded.
    record Refused(int status, String title, String detail) implements Decision {}

    /// A request that makes no sense; not recorded.
    record Invalid(String detail) implements Decision {}
  }
}
