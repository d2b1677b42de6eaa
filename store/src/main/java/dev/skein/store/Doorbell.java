package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears when another node has something to tell, by `LISTEN` on a connection of its own, on a
/// thread of its own. Behind a pooler that shares connections by the transaction nothing is ever
/// heard: it finds that out by ringing itself.
final class Doorbell implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Doorbell.class);
  private static final Duration TURN = Duration.ofMillis(500);
  private static final Duration TRIAL = Duration.ofSeconds(2);
  private static final Duration BEFORE_CONNECTING_AGAIN = Duration.ofSeconds(1);
  private static final Duration BEFORE_ANOTHER_TRIAL = Duration.ofMinutes(1);

  private final Link link;
  private final String channel;
  private final Runnable onRing;
  private final Thread thread;
  private volatile boolean works;
  private volatile boolean closed;

  /// @param onRing must be quick
  Doorbell(PostgresUrl url, Runnable onRing) {
    this.link = new Link(url);
    this.channel = channel(url.schema());
    this.onRing = onRing;
    this.thread = Thread.ofPlatform().daemon().name("skein-store-doorbell").start(this::listen);
  }

  static String channel(String schema) {
    return "skein_" + schema;
  }

  /// Whether rings are heard here.
  boolean works() {
    return works;
  }

  private void listen() {
    while (!closed) {
      Duration pause = BEFORE_ANOTHER_TRIAL;
      try {
        link.once(this::listenOn);
      } catch (StoreException e) {
        LOG.debug("nothing is heard from other nodes; connecting again", e);
        pause = BEFORE_CONNECTING_AGAIN;
      }
      works = false;
      if (!closed) {
        pause(pause);
      }
    }
    link.close();
  }

  private boolean listenOn(Sql sql) {
    sql.script("LISTEN \"" + channel + "\"");
    sql.script("NOTIFY \"" + channel + "\"");
    return sql.on(connection -> {
      PGConnection postgres = connection.unwrap(PGConnection.class);
      works = heard(postgres, TRIAL);
      if (works) {
        onRing.run(); // whatever came before this was not heard
      } else {
        LOG.info("nothing is heard through this connection to PostgreSQL; looking instead");
      }
      while (works && !closed) {
        if (heard(postgres, TURN)) {
          onRing.run();
        }
      }
      return true;
    });
  }

  private static boolean heard(PGConnection postgres, Duration patience) throws SQLException {
    var notifications = postgres.getNotifications(Math.toIntExact(patience.toMillis()));
    return notifications != null && notifications.length > 0;
  }

  private void pause(Duration length) {
    try {
      TimeUnit.MILLISECONDS.sleep(length.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
