package dev.skein.cli;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.interpreter.Json;
import dev.skein.testkit.load.Baseline;
import dev.skein.testkit.load.OpenLoop;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `skein load URL`
@Command(
    name = "load",
    description = {
      "Calls a URL at a fixed rate and measures how long the answers take, from when each call",
      "was due. With --baseline it fails if the answers became slower or fewer."
    },
    mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
  private static final Pattern RATE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(?:/(s|m))?");
  private static final Pattern HEADER = Pattern.compile("([^:\\s]+):\\s*(.*)");
  private static final double SECONDS_A_MINUTE = 60;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "what to call")
  private URI url = URI.create("http://localhost/");

  @Option(
      names = "--method",
      description = "the HTTP method (default: ${DEFAULT-VALUE})",
      defaultValue = "GET")
  private String method = "GET";

  @Option(names = "--header", paramLabel = "NAME: VALUE", description = "a header; may be repeated")
  private List<String> headers = List.of();

  @Option(names = "--body", paramLabel = "JSON|@FILE", description = "what to send")
  private @Nullable String body;

  @Option(
      names = "--rate",
      description = "calls a second, or 30/m (default: ${DEFAULT-VALUE})",
      defaultValue = "50/s")
  private String rate = "50/s";

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "how long (default: ${DEFAULT-VALUE})",
      defaultValue = "PT10S")
  private String length = "PT10S";

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "for each call (default: ${DEFAULT-VALUE})",
      defaultValue = "PT30S")
  private String timeout = "PT30S";

  @Option(
      names = "--most",
      paramLabel = "CALLS",
      description =
          "calls under way at a time; those beyond count as errors (default: ${DEFAULT-VALUE})",
      defaultValue = "10000")
  private int most = 10_000;

  @Option(names = "--save", paramLabel = "FILE", description = "write the figures, as a baseline")
  private @Nullable Path save;

  @Option(names = "--baseline", paramLabel = "FILE", description = "fail if it is worse than this")
  private @Nullable Path baseline;

  @Option(
      names = "--tolerance",
      paramLabel = "PERCENT",
      description = "how much worse is no matter (default: ${DEFAULT-VALUE})",
      defaultValue = "20")
  private double tolerance = 20;

  @Option(names = "--json", description = "print the figures as JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    HttpCall call =
        HttpCall.of(method.toUpperCase(Locale.ROOT), url)
            .withHeaders(headers())
            .withBody(body == null ? null : Files.input(body))
            .withOutput(HttpCall.Output.RAW)
            .withTimeouts(
                new HttpCall.Timeouts(duration(timeout), duration(timeout), duration(timeout)));
    var plan = new OpenLoop.Plan(call, perSecond(), duration(length), most);
    OpenLoop.Outcome outcome;
    try (var connector = new HttpConnector()) {
      outcome = OpenLoop.run(plan, connector);
    }
    Baseline now = Baseline.of(plan, outcome);
    List<String> worse =
        baseline == null
            ? List.of()
            : Baseline.fromJson(Json.parse(Files.text(baseline))).worseIn(now, tolerance / 100);
    print(now, outcome, worse);
    if (save != null) {
      java.nio.file.Files.writeString(save, Json.pretty(now.toJson()) + "\n");
    }
    boolean allFailed = outcome.succeeded() == 0;
    return worse.isEmpty() && !allFailed ? 0 : 1;
  }

  private void print(Baseline now, OpenLoop.Outcome outcome, List<String> worse) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode figures = now.toJson();
      figures.put("calls", outcome.all());
      figures.put("succeeded", outcome.succeeded());
      ObjectNode errors = figures.putObject("errors");
      outcome.errors().forEach(errors::put);
      figures.put("maxMillis", outcome.millis(100));
      worse.forEach(figures.withArray("worse")::add);
      out.println(Json.pretty(figures));
      return;
    }
    out.printf(
        Locale.ROOT,
        "%d calls in %.1f s, %d failed%n",
        outcome.all(),
        outcome.took().toMillis() / 1_000.0,
        outcome.failed());
    outcome.errors().forEach((kind, count) -> out.printf("  %s: %d%n", kind, count));
    for (double percent : new double[] {50, 90, 95, 99, 99.9, 100}) {
      String name = percent == 100 ? "max" : "p" + String.valueOf(percent).replace(".0", "");
      out.printf(Locale.ROOT, "%-6s %10.2f ms%n", name, outcome.millis(percent));
    }
    worse.forEach(sentence -> out.println("worse: " + sentence));
  }

  private Map<String, String> headers() {
    var read = new LinkedHashMap<String, String>();
    for (String header : headers) {
      Matcher parts = HEADER.matcher(header);
      if (!parts.matches()) {
        throw new Failures.Usage("'" + header + "' is no header; write 'Name: value'");
      }
      read.put(parts.group(1), parts.group(2));
    }
    return read;
  }

  private double perSecond() {
    Matcher parts = RATE.matcher(rate);
    double number = parts.matches() ? Double.parseDouble(parts.group(1)) : 0;
    if (number <= 0) {
      throw new Failures.Usage("'" + rate + "' is no rate; write for example 50/s");
    }
    return "m".equals(parts.group(2)) ? number / SECONDS_A_MINUTE : number;
  }

  private static Duration duration(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new Failures.Usage("'" + text + "' is no duration; write for example PT30S");
    }
  }
}
