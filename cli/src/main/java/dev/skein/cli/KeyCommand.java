package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.runtime.access.Role;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `skein key create`, `list`, `revoke`
@Command(
    name = "key",
    description = "Makes, lists and revokes the keys by which programs and people come in.",
    mixinStandardHelpOptions = true)
final class KeyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "create",
      description = {
        "Makes a key and prints it, this once: only its hash is kept.",
        "From the first key on the server asks everybody for one."
      },
      mixinStandardHelpOptions = true)
  void create(
      @Mixin DataOption where,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              required = true,
              description = "who shall have it: the audit log names them so")
          String name,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              required = true,
              description = "viewer, operator, developer or admin")
          Role role,
      @Option(
              names = "--namespace",
              paramLabel = "NAMESPACE",
              description = "only for the workflows of this one; may be repeated (default: all)")
          @Nullable List<String> namespaces,
      @Option(
              names = "--expires",
              paramLabel = "DURATION",
              description = "after which time: P90D (default: never)")
          @Nullable String expires,
      @Option(names = "--json", description = "print the key with all there is of it as JSON")
          boolean json) {
    var request =
        new Coordinator.KeyRequest(
            name, role, namespaces == null ? List.of() : namespaces, validity(expires));
    try (Coordinator coordinator = where.act()) {
      JsonNode made = coordinator.makeKey(request);
      out().println(json ? Json.pretty(made) : made.path("key").asString());
    } catch (IllegalArgumentException e) {
      throw new Failures.Usage(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Duration validity(@Nullable String written) {
    try {
      return written == null ? null : Duration.parse(written);
    } catch (DateTimeException e) {
      throw new Failures.Usage("--expires takes a duration such as P90D, not '" + written + "'");
    }
  }

  @Command(
      name = "list",
      description = "Lists every key there ever was: what it allows, when it was used about last.",
      mixinStandardHelpOptions = true)
  void list(
      @Mixin DataOption where,
      @Option(names = "--json", description = "print the keys as JSON") boolean json) {
    JsonNode keys;
    try (Coordinator coordinator = where.act()) {
      keys = coordinator.keys();
    }
    if (json) {
      out().println(Json.pretty(keys));
      return;
    }
    String format = "%-12s  %-20s  %-10s  %-24s  %s%n";
    out().printf(format, "ID", "NAME", "STATUS", "USED ABOUT", "ROLES");
    for (JsonNode key : keys) {
      out()
          .printf(
              format,
              key.path("id").asString(),
              key.path("name").asString(),
              status(key),
              key.path("usedAt").asString("-"),
              Json.text(key.path("roles")).replaceAll("[{}\"]", ""));
    }
  }

  private static String status(JsonNode key) {
    if (key.path("revokedAt").isString()) {
      return "revoked";
    }
    return key.path("expiresAt").isString()
        ? "to " + key.path("expiresAt").asString().substring(0, 10)
        : "good";
  }

  @Command(
      name = "revoke",
      description = "Makes a key count no more, at once; on other nodes within seconds.",
      mixinStandardHelpOptions = true)
  void revoke(
      @Mixin DataOption where,
      @Parameters(paramLabel = "ID", description = "of the key, as 'list' shows it") String id) {
    try (Coordinator coordinator = where.act()) {
      JsonNode key = coordinator.revokeKey(id);
      out().println("key %s (%s) is revoked".formatted(id, key.path("name").asString()));
    }
  }
}
