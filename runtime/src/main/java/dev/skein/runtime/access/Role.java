package dev.skein.runtime.access;

import java.util.Locale;

/// What somebody may do. Each may do all that those before it may.
public enum Role {
  /// Looks.
  VIEWER,
  /// Acts on runs, incidents, schedules.
  OPERATOR,
  /// Deploys workflows and starts them.
  DEVELOPER,
  /// Makes keys and reads the audit log.
  ADMIN;

  public boolean includes(Role least) {
    return compareTo(least) >= 0;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException if there is none of that name
  public static Role of(String written) {
    for (Role role : values()) {
      if (role.toString().equals(written)) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "'" + written + "' is no role; there are viewer, operator, developer and admin");
  }
}
