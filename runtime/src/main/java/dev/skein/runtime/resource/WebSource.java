package dev.skein.runtime.resource;

import dev.skein.connectors.auth.Authorizer;
import dev.skein.connectors.http.Egress;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.kernel.journal.Payload;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Resources on the web, over the HTTP connector. It follows a few redirects, as a document may
/// have moved; an authentication goes to no other server than the one it was given for. Owned by
/// one thread.
final class WebSource implements AutoCloseable {
  private static final int MAX_REDIRECTS = 5;

  private final HttpConnector connector;
  private final Authorizer authorizer;
  private final int limitBytes;
  private final Function<URI, Egress> egress;

  /// @param egress which addresses may be reached for a URI, also for one that it is redirected to
  WebSource(int limitBytes, Function<URI, Egress> egress) {
    this.limitBytes = limitBytes;
    this.egress = egress;
    this.connector =
        new HttpConnector(HttpConnector.Settings.defaults().maxAnswerBytes(limitBytes));
    this.authorizer = new Authorizer(connector, InstantSource.system());
  }

  /// @param limit for all of it: a server may send a byte now and then for ever
  Payload read(URI uri, @Nullable JsonNode authentication, Duration limit) throws Unavailable {
    var fetching = new FutureTask<>(() -> followed(uri, authentication, limit));
    Thread.ofVirtual().name("skein-resource").start(fetching);
    try {
      return fetching.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      fetching.cancel(true);
      throw new Unavailable("did not come within " + limit.toMillis() / 1000.0 + " s", e);
    } catch (InterruptedException e) {
      fetching.cancel(true);
      Thread.currentThread().interrupt();
      throw new Unavailable("was not waited for", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Unavailable unavailable -> throw unavailable;
        case Error error -> throw error;
        case null, default ->
            throw new IllegalStateException("fetching a resource failed unexpectedly", e);
      }
    }
  }

  private Payload followed(URI uri, @Nullable JsonNode authentication, Duration limit)
      throws Unavailable, InterruptedException {
    URI at = uri;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      try {
        JsonNode policy = sameServer(uri, at) ? authentication : null;
        // the whole is limited above, with a better sentence
        Duration longer = limit.multipliedBy(2);
        HttpCall call =
            HttpCall.of("GET", at)
                .withOutput(HttpCall.Output.RAW)
                .withTimeouts(longer, longer)
                .withRoute(new HttpCall.Route(egress.apply(at), null));
        String base64 = authorizer.send(call, policy).output().asString();
        return Payload.of(Base64.getDecoder().decode(base64));
      } catch (HttpCallException e) {
        at = next(at, e);
      }
    }
    throw new Unavailable("is redirected more than " + MAX_REDIRECTS + " times");
  }

  /// Where the server says it is instead.
  private URI next(URI at, HttpCallException e) throws Unavailable {
    String location = e.location();
    if (location == null) {
      throw unavailable(e);
    }
    try {
      URI next = at.resolve(new URI(location));
      if ("https".equalsIgnoreCase(at.getScheme()) && !"https".equalsIgnoreCase(next.getScheme())) {
        throw new Unavailable("is redirected to where the connection is not secure");
      }
      return next;
    } catch (URISyntaxException wrong) {
      throw new Unavailable("is redirected to something that is no URI", wrong);
    }
  }

  private static boolean sameServer(URI one, URI other) {
    return Objects.equals(one.getScheme(), other.getScheme())
        && Objects.equals(one.getRawAuthority(), other.getRawAuthority());
  }

  /// Says nothing in the server's words: they are a stranger's, and may repeat what they were sent.
  private Unavailable unavailable(HttpCallException e) {
    if (e.kind() == HttpCallException.Kind.AUTHORIZATION
        && e.reach() == HttpCallException.Reach.NOT_SENT) {
      return new Unavailable("cannot be fetched: " + e.detail(), e);
    }
    boolean answered = e.reach() == HttpCallException.Reach.ANSWERED && e.getCause() == null;
    return switch (e.kind()) {
      case RUNTIME -> Unavailable.tooLarge(limitBytes);
      case AUTHENTICATION, AUTHORIZATION ->
          new Unavailable(
              "is not for us to read: the answer was " + e.status(),
              "give its endpoint an 'authentication', or mend the one it has");
      case CONFIGURATION, VALIDATION -> new Unavailable("cannot be fetched: " + e.detail(), e);
      case COMMUNICATION, TIMEOUT ->
          answered
              ? new Unavailable(
                  e.status() == 404
                      ? "does not exist: the answer was 404"
                      : "cannot be fetched: the answer was " + e.status())
              : new Unavailable("cannot be fetched: " + e.detail(), e);
    };
  }

  @Override
  public void close() {
    connector.close();
  }
}
