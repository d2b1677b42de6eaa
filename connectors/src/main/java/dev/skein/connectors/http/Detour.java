package dev.skein.connectors.http;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Where connections go instead of the host that is called: to a stand-in for it, without TLS. The
/// request stays as it is.
@FunctionalInterface
public interface Detour {
  /// Every connection goes where it should.
  Detour NONE = (_, _, _) -> null;

  /// @param secure whether it is called by https
  /// @return null to go where it should
  @Nullable InetSocketAddress instead(boolean secure, String host, int port);
}
