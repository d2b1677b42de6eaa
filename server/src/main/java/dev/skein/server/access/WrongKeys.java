package dev.skein.server.access;

import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.OwnPace;
import dev.skein.connectors.resilience.Timeline;
import dev.skein.server.http.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts the wrong keys that come from each address. A right one always passes, so that nobody
/// locks out others behind the same address; guessing 256 bits is hopeless anyway. Thread-safe.
public final class WrongKeys {
  private static final int MOST_ADDRESSES = 10_000;
  private static final Policy.RateLimit LIMIT =
      new Policy.RateLimit(false, 10, Duration.ofMinutes(1), 10, Policy.RateLimit.OnLimit.FAIL);

  private final Timeline time;
  private final Map<String, OwnPace> paces =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, OwnPace> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  public WrongKeys(Timeline time) {
    this.time = time;
  }

  /// What one more wrong key from there is answered: 401, or 429 if there were many.
  Refusal refusal(String address) {
    OwnPace.Offer offer;
    synchronized (paces) {
      offer = paces.computeIfAbsent(address, _ -> new OwnPace(LIMIT, time)).offer();
    }
    if (offer.taken()) {
      return Refusal.unauthorized("this key is wrong, has expired or was revoked");
    }
    long wait = Math.max(1, offer.next().plusMillis(999).toSeconds());
    return Refusal.of(
            429, "too-many-requests", "too many wrong keys; again in %d s".formatted(wait))
        .with(Map.of("Retry-After", Long.toString(wait)));
  }
}
