package dev.skein.connectors.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which addresses calls may reach. It is asked about the address that is then connected to, so
/// that neither a redirect nor a name whose address changes gets around it.
///
/// Nobody may reach addresses that lead nowhere else or to the credentials of the machine itself:
/// link-local ones (RFC 3927, RFC 4291), the metadata services of clouds, multicast, broadcast.
///
/// @param privateNetworks whether loopback, the private networks (RFC 1918, RFC 4193), the space
///   shared by carriers (RFC 6598) and what is nobody's on the internet (RFC 6890) may be reached
public record Egress(boolean privateNetworks) {
  public static final Egress PUBLIC_ONLY = new Egress(false);
  public static final Egress ALSO_PRIVATE = new Egress(true);

  /// Metadata services outside the link-local range: Alibaba, Azure, Oracle, AWS over IPv6.
  private static final Set<String> METADATA =
      Set.of("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2:0:0:0:0:0:254");

  private static final int NAT64 = 0x0064ff9b;
  private static final int SIX_TO_FOUR = 0x2002;
  private static final int TEREDO = 0x20010000;
  private static final byte[] TRANSLATED = {0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 0, 0};

  /// Why the address may not be reached; empty if it may.
  public Optional<String> refusal(InetAddress address) {
    InetAddress real = embedded(address);
    if (isUnreachableForAll(real)) {
      return Optional.of("it is a link-local, metadata, multicast or broadcast address");
    }
    return !privateNetworks && isPrivate(real)
        ? Optional.of("it is a private address")
        : Optional.empty();
  }

  private static boolean isUnreachableForAll(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean broadcast = bytes.length == 4 && bytes[0] == -1;
    return address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || broadcast
        || METADATA.contains(address.getHostAddress().toLowerCase(Locale.ROOT));
  }

  private static boolean isPrivate(InetAddress address) {
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isSiteLocalAddress()) {
      return true;
    }
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    if (bytes.length > 4) {
      return (first & 0xfe) == 0xfc;
    }
    return first == 0
        || (first == 100 && second >= 64 && second < 128)
        || (first == 192 && second == 0 && bytes[2] == 0)
        || (first == 198 && (second & 0xfe) == 18)
        || first >= 240;
  }

  /// The IPv4 address that an IPv6 one leads to (RFC 6052, RFC 3056, RFC 4380, RFC 2765), else the
  /// address itself.
  private static InetAddress embedded(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return address;
    }
    int head = ((bytes[0] & 0xff) << 24) | ((bytes[1] & 0xff) << 16) | ((bytes[2] & 0xff) << 8);
    head |= bytes[3] & 0xff;
    if (head >>> 16 == SIX_TO_FOUR) {
      return ipv4(bytes, 2);
    }
    if (head == TEREDO) {
      for (int i = 12; i < bytes.length; i++) {
        bytes[i] = (byte) ~bytes[i];
      }
      return ipv4(bytes, 12);
    }
    boolean translated = Arrays.equals(bytes, 0, 12, TRANSLATED, 0, 12);
    boolean compatible = Arrays.equals(bytes, 0, 12, new byte[12], 0, 12) && !isLocal(bytes);
    return head == NAT64 || translated || compatible ? ipv4(bytes, 12) : address;
  }

  /// `::` and `::1`
  private static boolean isLocal(byte[] bytes) {
    return bytes[12] == 0 && bytes[13] == 0 && bytes[14] == 0 && (bytes[15] & 0xfe) == 0;
  }

  private static InetAddress ipv4(byte[] bytes, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }
}
