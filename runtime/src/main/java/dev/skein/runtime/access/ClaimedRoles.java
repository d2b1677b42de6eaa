package dev.skein.runtime.access;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The roles that what a token says of somebody stands for.
///
/// @param claim whose values count: `groups`, or with dots for claims inside of others
/// @param grants the roles for each value
public record ClaimedRoles(String claim, Map<String, Roles> grants) {
  public ClaimedRoles {
    grants = Map.copyOf(grants);
  }

  /// All that the claims stand for together.
  public Roles of(Map<String, ?> claims) {
    Object value = claims;
    for (String name : claim.split("\\.", -1)) {
      value = value instanceof Map<?, ?> object ? object.get(name) : null;
    }
    Roles roles = Roles.NONE;
    for (Object one : values(value)) {
      roles = roles.and(grants.getOrDefault(String.valueOf(one), Roles.NONE));
    }
    return roles;
  }

  /// A text may have several, with spaces between, as scopes do.
  private static List<?> values(@Nullable Object value) {
    return switch (value) {
      case List<?> several -> several;
      case String text -> List.of(text.strip().split("\\s+", -1));
      case null, default -> List.of();
    };
  }
}
