package dev.skein.connectors.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Keeps the entries used last. Safe for all threads: its own lock guards it.
final class BoundedCache<K, V> {
  private final Map<K, V> entries;

  BoundedCache(int limit) {
    entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > limit;
          }
        };
  }

  synchronized @Nullable V get(K key) {
    return entries.get(key);
  }

  synchronized void put(K key, V value) {
    entries.put(key, value);
  }

  synchronized V computeIfAbsent(K key, Function<K, V> make) {
    return entries.computeIfAbsent(key, make);
  }

  synchronized @Nullable V remove(K key) {
    return entries.remove(key);
  }
}
