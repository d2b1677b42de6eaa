package dev.skein.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `skein top`
@Command(
    name = "top",
    description = {
      "Shows how everything is, anew each second: runs, rates, nodes, incidents, integrations.",
      "q ends it."
    },
    mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
  private static final int PAGE_WIDTH = 200;
  private static final int PAGE_HEIGHT = 100;
  private static final long BETWEEN_MILLIS = 1_000;
  private static final String HOME = "\033[H";
  private static final String REST_OF_LINE = "\033[K";
  private static final String REST_OF_SCREEN = "\033[J";
  private static final String OTHER_SCREEN = "\033[?1049h\033[?25l";
  private static final String OWN_SCREEN = "\033[?25h\033[?1049l";

  @Spec private CommandSpec spec;
  @Mixin private DataOption data = new DataOption();

  @Option(names = "--once", description = "print one picture, and end")
  private boolean once;

  @Override
  public Integer call() throws IOException {
    try (Coordinator coordinator = data.server()) {
      if (coordinator == null) {
        throw new Failures.Refused("nobody serves this data directory; start 'skein serve'");
      }
      if (once || System.console() == null) {
        PrintWriter out = spec.commandLine().getOut();
        picture(coordinator).lines(PAGE_WIDTH, PAGE_HEIGHT).forEach(out::println);
        return 0;
      }
      try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
        show(coordinator, terminal);
      }
    }
    return 0;
  }

  private static TopPicture picture(Coordinator coordinator) {
    return TopPicture.of(coordinator, coordinator.url(), Instant.now());
  }

  private static void show(Coordinator coordinator, Terminal terminal) throws IOException {
    Attributes before = terminal.enterRawMode();
    terminal.writer().print(OTHER_SCREEN);
    try {
      int key;
      do {
        draw(picture(coordinator), terminal);
        key = terminal.reader().read(BETWEEN_MILLIS);
      } while (key != 'q' && key != NonBlockingReader.EOF);
    } finally {
      terminal.writer().print(OWN_SCREEN);
      terminal.setAttributes(before);
      terminal.flush();
    }
  }

  private static void draw(TopPicture picture, Terminal terminal) {
    var screen = new StringBuilder(HOME);
    var lines = picture.lines(terminal.getWidth(), terminal.getHeight() - 1);
    lines.forEach(line -> screen.append(line).append(REST_OF_LINE).append("\r\n"));
    terminal.writer().print(screen.append(REST_OF_SCREEN));
    terminal.flush();
  }
}
