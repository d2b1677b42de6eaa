package dev.skein.cli.log;

import dev.skein.kernel.Watcher;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.Failure;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunRow;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// What happens to runs, in the log: faults as warnings, the rest for who asks for `debug`.
public final class RunLog implements Watcher {
  private static final Logger LOG = LoggerFactory.getLogger("dev.skein.runs");

  @Override
  public void committed(RunRow run, List<Entry> entries) {
    for (Entry entry : entries) {
      tell(run, entry);
    }
  }

  private static void tell(RunRow run, Entry entry) {
    switch (entry) {
      case Entry.RunStarted _ -> of(LOG.atDebug(), run).log("the run began");
      case Entry.RunEnded end when end.status() == RunStatus.FAULTED ->
          failed(LOG.atWarn(), run, end.failure()).log("the run faulted");
      case Entry.RunEnded end ->
          of(LOG.atDebug(), run).addKeyValue("status", end.status()).log("the run ended");
      case Entry.AttemptFailed failed ->
          failed(LOG.atDebug(), run, failed.failure())
              .addKeyValue("task", failed.key().name())
              .addKeyValue("attempt", failed.attempt())
              .addKeyValue("next", failed.nextAt())
              .log("an attempt failed");
      default -> {}
    }
  }

  private static LoggingEventBuilder of(LoggingEventBuilder line, RunRow run) {
    return line.addKeyValue("run", run.id()).addKeyValue("workflow", run.workflow());
  }

  private static LoggingEventBuilder failed(
      LoggingEventBuilder line, RunRow run, @Nullable Failure failure) {
    LoggingEventBuilder told = of(line, run);
    return failure == null
        ? told
        : told.addKeyValue("type", failure.type()).addKeyValue("why", failure.message());
  }
}
