package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.store.Store;
import dev.skein.store.PostgresStore;
import dev.skein.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The contract, behind a pooler that gives each transaction another connection.
class PostgresPoolerTest extends StoreContract {
  private String url;
  private TransactionPooler pooler;
  private PostgresStore store;

  @BeforeEach
  void open() throws Exception {
    PostgresServer server = PostgresServer.shared();
    pooler = new TransactionPooler(server.port());
    url = pooler.through(server.newStore());
    store = PostgresStore.open(url);
  }

  @AfterEach
  void close() {
    store.close();
    pooler.close();
  }

  @Override
  protected Store store() {
    return store;
  }

  @Test
  void thePoolerIsAsMeanAsItSays() {
    store.close(); // nobody else takes a turn
    assertThatThrownBy(() -> execute(url, "CREATE TEMPORARY TABLE t (x int)", "TABLE t"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> execute(url + "&currentSchema=public"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("unsupported startup parameter");
  }

  private static void execute(String address, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
