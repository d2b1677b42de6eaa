package dev.skein.server;

import dev.skein.runtime.settings.ServerSettings;
import dev.skein.server.access.Identities.Login;
import dev.skein.server.http.TlsFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a server listens, and whom it lets in.
///
/// @param host the address to bind to
/// @param port 0 for any that is free
/// @param tls null for none
/// @param publishedNeedLogin whether callers of published workflows must show who they are
public record ServerOptions(
    String host, int port, Login login, @Nullable TlsFiles tls, boolean publishedNeedLogin) {
  /// Without a key for commands; a login is demanded beyond the loopback address.
  public static ServerOptions at(String host, int port) {
    return of(ServerSettings.NONE, host, port);
  }

  /// As a project sets it, but for the address.
  public static ServerOptions of(ServerSettings settings, String host, int port) {
    ServerSettings.Tls tls = settings.tls();
    return new ServerOptions(
        host,
        port,
        new Login(!isLoopback(host), null),
        tls == null ? null : new TlsFiles(Path.of(tls.certificate()), Path.of(tls.key())),
        settings.published() == ServerSettings.Published.REQUIRED);
  }

  /// The same with a key for commands on this machine.
  public ServerOptions withLocalKey(String key) {
    return new ServerOptions(host, port, new Login(login.demanded(), key), tls, publishedNeedLogin);
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
