package dev.skein.testkit;

import dev.skein.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.List;

/// The lease is short: each process must wait for that of the one that was killed. On which side of
/// a commit that was makes no difference to a database, see [PostgresOutageTest].
class PostgresCrashMatrixTest extends CrashMatrix {
  @Override
  String newPlace(Path folder) {
    return PostgresServer.shared().newStore() + "&lease=PT0.3S";
  }

  @Override
  List<CrashingStore.Side> sides() {
    return List.of(CrashingStore.Side.AFTER);
  }
}
