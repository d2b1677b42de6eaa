package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoreException;
import dev.skein.store.PostgresStore;
import dev.skein.testkit.postgres.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// As a role that owns its schema and may do nothing else.
class PostgresStoreTest extends StoreContract {
  private String url;
  private PostgresStore store;

  @BeforeEach
  void open() {
    url = PostgresServer.shared().newStore() + "&lease=PT1S";
    store = PostgresStore.open(url);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected Store store() {
    return store;
  }

  @Test
  void belongsToOneOwnerButMayBeLookedAt() {
    assertThatThrownBy(() -> PostgresStore.open(url))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.code()).isEqualTo(StoreException.Code.IN_USE));
    try (var looking = PostgresStore.openToRead(url)) {
      assertThat(looking.runs(RunFilter.newest(1))).isEmpty();
    }
  }
}
