package dev.skein.cli;

import dev.skein.runtime.Looking;
import dev.skein.runtime.view.FollowedRun;
import dev.skein.runtime.view.FollowedRun.Log;
import dev.skein.runtime.view.LogLine;
import tools.jackson.databind.JsonNode;

/// Where the log of one run is read from, a page at a time. Owned by one thread.
sealed interface LogSource extends AutoCloseable {
  int PAGE = 500;

  /// What comes after the pages before; without lines at the end, where it may be asked again.
  Log next();

  @Override
  void close();

  /// @param run its id
  static LogSource of(DataOption data, String run) {
    Coordinator named = data.named();
    if (named != null) {
      return new OfServer(named, run);
    }
    Looking looking = data.look();
    try {
      return new OfStore(looking, looking.follow(run));
    } catch (RuntimeException e) {
      looking.close();
      throw e;
    }
  }

  /// The store, whoever holds it.
  record OfStore(Looking looking, FollowedRun run) implements LogSource {
    @Override
    public Log next() {
      return run.log(PAGE);
    }

    @Override
    public void close() {
      looking.close();
    }
  }

  /// A server elsewhere.
  final class OfServer implements LogSource {
    private final Coordinator server;
    private final String path;
    private String cursor = "";

    OfServer(Coordinator server, String run) {
      this.server = server;
      this.path = "/api/v1/runs/%s/logs?limit=%d".formatted(Coordinator.segment(run), PAGE);
    }

    @Override
    public Log next() {
      JsonNode page = server.ask("GET", path + cursor, null);
      cursor = "&cursor=" + page.path("next").asString();
      return new Log(
          page.path("lines").valueStream().map(LogLine::of).toList(),
          page.path("atEnd").asBoolean(),
          page.path("ended").asBoolean());
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
