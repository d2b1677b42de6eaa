package dev.skein.connectors.mail;

import org.jspecify.annotations.Nullable;

/// Who takes mail to be sent.
///
/// @param user null to send without a login
public record MailServer(String host, int port, Security security, @Nullable String user) {
  /// How the connection is kept from others.
  public enum Security {
    /// Not at all.
    NONE,
    /// Encrypted after the greeting; a server that can't is refused.
    STARTTLS,
    /// From the first byte.
    TLS
  }
}
