package dev.skein.runtime.settings;

import dev.skein.model.Section;
import org.jspecify.annotations.Nullable;

/// What `skein.yaml` says under `server`.
///
/// @param host the address to bind to
/// @param port 0 for any that is free
/// @param tls null for none
/// @param published how workflows are called as APIs
public record ServerSettings(String host, int port, @Nullable Tls tls, Published published) {
  public static final ServerSettings NONE =
      new ServerSettings("127.0.0.1", 7400, null, Published.DEFAULT);

  private static final int HIGHEST_PORT = 65_535;

  /// Files in PEM, relative to where the server is started.
  ///
  /// @param certificate the server's own, followed by those that vouch for it
  /// @param key PKCS #8, without a password
  public record Tls(String certificate, String key) {}

  /// Workflows that are called as APIs.
  ///
  /// @param auth whether their callers need a key
  /// @param audit whether the audit log says who has started which run by a call
  public record Published(Auth auth, boolean audit) {
    public static final Published DEFAULT = new Published(Auth.OPEN, true);

    /// Whether something must be shown.
    public enum Auth {
      OPEN,
      REQUIRED
    }

    private static Published read(Section section) {
      return new Published(
          section.choice("auth", Auth.class, DEFAULT.auth), section.flag("audit", DEFAULT.audit));
    }
  }

  static ServerSettings read(Section section) {
    Published published = section.section("published", Published::read);
    String host = section.text("host", NONE.host);
    return new ServerSettings(
        host,
        section.integer("port", 0, HIGHEST_PORT, NONE.port),
        section.section("tls", ServerSettings::tls),
        published == null ? Published.DEFAULT : published);
  }

  private static Tls tls(Section section) {
    return new Tls(section.requiredText("certificate"), section.requiredText("key"));
  }
}
