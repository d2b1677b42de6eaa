package dev.skein.connectors.http;

import io.helidon.webclient.http1.Http1Client;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes HTTP calls: blocking, interruptible, over kept-alive HTTP/1.1 connections. One connector
/// serves all threads; it holds no state but its idle connections.
///
/// It never follows a redirect and never repeats a request, with one exception: a request that may
/// safely be repeated (GET, HEAD, OPTIONS, TRACE, PUT, DELETE, or any with an `Idempotency-Key`)
/// and meets a kept connection that the server has closed in the meantime goes out once more, on a
/// new one. Any other request always gets a new connection, since one that is closed at the moment
/// of sending can't be told from one that is lost.
public final class HttpConnector implements AutoCloseable {
  /// What all calls of a connector share.
  ///
  /// @param clock tells how far away a Retry-After date is
  /// @param maxAnswerBytes an answer with a longer body is an error
  public record Settings(InstantSource clock, SSLContext tls, int maxAnswerBytes, Detour detour) {
    private static final int MAX_ANSWER_BYTES = 16 * 1024 * 1024;

    /// The system's clock and trust store, answers up to 16 MiB.
    public static Settings defaults() {
      try {
        return new Settings(
            InstantSource.system(), SSLContext.getDefault(), MAX_ANSWER_BYTES, Detour.NONE);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(
            "This JDK has no default TLS context; mend its settings", e);
      }
    }

    public Settings clock(InstantSource other) {
      return new Settings(other, tls, maxAnswerBytes, detour);
    }

    public Settings maxAnswerBytes(int other) {
      return new Settings(clock, tls, other, detour);
    }

    public Settings detour(Detour other) {
      return new Settings(clock, tls, maxAnswerBytes, other);
    }
  }

  private final Settings settings;
  private final ConnectionPool pool;
  private final Deadlines deadlines = new Deadlines();
  private final Http1Client codec =
      Http1Client.create(it -> it.followRedirects(false).shareConnectionCache(false));

  public HttpConnector() {
    this(Settings.defaults());
  }

  public HttpConnector(Settings settings) {
    this.settings = settings;
    this.pool = new ConnectionPool(settings.tls(), settings.detour(), deadlines);
  }

  /// Sends the request and waits for the whole answer.
  ///
  /// @return the output the call asks for
  /// @throws HttpCallException for an invalid call, an unreachable server, a status that is an
  ///   error, and an answer that can't be used
  /// @throws InterruptedException at once when the calling thread is interrupted; the connection is
  ///   closed, and the server may have acted
  public JsonNode send(HttpCall call) throws HttpCallException, InterruptedException {
    return reply(call).output();
  }

  /// The same with what else is known of the answer.
  public Reply reply(HttpCall call) throws HttpCallException, InterruptedException {
    Request request = Request.of(call);
    Answer answer = answer(request);
    if (answer.isError(call.redirect())) {
      throw answer.error(request, settings.clock().instant());
    }
    return new Reply(answer.status(), answer.headers(), answer.output(request));
  }

  /// Whatever comes back, be it an error or not.
  ///
  /// @throws HttpCallException if nothing does, or nothing that can be used
  public Reply anyReply(HttpCall call) throws HttpCallException, InterruptedException {
    Request request = Request.of(call);
    Answer answer = answer(request);
    return new Reply(answer.status(), answer.headers(), answer.output(request));
  }

  private Answer answer(Request request) throws HttpCallException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return Thread.currentThread().isVirtual() ? exchange(request) : onVirtualThread(request);
  }

  /// Closes all connections; calls under way fail.
  @Override
  public void close() {
    pool.close();
    deadlines.close();
  }

  private Answer exchange(Request request) throws HttpCallException, InterruptedException {
    Connection kept = request.repeatable() ? pool.takeIdle(ConnectionPool.Lane.of(request)) : null;
    try {
      return exchange(request, kept);
    } catch (Exchange.Stale stale) {
      // its neighbours in the pool are likely to be as stale, so no second try on one of them
      try {
        return exchange(request, null);
      } catch (Exchange.Stale impossible) {
        throw new AssertionError("a new connection is never stale", impossible);
      }
    }
  }

  private Answer exchange(Request request, @Nullable Connection kept)
      throws HttpCallException, InterruptedException, Exchange.Stale {
    var patience = Patience.of(request.call());
    Connection connection =
        kept != null ? kept : pool.open(ConnectionPool.Lane.of(request), patience);
    Duration left = patience.left();
    Future<?> deadline = left == null ? null : deadlines.cut(connection, left);
    boolean reusable = false;
    try {
      Exchange exchange = new Exchange(codec, connection, request, settings.maxAnswerBytes());
      Exchange.Result result = exchange.run(kept != null);
      reusable = result.reusable() && (deadline == null || deadline.cancel(false));
      return result.answer().unpacked(request, settings.maxAnswerBytes());
    } finally {
      if (deadline != null) {
        deadline.cancel(false);
      }
      if (reusable) {
        pool.giveBack(connection);
      } else {
        pool.discard(connection);
      }
    }
  }

  /// Only a virtual thread's socket reacts to an interrupt, so a platform thread has one call for
  /// it.
  private Answer onVirtualThread(Request request) throws HttpCallException, InterruptedException {
    FutureTask<Answer> task = new FutureTask<>(() -> exchange(request));
    Thread.ofVirtual().name("skein-http").start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      task.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case HttpCallException failure -> throw failure;
        case InterruptedException interrupted -> throw interrupted;
        case Error error -> throw error;
        case null, default ->
            throw new IllegalStateException("An HTTP call failed unexpectedly", e);
      }
    }
  }
}
