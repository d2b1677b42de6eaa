package dev.skein.server.published;

import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.OwnPace;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.model.ApiOperation;
import dev.skein.server.http.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How often each caller may call, told in the headers of the IETF draft "RateLimit header fields
/// for HTTP". The callers seen last are remembered; one that was forgotten begins anew.
/// Thread-safe.
final class CallerLimits {
  private static final int MOST_CALLERS = 10_000;

  private final Timeline time;
  private final Map<Key, OwnPace> paces =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, OwnPace> eldest) {
          return size() > MOST_CALLERS;
        }
      };

  /// @param endpoint what is limited
  private record Key(String endpoint, ApiOperation.Rate rate, String caller) {}

  CallerLimits(Timeline time) {
    this.time = time;
  }

  /// Lets the request pass, and returns the headers that tell how many more may come.
  ///
  /// @param endpoint what is limited
  /// @throws Refusal 429
  Map<String, String> pass(String endpoint, ApiOperation.Rate rate, String caller) {
    OwnPace.Offer offer = pace(new Key(endpoint, rate, caller)).offer();
    var headers = new LinkedHashMap<String, String>();
    headers.put(
        "RateLimit-Policy", "\"caller\";q=%d;w=%d".formatted(rate.limit(), seconds(rate.per())));
    headers.put(
        "RateLimit",
        "\"caller\";r=%d;t=%d"
            .formatted(offer.left(), seconds(offer.left() == 0 ? offer.next() : offer.full())));
    if (offer.taken()) {
      return headers;
    }
    long wait = Math.max(1, seconds(offer.next()));
    headers.put("Retry-After", Long.toString(wait));
    throw Refusal.of(
            429, "too-many-requests", "this caller calls too often; again in %d s".formatted(wait))
        .with(headers);
  }

  private OwnPace pace(Key key) {
    synchronized (paces) {
      return paces.computeIfAbsent(
          key,
          _ -> {
            var limit =
                new Policy.RateLimit(
                    false,
                    key.rate.limit(),
                    key.rate.per(),
                    key.rate.burst(),
                    Policy.RateLimit.OnLimit.FAIL);
            return new OwnPace(limit, time);
          });
    }
  }

  /// Rounded up.
  private static long seconds(Duration time) {
    return time.plusNanos(999_999_999).toSeconds();
  }
}
