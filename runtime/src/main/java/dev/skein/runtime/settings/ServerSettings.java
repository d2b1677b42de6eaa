package dev.skein.runtime.settings;

import dev.skein.model.Section;
import org.jspecify.annotations.Nullable;

/// What `skein.yaml` says under `server`.
///
/// @param host the address to bind to
/// @param port 0 for any that is free
/// @param tls null for none
/// @param published whether callers of published workflows must show who they are
public record ServerSettings(String host, int port, @Nullable Tls tls, Published published) {
  public static final ServerSettings NONE =
      new ServerSettings("127.0.0.1", 7400, null, Published.OPEN);

  private static final int HIGHEST_PORT = 65_535;

  /// Files in PEM, relative to where the server is started.
  ///
  /// @param certificate the server's own, followed by those that vouch for it
  /// @param key PKCS #8, without a password
  public record Tls(String certificate, String key) {}

  /// Whether callers of published workflows need a key.
  public enum Published {
    OPEN,
    REQUIRED
  }

  static ServerSettings read(Section section) {
    Published published =
        section.section("published", in -> in.choice("auth", Published.class, Published.OPEN));
    String host = section.text("host", NONE.host);
    return new ServerSettings(
        host,
        section.integer("port", 0, HIGHEST_PORT, NONE.port),
        section.section("tls", ServerSettings::tls),
        published == null ? Published.OPEN : published);
  }

  private static Tls tls(Section section) {
    return new Tls(section.requiredText("certificate"), section.requiredText("key"));
  }
}
