package dev.skein.connectors.openapi;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A limit of numbers or sizes that a schema sets.
///
/// @param exclusive whether it is left out itself
record Bound(BigDecimal value, boolean exclusive) {
  /// The numeric ones: OpenAPI 3.0 flags an exclusive bound, 3.1 gives it as a number of its own,
  /// and then both may be there.
  ///
  /// @param keyword `minimum` or `maximum`
  static @Nullable Bound numeric(JsonNode schema, String keyword) {
    boolean upper = keyword.equals("maximum");
    JsonNode beside = schema.path(upper ? "exclusiveMaximum" : "exclusiveMinimum");
    JsonNode plain = schema.path(keyword);
    Bound inclusive =
        plain.isNumber() ? new Bound(plain.decimalValue(), beside.asBoolean(false)) : null;
    if (!beside.isNumber()) {
      return inclusive;
    }
    Bound exclusive = new Bound(beside.decimalValue(), true);
    return inclusive == null || inclusive.isLooser(exclusive, upper) ? exclusive : inclusive;
  }

  static @Nullable Bound plain(JsonNode schema, String keyword) {
    JsonNode written = schema.path(keyword);
    return written.isNumber() ? new Bound(written.decimalValue(), false) : null;
  }

  /// Whether it lets through something that the other does not.
  boolean isLooser(Bound than, boolean upper) {
    int compared = value.compareTo(than.value);
    if (compared == 0) {
      return !exclusive && than.exclusive;
    }
    return upper == compared > 0;
  }

  static String shown(@Nullable Bound bound) {
    if (bound == null) {
      return "absent";
    }
    return bound.value.toPlainString() + (bound.exclusive ? " (itself left out)" : "");
  }
}
