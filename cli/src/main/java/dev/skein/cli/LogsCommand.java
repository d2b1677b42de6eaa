package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.runtime.view.FollowedRun.Log;
import dev.skein.runtime.view.LogLine;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `skein logs RUN`
@Command(
    name = "logs",
    description = "Tells what happened to a run, the oldest first.",
    mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {
  private static final long BETWEEN_LOOKS_MILLIS = 250;
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  /// Times inside sentences stand in UTC, which only programs like.
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");

  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Parameters(paramLabel = "RUN", description = "the run's id")
  private String id = "";

  @Option(
      names = {"-f", "--follow"},
      description = "go on until the run has ended")
  private boolean follow;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "only what happened in this time until now, for example PT10M")
  private @Nullable Duration since;

  @Option(names = "--json", description = "print a JSON object a line, times in UTC")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Instant from = from();
    PrintWriter out = spec.commandLine().getOut();
    var told = new Told();
    try (LogSource source = LogSource.of(data, id)) {
      for (Log log = source.next(); ; log = source.next()) {
        for (LogLine line : log.lines()) {
          if (told.isNew(line) && !line.at().isBefore(from)) {
            out.println(json ? Json.text(line.toJson().put("run", id)) : sentence(line));
          }
        }
        boolean nobodyReads = out.checkError();
        if (nobodyReads || log.ended() || (log.atEnd() && !follow)) {
          return 0;
        }
        if (log.atEnd()) {
          TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        }
      }
    }
  }

  private Instant from() {
    if (since == null) {
      return Instant.MIN;
    }
    if (since.isNegative()) {
      throw new Failures.Usage("--since must be a time that is over, such as PT10M, not " + since);
    }
    Instant now = Instant.now();
    return since.compareTo(Duration.between(Instant.EPOCH, now)) > 0
        ? Instant.EPOCH
        : now.minus(since);
  }

  private String sentence(LogLine line) {
    String iteration = line.iteration() == null ? "" : "#" + line.iteration();
    String who = line.task() == null ? "run " + id : line.task() + iteration;
    String text =
        TIME.matcher(line.text()).replaceAll(time -> LOCAL.format(Instant.parse(time.group())));
    return "%s  %-5s  %s %s"
        .formatted(LOCAL.format(line.at()), line.level(), printable(who), printable(text));
  }

  /// What others have written shall not steer somebody's terminal, nor make two lines of one.
  private static String printable(String text) {
    return text.replaceAll("\\p{Cc}+", " ");
  }

  /// What was told lately. After each checkpoint the journal says again which tasks and timers are
  /// open; people hear it once.
  private static final class Told {
    private static final int MOST_REMEMBERED = 1_000;

    private final Set<String> lately =
        Collections.newSetFromMap(
            new LinkedHashMap<>() {
              private static final long serialVersionUID = 1L;

              @Override
              protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > MOST_REMEMBERED;
              }
            });

    boolean isNew(LogLine line) {
      return switch (line.kind()) {
        case "task-started", "timer-set" -> lately.add(remembered(line.kind(), line));
        case "task-ended" -> {
          lately.remove("task-started " + line.key() + " began");
          yield true;
        }
        case "run-reopened" -> {
          lately.clear();
          yield true;
        }
        default -> true;
      };
    }

    private static String remembered(String kind, LogLine line) {
      return kind + " " + line.key() + " " + line.text();
    }
  }
}
