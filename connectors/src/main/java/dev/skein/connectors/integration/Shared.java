package dev.skein.connectors.integration;

import dev.skein.connectors.policy.Policy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// What counts for all calls under a block, whatever their other blocks: a limit that is declared
/// for a host holds for a path of it that has more declared. Thread-safe.
final class Shared {
  /// Beyond that many, what counts for single endpoints is forgotten: a workflow may call hosts
  /// without end.
  private static final int MOST = 20_000;

  private final Map<Key, Object> parts = new ConcurrentHashMap<>();

  private record Key(String owner, String block, String endpoint) {}

  /// @param endpoint empty where there is one for all endpoints
  @SuppressWarnings("unchecked") // what is kept under a block's name is always of one type
  <T> T of(Policy policy, String block, String endpoint, Supplier<T> begin) {
    var key = new Key(policy.owner(block), block, endpoint);
    if (parts.size() >= MOST && !parts.containsKey(key)) {
      parts.keySet().removeIf(old -> !old.endpoint.isEmpty());
    }
    return (T) parts.computeIfAbsent(key, _ -> begin.get());
  }
}
