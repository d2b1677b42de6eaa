package dev.skein.runtime;

import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.resilience.Places;
import dev.skein.store.PostgresPlaces;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The limits of a cluster, agreed on in its database.
record ClusterPlaces(PostgresPlaces places) implements Places {
  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public @Nullable Duration take(String limit, Policy.RateLimit rate, int count)
      throws InterruptedException {
    return places.take(limit, rate.spacing(), rate.tolerance(), count);
  }

  @Override
  public boolean tryTake(String limit, Policy.RateLimit rate) throws InterruptedException {
    return places.tryTake(limit, rate.spacing(), rate.tolerance());
  }

  @Override
  public void close() {
    places.close();
  }
}
