package dev.skein.supervision.alert;

import dev.skein.kernel.Work;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tells somebody of an alert.
@FunctionalInterface
public interface Notifier {
  /// @param channel whom: an object with one property that says how
  /// @param message `{alert, state, severity, summary, since, at, run, node?}`, where state is
  ///   `firing`, `still-firing`, `resolved` or `test`
  /// @throws Exception if it did not get through; it is sent again later
  void send(JsonNode channel, ObjectNode message, At at) throws Exception;

  /// From where it is sent.
  ///
  /// @param run the alert's id
  /// @param attempt which sending of it this is
  record At(String run, Work.Attempt attempt) {}
}
