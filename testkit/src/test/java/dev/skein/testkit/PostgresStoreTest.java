package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.Store;
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
  void mayBeLookedAtByWhoIsNoNode() {
    try (var looking = PostgresStore.openToRead(url)) {
      assertThat(looking.runs(RunFilter.newest(1))).isEmpty();
      assertThat(looking.membership().shared()).isFalse();
    }
  }
}
