package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.AuditEntry;
import dev.skein.runtime.Looking;
import dev.skein.runtime.access.AuditQuery;
import dev.skein.runtime.access.AuditTrail;
import dev.skein.runtime.access.AuditTrail.Anchor;
import dev.skein.server.api.AuditApi;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// `skein audit list`, `verify`
@Command(
    name = "audit",
    description = "Shows who has changed what, and whether that was tampered with.",
    mixinStandardHelpOptions = true)
final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "list",
      description = "Lists the newest entries, newest first.",
      mixinStandardHelpOptions = true)
  void list(
      @Mixin DataOption where,
      @Option(
              names = "--limit",
              description = "how many (default: ${DEFAULT-VALUE})",
              defaultValue = "50")
          int limit,
      @Option(names = "--json", description = "print the entries as JSON") boolean json) {
    PrintWriter out = spec.commandLine().getOut();
    List<AuditEntry> entries;
    try (Looking looking = where.look()) {
      entries = looking.audit().page(AuditQuery.ALL, null, Math.max(1, limit)).entries();
    }
    ArrayNode list = Json.NODES.arrayNode();
    entries.forEach(entry -> list.add(AuditApi.json(entry)));
    if (json) {
      out.println(Json.pretty(list));
      return;
    }
    for (JsonNode one : list) {
      JsonNode entry = one.path("entry");
      out.printf(
          "%6d  %-27s  %-16s  %-34s  %s%n",
          one.path("number").longValue(),
          entry.path("at").asString(""),
          entry.path("what").asString("?"),
          printable(entry.path("who").asString("?") + " from " + entry.path("from").asString("?")),
          printable(told(entry)));
    }
  }

  /// What others have written shall not steer somebody's terminal.
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static String told(JsonNode entry) {
    if (entry.has("outcome")) {
      String more = entry.path("code").asString(entry.path("made").asString(""));
      return (entry.path("outcome").asString() + " " + more).strip();
    }
    String reason = entry.path("details").path("reason").asString("");
    return entry.path("on").asString("") + (reason.isEmpty() ? "" : ": " + reason);
  }

  @Command(
      name = "verify",
      description = {
        "Walks through the chain of the audit log. Exit code 1 if it is broken, and where.",
        "Keep what it prints outside of the store: with it a log that was cut or written anew",
        "is found out, too."
      },
      mixinStandardHelpOptions = true)
  int verify(
      @Mixin DataOption where,
      @Option(
              names = "--anchor",
              paramLabel = "NUMBER:HASH",
              description = "what 'skein audit verify' has printed before")
          @Nullable String anchor) {
    AuditTrail.Verdict verdict;
    try (Looking looking = where.look()) {
      verdict = looking.audit().verify(anchor == null ? null : Anchor.parse(anchor));
    } catch (IllegalArgumentException e) {
      throw new Failures.Usage(String.valueOf(e.getMessage()));
    }
    if (verdict.broken() != null) {
      spec.commandLine().getErr().println("skein: the audit log is broken: " + verdict.broken());
      return 1;
    }
    spec.commandLine().getOut().println(verdict.last());
    return 0;
  }
}
