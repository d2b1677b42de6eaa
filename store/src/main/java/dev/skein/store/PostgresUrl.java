package dev.skein.store;

import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a store on PostgreSQL is and how it is used: a JDBC URL of the driver's, with parameters
/// that are Skein's own and are not passed on.
///
/// @param jdbc the URL for the driver
/// @param schema that holds the store's tables (`schema` or `currentSchema`)
/// @param lease how long the store stays this process's own after its last sign of life
/// @param patience how long a commit or a read waits for a database that cannot be reached
/// @param retention how long runs are kept after their end; null for ever
public record PostgresUrl(
    String jdbc, String schema, Duration lease, Duration patience, @Nullable Duration retention) {
  private static final String BEGIN = "jdbc:postgresql:";
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,39}");
  private static final List<String> OURS =
      List.of("schema", "currentSchema", "lease", "patience", "retention");

  private static final String SCHEMA = "skein";
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration SHORTEST_LEASE = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final int CONNECT_SECONDS = 10;

  /// An answer that takes longer is taken for a connection that has silently died.
  private static final int ANSWER_SECONDS = 60;

  public PostgresUrl {
    if (!NAME.matcher(schema).matches()) {
      throw unusable("a schema is named with up to 40 of a-z, 0-9 and _, not '" + schema + "'");
    }
    if (lease.compareTo(SHORTEST_LEASE) < 0) {
      throw unusable("a lease of " + lease + " is too short; take " + SHORTEST_LEASE + " or more");
    }
  }

  /// Whether a store's address is one of PostgreSQL.
  public static boolean fits(String url) {
    return url.startsWith(BEGIN);
  }

  /// @throws StoreException `UNREADABLE` if it makes no sense
  public static PostgresUrl parse(String url) {
    if (!fits(url)) {
      throw unusable("it begins with " + BEGIN + "//");
    }
    int query = url.indexOf('?');
    String address = query < 0 ? url : url.substring(0, query);
    var ours = new HashMap<String, String>();
    var others = new ArrayList<String>();
    for (String parameter : query < 0 ? List.<String>of() : split(url.substring(query + 1))) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      if (OURS.contains(name)) {
        ours.put(name, URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
      } else if (!parameter.isEmpty()) {
        others.add(parameter);
      }
    }
    return new PostgresUrl(
        others.isEmpty() ? address : address + "?" + String.join("&", others),
        ours.getOrDefault("schema", ours.getOrDefault("currentSchema", SCHEMA)),
        duration(ours, "lease", LEASE),
        duration(ours, "patience", PATIENCE),
        ours.containsKey("retention") ? duration(ours, "retention", LEASE) : null);
  }

  private static List<String> split(String query) {
    return List.of(query.split("&", -1));
  }

  private static Duration duration(Map<String, String> given, String name, Duration otherwise) {
    String text = given.get(name);
    try {
      return text == null ? otherwise : Duration.parse(text);
    } catch (DateTimeException e) {
      throw unusable(name + " is a duration like PT10S or P90D, not '" + text + "'");
    }
  }

  private static StoreException unusable(String why) {
    return new StoreException(
        Code.UNREADABLE, "the address of a store on PostgreSQL cannot be used: " + why);
  }

  /// Makes a connection that keeps nothing in its session, so that a pooler may share it. What the
  /// address says itself holds.
  Connection connect() throws SQLException {
    var defaults = new Properties();
    defaults.setProperty("prepareThreshold", "0");
    defaults.setProperty("tcpKeepAlive", "true");
    defaults.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    defaults.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
    defaults.setProperty("targetServerType", "primary"); // of several hosts; others are behind
    defaults.setProperty("ApplicationName", "skein");
    return DriverManager.getConnection(jdbc, defaults);
  }

  /// Without what may be secret.
  @Override
  public String toString() {
    int query = jdbc.indexOf('?');
    return (query < 0 ? jdbc : jdbc.substring(0, query)) + ", schema " + schema;
  }
}
