package dev.skein.connectors.resilience;

import dev.skein.connectors.policy.Policy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where the processes of a cluster agree on who goes when.
public interface Places extends AutoCloseable {
  /// For a process that is alone: it needs to agree with nobody.
  Places ALONE =
      new Places() {
        @Override
        public boolean isShared() {
          return false;
        }

        @Override
        public Duration take(String limit, Policy.RateLimit rate, int places) {
          throw new UnsupportedOperationException("a process that is alone has its own pace");
        }

        @Override
        public boolean tryTake(String limit, Policy.RateLimit rate) {
          throw new UnsupportedOperationException("a process that is alone has its own pace");
        }
      };

  boolean isShared();

  @Override
  default void close() {}

  /// Takes the next places under a limit, one after the other.
  ///
  /// @param limit its name, the same in all processes
  /// @return how long until the last of them comes, not positive if all are free now; null if
  ///   nobody can tell at the moment
  @Nullable Duration take(String limit, Policy.RateLimit rate, int places)
      throws InterruptedException;

  /// Takes the next place if it is free now; false too if nobody can tell.
  boolean tryTake(String limit, Policy.RateLimit rate) throws InterruptedException;
}
