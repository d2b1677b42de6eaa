package dev.skein.runtime;

import dev.skein.connectors.resilience.Places;
import dev.skein.kernel.store.Store;
import dev.skein.store.PostgresPlaces;
import dev.skein.store.PostgresStore;
import dev.skein.store.SqliteStore;
import dev.skein.store.StoreCondition;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where Skein keeps what it has.
///
/// @param data the data directory: secrets, and the store unless that is elsewhere
/// @param store the address of a store on PostgreSQL, `jdbc:postgresql://…`; null for one in the
///   data directory
public record Location(Path data, @Nullable String store) {
  /// All of it in the data directory.
  public static Location in(Path data) {
    return new Location(data, null);
  }

  Store open() {
    return store == null ? SqliteStore.open(data) : PostgresStore.open(store);
  }

  Store openToRead() {
    return store == null ? SqliteStore.openToRead(data) : PostgresStore.openToRead(store);
  }

  /// What the store is like; changes nothing, and makes nothing that is not there.
  ///
  /// @throws dev.skein.kernel.store.StoreException if it cannot be reached, or is none
  public StoreCondition condition() {
    return store == null ? StoreCondition.of(data) : StoreCondition.of(store);
  }

  /// Where those who share the store agree on limits.
  Places places() {
    return store == null ? Places.ALONE : new ClusterPlaces(PostgresPlaces.of(store));
  }
}
