package dev.skein.runtime.access;

/// Who asks, and what they may do.
///
/// @param name as the audit log has it
public record Principal(String name, Roles roles) {
  /// Who has not shown who they are, and may do nothing.
  public static final Principal NOBODY = new Principal("nobody", Roles.NONE);
}
