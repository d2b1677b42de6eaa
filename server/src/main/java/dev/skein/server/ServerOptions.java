package dev.skein.server;

import dev.skein.server.access.Identities.Login;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Where a server listens, and whom it lets in.
///
/// @param host the address to bind to
/// @param port 0 for any that is free
public record ServerOptions(String host, int port, Login login) {
  /// Without a key for commands; a login is demanded beyond the loopback address.
  public static ServerOptions at(String host, int port) {
    return new ServerOptions(host, port, new Login(!isLoopback(host), null));
  }

  /// The same with a key for commands on this machine.
  public ServerOptions withLocalKey(String key) {
    return new ServerOptions(host, port, new Login(login.demanded(), key));
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
