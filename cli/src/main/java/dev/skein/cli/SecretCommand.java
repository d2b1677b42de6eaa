package dev.skein.cli;

import dev.skein.interpreter.Json;
import dev.skein.runtime.secret.SecretStore;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `skein secret`
@Command(
    name = "secret",
    description = "Keeps secrets, encrypted, for workflows and skein.yaml.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SecretCommand.Set.class,
      SecretCommand.ListAll.class,
      SecretCommand.Remove.class,
      SecretCommand.Rotate.class
    })
final class SecretCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// What all of them have in common.
  abstract static class OnStore implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private DataOption data = new DataOption();

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    abstract int run(SecretStore store);

    @Override
    public final Integer call() {
      return run(new SecretStore(data.directory(), System.getenv(), InstantSource.system()));
    }

    PrintWriter out() {
      return spec.commandLine().getOut();
    }

    PrintWriter err() {
      return spec.commandLine().getErr();
    }

    int done(JsonNode result, String sentence) {
      out().println(json ? Json.pretty(result) : sentence);
      return 0;
    }
  }

  private static ObjectNode shown(SecretStore.Entry entry) {
    return Json.NODES
        .objectNode()
        .put("name", entry.name())
        .put("changed", entry.changed().toString());
  }

  /// `skein secret set NAME`
  @Command(
      name = "set",
      description =
          "Keeps a secret, in place of one of that name. Reads it from stdin unless told.",
      mixinStandardHelpOptions = true)
  static final class Set extends OnStore {
    // far beyond what the store takes
    private static final int MAX_BYTES = 1024 * 1024;

    @Parameters(paramLabel = "NAME", description = "what the secret is called")
    private String name = "";

    @ArgGroup private @Nullable Given given;

    private static final class Given {
      @Option(
          names = "--value",
          paramLabel = "TEXT",
          description =
              "the secret: text or a JSON object; others may see it in your shell's history")
      private @Nullable String value;

      @Option(names = "--from-file", paramLabel = "FILE", description = "the file it is in")
      private @Nullable Path file;
    }

    @Override
    int run(SecretStore store) {
      String value = value();
      remarkOnBrokenJson(value);
      boolean hadKey = java.nio.file.Files.exists(store.keyFile());
      SecretStore.Entry entry = store.set(name, value);
      if (!hadKey && java.nio.file.Files.exists(store.keyFile())) {
        err()
            .println(
                "skein: made the key "
                    + store.keyFile()
                    + "; keep a copy of it, away from the data, and out of version control");
      }
      return done(shown(entry), "the secret '" + name + "' is set");
    }

    @SuppressWarnings("SystemConsoleNull") // the one that JDK 25 went back to may be null
    private String value() {
      if (given != null && given.value != null) {
        return given.value;
      }
      if (given != null && given.file != null) {
        return Files.text(given.file);
      }
      Console console = System.console();
      if (console != null && console.isTerminal()) {
        char[] typed = console.readPassword("%s: ", name);
        return typed == null ? "" : new String(typed);
      }
      return fromStdin();
    }

    private static String fromStdin() {
      try {
        byte[] bytes = System.in.readNBytes(MAX_BYTES);
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw new Failures.Usage("what came on stdin is not UTF-8 text");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void remarkOnBrokenJson(String value) {
      if (!value.startsWith("{")) {
        return;
      }
      try {
        Json.parse(value);
      } catch (JacksonException e) {
        err().println("skein: it begins like a JSON object but is none; it is kept as text");
      }
    }
  }

  /// `skein secret list`
  @Command(
      name = "list",
      description = "Lists the names of the secrets and when each was changed, never their values.",
      mixinStandardHelpOptions = true)
  static final class ListAll extends OnStore {
    @Override
    int run(SecretStore store) {
      List<SecretStore.Entry> entries = store.list();
      ArrayNode list = Json.NODES.arrayNode();
      entries.forEach(entry -> list.add(shown(entry)));
      int longest = entries.stream().mapToInt(entry -> entry.name().length()).max().orElse(4);
      var table = new StringBuilder("%%-%ds  CHANGED".formatted(longest).formatted("NAME"));
      for (SecretStore.Entry entry : entries) {
        table.append("%n%%-%ds  %%s".formatted(longest).formatted(entry.name(), entry.changed()));
      }
      return done(list, table.toString());
    }
  }

  /// `skein secret remove NAME`
  @Command(name = "remove", description = "Forgets a secret.", mixinStandardHelpOptions = true)
  static final class Remove extends OnStore {
    @Parameters(paramLabel = "NAME", description = "what the secret is called")
    private String name = "";

    @Override
    int run(SecretStore store) {
      if (!store.remove(name)) {
        err().println("skein: there is no secret '" + name + "' in the encrypted store");
        return 1;
      }
      return done(
          Json.NODES.objectNode().put("name", name).put("removed", true),
          "the secret '" + name + "' is removed");
    }
  }

  /// `skein secret rotate`
  @Command(
      name = "rotate",
      description =
          "Encrypts all secrets anew with a new key; what was encrypted before opens no more.",
      mixinStandardHelpOptions = true)
  static final class Rotate extends OnStore {
    @Override
    int run(SecretStore store) {
      int count = store.rotate();
      return done(
          Json.NODES.objectNode().put("rotated", count),
          count == 1
              ? "1 secret is encrypted with a new key"
              : count + " secrets are encrypted with a new key");
    }
  }
}
