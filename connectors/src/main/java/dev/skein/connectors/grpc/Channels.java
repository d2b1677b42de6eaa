package dev.skein.connectors.grpc;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.connectors.http.Origin;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettySslContextChannelCredentials;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Opens channels and keeps them, the one used last longest. Calls at the same time share one
/// connection. Thread-safe: its own lock guards what it keeps.
final class Channels implements AutoCloseable {
  private static final int MOST_UNUSED = 256;
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final int METADATA_BYTES = 64 * 1024;
  // held, as the JDK forgets the level of a logger that nobody holds
  private static final Logger LIBRARY = Logger.getLogger("io.grpc");

  static {
    // it warns of hosts that are not there, which is each call's own to tell
    if (LIBRARY.getLevel() == null) {
      LIBRARY.setLevel(Level.SEVERE);
    }
  }

  /// What calls have in common that may share a connection.
  record Lane(Origin origin, HttpCall.Route route, Duration connectTimeout) {}

  private final HttpConnector.Settings settings;
  // one that is never shut down: a channel that closes tells its calls by it
  private final Executor executor = task -> Thread.ofVirtual().name("skein-grpc").start(task);
  private final Map<Lane, Lease> kept = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /// A channel, as long as somebody uses it.
  final class Lease implements AutoCloseable {
    private final Lane lane;
    private final ManagedChannel channel;
    private int users;
    private boolean abandoned;

    private Lease(Lane lane, ManagedChannel channel) {
      this.lane = lane;
      this.channel = channel;
    }

    ManagedChannel channel() {
      return channel;
    }

    /// The next call is to connect anew: a channel that could not connect fails all calls for a
    /// while, and when to try again is the policy's decision.
    void giveUp() {
      synchronized (Channels.this) {
        kept.remove(lane, this);
        abandoned = true;
      }
    }

    @Override
    public void close() {
      synchronized (Channels.this) {
        users--;
        if (abandoned && users == 0) {
          channel.shutdown();
        }
        closeUnused();
      }
    }
  }

  Channels(HttpConnector.Settings settings) {
    this.settings = settings;
  }

  synchronized Lease take(Lane lane) throws HttpCallException {
    if (closed) {
      throw HttpCallException.unreachable(
          "The gRPC connector is closed", new IOException("closed"));
    }
    Lease lease = kept.computeIfAbsent(lane, it -> new Lease(it, open(it)));
    lease.users++;
    return lease;
  }

  private void closeUnused() {
    Iterator<Lease> oldestFirst = kept.values().iterator();
    while (kept.size() > MOST_UNUSED && oldestFirst.hasNext()) {
      Lease lease = oldestFirst.next();
      if (lease.users == 0) {
        oldestFirst.remove();
        lease.channel.shutdown();
      }
    }
  }

  private ManagedChannel open(Lane lane) {
    Origin origin = lane.origin;
    InetSocketAddress standIn =
        settings.detour().instead(origin.secure(), origin.host(), origin.port());
    var names = new CheckedNames(origin, lane.route.egress(), standIn);
    ChannelCredentials credentials =
        origin.secure() && standIn == null
            ? NettySslContextChannelCredentials.create(tls(lane.route.tls()))
            : InsecureChannelCredentials.create();
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(names.target(), credentials, names.alone())
            .executor(executor)
            .offloadExecutor(executor)
            .userAgent("Skein")
            .maxInboundMessageSize(settings.maxAnswerBytes())
            .maxInboundMetadataSize(METADATA_BYTES)
            .idleTimeout(IDLE.toMillis(), TimeUnit.MILLISECONDS)
            .proxyDetector(_ -> null)
            .disableServiceConfigLookUp();
    if (builder instanceof NettyChannelBuilder netty) {
      int millis = Math.clamp(lane.connectTimeout.toMillis(), 1, Integer.MAX_VALUE);
      var _ = netty.withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis);
    }
    return builder.build();
  }

  private SslContext tls(@Nullable SSLContext own) {
    return new JdkSslContext(
        own == null ? settings.tls() : own,
        true,
        Http2SecurityUtil.CIPHERS,
        SupportedCipherSuiteFilter.INSTANCE,
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2),
        ClientAuth.NONE,
        null,
        false);
  }

  /// Closes all channels; calls under way fail.
  @Override
  public synchronized void close() {
    closed = true;
    kept.values().forEach(lease -> lease.channel.shutdownNow());
    kept.clear();
  }
}
