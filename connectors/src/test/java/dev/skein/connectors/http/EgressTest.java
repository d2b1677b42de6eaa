package dev.skein.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which addresses may be reached, and for how long a call may last.
class EgressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.1",
        "fe80::1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "100.100.100.200",
        "168.63.129.16",
        "fd00:ec2::254",
        "192.0.0.192",
        "2001:0:1:2:3:4:5601:5601",
        "::ffff:0:169.254.169.254",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
        "::169.254.169.254"
      })
  void nobodyReaches(String address) throws Exception {
    assertThat(Egress.ALSO_PRIVATE.refusal(InetAddress.getByName(address))).isPresent();
    assertThat(Egress.PUBLIC_ONLY.refusal(InetAddress.getByName(address))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.8.8",
        "::1",
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "100.127.255.255",
        "fc00::1",
        "fd12::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:0:1:2:3:4:80ff:fffe",
        "::ffff:0:127.0.0.1",
        "192.0.0.8",
        "198.18.0.1",
        "198.19.255.255",
        "240.0.0.1",
        "::"
      })
  void onlyTheTrustedReach(String address) throws Exception {
    assertThat(Egress.ALSO_PRIVATE.refusal(InetAddress.getByName(address))).isEmpty();
    assertThat(Egress.PUBLIC_ONLY.refusal(InetAddress.getByName(address))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "172.32.0.1",
        "172.15.0.1",
        "100.63.0.1",
        "100.128.0.1",
        "192.169.0.1",
        "11.0.0.1",
        "192.0.1.1",
        "198.20.0.1",
        "2001:0:1:2:3:4:fefe:fefe",
        "2606:4700::1111",
        "64:ff9b::101:101",
        "2002:101:101::"
      })
  void everybodyReaches(String address) throws Exception {
    assertThat(Egress.PUBLIC_ONLY.refusal(InetAddress.getByName(address))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://2130706433:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://127.1:1/",
        "http://0:1/"
      })
  void aRefusedAddressIsNeverConnectedToHoweverItIsWritten(String uri) throws Exception {
    try (HttpConnector connector = new HttpConnector()) {
      HttpCall call =
          HttpCall.of("GET", URI.create(uri))
              .withRoute(new HttpCall.Route(Egress.PUBLIC_ONLY, null));
      assertThatThrownBy(() -> connector.send(call))
          .asInstanceOf(type(HttpCallException.class))
          .satisfies(e -> {
            assertThat(e.kind()).isEqualTo(HttpCallException.Kind.AUTHORIZATION);
            assertThat(e.outcomeUnknown()).isFalse();
            assertThat(e.detail()).contains("which calls may not reach");
          });
    }
  }

  @Test
  void aConnectionThatTheTrustedOpenedServesNobodyElse() throws Exception {
    try (RawServer server =
            new RawServer(peer -> {
              while (!peer.readRequest().isEmpty()) {
                peer.write("HTTP/1.1 204 No Content\r\n\r\n");
              }
            });
        HttpConnector connector = new HttpConnector()) {
      HttpCall call = HttpCall.of("GET", server.uri());
      connector.send(call);
      HttpCall untrusted = call.withRoute(new HttpCall.Route(Egress.PUBLIC_ONLY, null));
      assertThatThrownBy(() -> connector.send(untrusted)).hasMessageContaining("Address refused");
      connector.send(call);
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void anAnswerThatTricklesWithoutEndIsCutWhenTheCallsTimeIsOver() throws Exception {
    try (RawServer server =
            new RawServer(peer -> {
              peer.readRequest();
              peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
              while (!peer.socket().isClosed()) {
                peer.write("x");
                peer.socket().setSoTimeout(10);
                try {
                  peer.in().read();
                } catch (java.net.SocketTimeoutException e) {
                  // the pause between two bytes
                }
              }
            });
        HttpConnector connector = new HttpConnector()) {
      var timeouts =
          new HttpCall.Timeouts(
              Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300));
      HttpCall call = HttpCall.of("GET", server.uri()).withTimeouts(timeouts);
      long begun = System.nanoTime();
      assertThatThrownBy(() -> connector.send(call))
          .asInstanceOf(type(HttpCallException.class))
          .satisfies(e -> {
            assertThat(e.kind()).isEqualTo(HttpCallException.Kind.TIMEOUT);
            assertThat(e.outcomeUnknown()).isTrue();
          });
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofMillis(290), Duration.ofSeconds(3));
    }
  }
}
