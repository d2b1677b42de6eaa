package dev.skein.cli;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.openapi.ApiDocument;
import dev.skein.connectors.openapi.InvalidApi;
import dev.skein.connectors.verification.LiveCheck;
import dev.skein.connectors.verification.Verdict;
import dev.skein.connectors.verification.Verdict.Outcome;
import dev.skein.interpreter.Json;
import dev.skein.runtime.settings.ContractSchemas;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `skein api check DOCUMENT URL`
@Command(
    name = "check",
    description = {
      "Calls a live API and judges its answers by its OpenAPI document.",
      "Exit code 1 if something deviates."
    },
    mixinStandardHelpOptions = true)
final class ApiCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "DOCUMENT",
      description = "an OpenAPI or Swagger document: a file or a URL")
  private String document = "";

  @Parameters(
      index = "1",
      paramLabel = "URL",
      description = "where the API is; its paths come after it")
  private String url = "";

  @Option(
      names = "--header",
      paramLabel = "'NAME: VALUE'",
      description = "a header of every request; may be repeated")
  private List<String> headers = List.of();

  @Option(names = "--write", description = "call operations that change things too")
  private boolean write;

  @Option(
      names = "--operation",
      paramLabel = "ID",
      description = "check this one only; may be repeated")
  private List<String> operations = List.of();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "at most so many requests a second (default: ${DEFAULT-VALUE})",
      defaultValue = "10")
  private double rate = 10;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "how long to wait for an answer (default: ${DEFAULT-VALUE})",
      defaultValue = "30")
  private int timeoutSeconds = 30;

  @Option(names = "--json", description = "print the verdicts as JSON")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    ApiDocument api = ApiFiles.read(document);
    for (String id : operations) {
      if (api.operation(id) == null) {
        throw new Failures.Usage("%s has no operation '%s'".formatted(document, id));
      }
    }
    if (!(rate > 0) || timeoutSeconds <= 0) {
      throw new Failures.Usage("--rate and --timeout must be above zero");
    }
    List<Verdict> verdicts = verdicts(api);
    if (json) {
      printJson(verdicts);
    } else {
      print(verdicts);
    }
    return verdicts.stream().anyMatch(it -> it.outcome() == Outcome.DEVIATES) ? 1 : 0;
  }

  private List<Verdict> verdicts(ApiDocument api) throws InterruptedException {
    var options = new LiveCheck.Options(base(), headers(), write, Set.copyOf(operations));
    try (var connector = new HttpConnector()) {
      var paced = new Paced(connector, Duration.ofNanos((long) (1e9 / rate)), timeoutSeconds);
      return new LiveCheck(api, new ContractSchemas(api), options, paced).run();
    } catch (InvalidApi e) {
      throw new Failures.Usage(document + " does not hold together: " + e.getMessage());
    } catch (HttpCallException e) {
      throw new Failures.Usage(url + " does not answer: " + e.detail());
    }
  }

  private URI base() {
    try {
      URI base = new URI(url);
      if (base.getHost() != null && Set.of("http", "https").contains(base.getScheme())) {
        return base;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new Failures.Usage("'" + url + "' is no URL of http or https");
  }

  private Map<String, String> headers() {
    var all = new LinkedHashMap<String, String>();
    for (String header : headers) {
      String[] parts = header.split(":", 2);
      if (parts.length < 2 || parts[0].isBlank()) {
        throw new Failures.Usage("'--header' takes 'NAME: VALUE'");
      }
      all.put(parts[0].strip(), parts[1].strip());
    }
    return all;
  }

  private void print(List<Verdict> verdicts) {
    PrintWriter out = spec.commandLine().getOut();
    for (Verdict verdict : verdicts) {
      String named = verdict.id().isEmpty() ? "" : " (" + verdict.id() + ")";
      String operation = verdict.operation() + named;
      switch (verdict.outcome()) {
        case OK -> out.printf("ok           %s%n", operation);
        case NOT_CHECKED ->
            out.printf("not checked  %s: %s%n", operation, String.join("; ", verdict.remarks()));
        case DEVIATES -> {
          out.printf("deviates     %s%n", operation);
          verdict.remarks().forEach(it -> out.printf("               %s%n", it));
        }
      }
    }
    out.printf(
        "%d ok, %d deviating, %d not checked; %d requests%n",
        count(verdicts, Outcome.OK),
        count(verdicts, Outcome.DEVIATES),
        count(verdicts, Outcome.NOT_CHECKED),
        verdicts.stream().mapToInt(Verdict::requests).sum());
  }

  private void printJson(List<Verdict> verdicts) {
    ObjectNode all = Json.NODES.objectNode();
    for (Outcome outcome : Outcome.values()) {
      all.put(name(outcome), count(verdicts, outcome));
    }
    var list = all.putArray("operations");
    for (Verdict verdict : verdicts) {
      ObjectNode one =
          list.addObject()
              .put("operation", verdict.operation())
              .put("id", verdict.id())
              .put("outcome", name(verdict.outcome()))
              .put("requests", verdict.requests());
      var remarks = one.putArray("remarks");
      verdict.remarks().forEach(remarks::add);
    }
    spec.commandLine().getOut().println(Json.pretty(all));
  }

  private static String name(Outcome outcome) {
    return switch (outcome) {
      case OK -> "ok";
      case DEVIATES -> "deviates";
      case NOT_CHECKED -> "notChecked";
    };
  }

  private static long count(List<Verdict> verdicts, Outcome outcome) {
    return verdicts.stream().filter(it -> it.outcome() == outcome).count();
  }

  /// Keeps a distance between requests. Owned by one check.
  private static final class Paced implements LiveCheck.Sender {
    private final HttpConnector connector;
    private final Duration distance;
    private final Duration timeout;
    private long nextNanos = System.nanoTime();

    Paced(HttpConnector connector, Duration distance, int timeoutSeconds) {
      this.connector = connector;
      this.distance = distance;
      this.timeout = Duration.ofSeconds(timeoutSeconds);
    }

    @Override
    public Reply send(HttpCall call) throws HttpCallException, InterruptedException {
      long wait = nextNanos - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(Duration.ofNanos(wait));
      }
      nextNanos = System.nanoTime() + distance.toNanos();
      var timeouts = new HttpCall.Timeouts(timeout, timeout, timeout);
      return connector.anyReply(call.withTimeouts(timeouts));
    }
  }
}
