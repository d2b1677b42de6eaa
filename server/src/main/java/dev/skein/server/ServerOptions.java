package dev.skein.server;

import dev.skein.runtime.settings.AuthSettings;
import dev.skein.runtime.settings.ServerSettings;
import dev.skein.runtime.settings.Settings;
import dev.skein.server.access.Identities.Login;
import dev.skein.server.access.Tokens;
import dev.skein.server.http.TlsFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a server listens, and whom it lets in.
///
/// @param host the address to bind to
/// @param port 0 for any that is free
/// @param localKey what commands on this machine show; null for none
/// @param server but for the address
public record ServerOptions(
    String host, int port, @Nullable String localKey, ServerSettings server, AuthSettings auth) {
  /// Without anything set.
  public static ServerOptions at(String host, int port) {
    return of(Settings.NONE, host, port);
  }

  /// As a project sets it, but for the address.
  public static ServerOptions of(Settings settings, String host, int port) {
    return new ServerOptions(host, port, null, settings.server(), settings.auth());
  }

  /// The same with a key for commands on this machine.
  public ServerOptions withLocalKey(String key) {
    return new ServerOptions(host, port, key, server, auth);
  }

  /// Whether somebody could log in before the first key is made.
  public boolean hasLogin() {
    return auth.jwt() != null || auth.oidc() != null;
  }

  Login login() {
    AuthSettings.Jwt jwt = auth.jwt();
    return new Login(
        hasLogin() || !isLoopback(host), localKey, jwt == null ? null : new Tokens(jwt));
  }

  @Nullable TlsFiles tls() {
    ServerSettings.Tls tls = server.tls();
    return tls == null ? null : new TlsFiles(Path.of(tls.certificate()), Path.of(tls.key()));
  }

  boolean publishedNeedLogin() {
    return server.published().auth() == ServerSettings.Published.Auth.REQUIRED;
  }

  /// Whether only this machine reaches what is bound there.
  public static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // binding to it tells what is wrong
    }
  }
}
