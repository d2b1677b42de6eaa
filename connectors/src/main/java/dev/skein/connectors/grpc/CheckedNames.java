package dev.skein.connectors.grpc;

import dev.skein.connectors.http.Egress;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.Origin;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Resolves the name of one host, for one channel, and lets no address through that calls may not
/// reach. A channel connects to the very addresses it is given, so nothing gets around it.
final class CheckedNames extends NameResolverProvider {
  private static final String SCHEME = "skein";
  private static final int PRIORITY = 5;

  private final Origin origin;
  private final Egress egress;
  private final @Nullable InetSocketAddress standIn;

  /// @param standIn where connections go instead; null to go where they should
  CheckedNames(Origin origin, Egress egress, @Nullable InetSocketAddress standIn) {
    this.origin = origin;
    this.egress = egress;
    this.standIn = standIn;
  }

  String target() {
    return SCHEME + ":///" + URLEncoder.encode(origin.authority(), StandardCharsets.UTF_8);
  }

  /// One that knows no other way to resolve a name.
  NameResolverRegistry alone() {
    var registry = new NameResolverRegistry();
    registry.register(this);
    return registry;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return PRIORITY;
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return List.of(InetSocketAddress.class);
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    Executor executor = args.getOffloadExecutor();
    return new Resolver(executor == null ? Runnable::run : executor);
  }

  private StatusOr<List<EquivalentAddressGroup>> addresses() {
    if (standIn != null) {
      return StatusOr.fromValue(List.of(new EquivalentAddressGroup(standIn)));
    }
    try {
      InetAddress[] found = InetAddress.getAllByName(origin.host());
      for (InetAddress address : found) {
        String refusal = egress.refusal(address).orElse(null);
        if (refusal != null) {
          return failed(
              HttpCallException.refused(
                  "%s leads to %s, which calls may not reach: %s"
                      .formatted(origin, address.getHostAddress(), refusal)));
        }
      }
      return StatusOr.fromValue(
          Arrays.stream(found)
              .map(it -> new EquivalentAddressGroup(new InetSocketAddress(it, origin.port())))
              .toList());
    } catch (UnknownHostException e) {
      return failed(
          HttpCallException.unreachable(
              "Host %s can't be reached on port %d: no such host is known"
                  .formatted(origin.host(), origin.port()),
              e));
    }
  }

  private static StatusOr<List<EquivalentAddressGroup>> failed(HttpCallException e) {
    return StatusOr.fromStatus(Status.UNAVAILABLE.withDescription(e.detail()).withCause(e));
  }

  /// Looks the name up when the channel begins, and whenever it asks again.
  private final class Resolver extends NameResolver {
    private final Executor executor;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable Listener2 listener;

    Resolver(Executor executor) {
      this.executor = executor;
    }

    @Override
    public String getServiceAuthority() {
      return origin.authority();
    }

    @Override
    public void start(Listener2 listener) {
      this.listener = listener;
      refresh();
    }

    @Override
    public void refresh() {
      if (looking.compareAndSet(false, true)) {
        executor.execute(this::look);
      }
    }

    private void look() {
      StatusOr<List<EquivalentAddressGroup>> found = addresses();
      looking.set(false);
      Listener2 waiting = listener;
      if (waiting == null) {
        return;
      }
      if (found.hasValue()) {
        waiting.onResult(ResolutionResult.newBuilder().setAddressesOrError(found).build());
      } else {
        waiting.onError(found.getStatus());
      }
    }

    @Override
    public void shutdown() {
      listener = null;
    }
  }
}
