package dev.skein.connectors.auth;

import dev.skein.connectors.http.Egress;
import dev.skein.connectors.http.HttpCallException;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// The tokens of all policies, shared by all runs: one request gets the token that everybody who
/// asks for it in the meantime waits for. Safe for all threads.
final class Tokens {
  private static final int MAX_POLICIES = 1_000;

  private final TokenEndpoint endpoint;
  private final InstantSource clock;
  private final BoundedCache<Key, Slot> slots = new BoundedCache<>(MAX_POLICIES);

  /// Who may reach less shares no token, nor a failure, with who may reach more.
  private record Key(Policy.OAuth2 policy, Egress egress) {}

  Tokens(TokenEndpoint endpoint, InstantSource clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  /// @param limit of the request for it, if there is to be one
  Token current(Policy.OAuth2 policy, TokenEndpoint.Limit limit)
      throws HttpCallException, InterruptedException {
    return slot(policy, limit).other(null, limit);
  }

  /// A token in place of one that a server refused: a new one, unless somebody else has got it
  /// already.
  Token insteadOf(Token refused, Policy.OAuth2 policy, TokenEndpoint.Limit limit)
      throws HttpCallException, InterruptedException {
    return slot(policy, limit).other(refused, limit);
  }

  /// Forgets a policy's token; null if there was none.
  @Nullable Token remove(Policy.OAuth2 policy, TokenEndpoint.Limit limit) {
    Slot slot = slots.remove(new Key(policy, limit.egress()));
    return slot == null ? null : slot.token();
  }

  private Slot slot(Policy.OAuth2 policy, TokenEndpoint.Limit limit) {
    return slots.computeIfAbsent(new Key(policy, limit.egress()), key -> new Slot(key.policy()));
  }

  /// The token of one policy. Its lock guards its fields, and is never held while waiting.
  private final class Slot {
    private final Policy.OAuth2 policy;
    private @Nullable Token token;
    private @Nullable CompletableFuture<Token> underway;

    Slot(Policy.OAuth2 policy) {
      this.policy = policy;
    }

    synchronized @Nullable Token token() {
      return token;
    }

    Token other(@Nullable Token refused, TokenEndpoint.Limit limit)
        throws HttpCallException, InterruptedException {
      // each turn but the last belongs to a thread that was interrupted while it fetched
      while (true) {
        CompletableFuture<Token> awaited;
        synchronized (this) {
          if (token != null
              && !token.equals(refused)
              && clock.instant().isBefore(token.renewAt())) {
            return token;
          }
          awaited = underway;
          if (awaited == null) {
            underway = new CompletableFuture<>();
          }
        }
        if (awaited == null) {
          return fetched(limit);
        }
        try {
          return awaited.get();
        } catch (CancellationException e) {
          // who fetched it was interrupted; the next one takes over
        } catch (ExecutionException e) {
          if (e.getCause() instanceof HttpCallException failure) {
            throw failure;
          }
          throw new IllegalStateException("A token request failed unexpectedly", e);
        }
      }
    }

    private Token fetched(TokenEndpoint.Limit limit)
        throws HttpCallException, InterruptedException {
      Token last = token();
      Token fetched = null;
      HttpCallException failure = null;
      try {
        fetched = endpoint.fetch(policy, last == null ? null : last.refresh(), limit);
        return fetched;
      } catch (HttpCallException e) {
        failure = e;
        throw e;
      } finally {
        landed(fetched, failure);
      }
    }

    private void landed(@Nullable Token fetched, @Nullable HttpCallException failure) {
      CompletableFuture<Token> waiting;
      synchronized (this) {
        waiting = underway;
        underway = null;
        if (fetched != null) {
          token = fetched;
        }
      }
      if (waiting == null) {
        return;
      }
      if (fetched != null) {
        waiting.complete(fetched);
      } else if (failure != null) {
        waiting.completeExceptionally(failure);
      } else {
        waiting.cancel(false);
      }
    }
  }
}
