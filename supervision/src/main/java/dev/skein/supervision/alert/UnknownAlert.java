package dev.skein.supervision.alert;

/// There is no rule of that name.
public final class UnknownAlert extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownAlert(String name) {
    super("there is no alert '" + name + "' in the settings");
  }
}
