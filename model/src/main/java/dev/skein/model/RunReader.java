package dev.skein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `run` tasks.
final class RunReader {
  private static final List<String> RETURNS = List.of("stdout", "stderr", "code", "all", "none");
  private static final List<String> PROCESSES = List.of("container", "script", "shell", "workflow");
  private static final List<String> PULL_POLICIES = List.of("ifNotPresent", "always", "never");
  private static final List<String> CLEANUPS = List.of("always", "never", "eventually");

  private final Values values;
  private final References references;

  RunReader(Values values, References references) {
    this.values = values;
    this.references = references;
  }

  /// @param abandon whether the run of a workflow outlives the one that started it
  @Nullable Task run(Draft draft, boolean abandon) {
    Fields run = values.fields(draft.fields().required("run"));
    if (run == null) {
      return null;
    }
    boolean await = values.bool(run.optional("await"), true);
    String returns = values.oneOf(run.optional("return"), RETURNS, "stdout");
    List<String> given = PROCESSES.stream().filter(run::has).toList();
    RunTarget process = null;
    for (String kind : given) {
      Fields fields = values.fields(run.optional(kind));
      if (fields != null) {
        process = process(kind, fields, abandon);
        fields.close();
      }
    }
    PROCESSES.forEach(run::optional);
    run.close();
    if (given.size() != 1) {
      values
          .reports()
          .add(Code.SHAPE, run.at(), "'run' needs one of " + String.join(", ", PROCESSES), null);
    }
    return process == null ? null : new RunTask(draft.base(), process, await, returns);
  }

  private @Nullable RunTarget process(String kind, Fields fields, boolean abandon) {
    return switch (kind) {
      case "shell" -> {
        String command =
            values.string(fields.required("command")); // its ${ } may be the shell's own
        yield new RunTarget.Shell(orEmpty(command), surroundings(fields));
      }
      case "script" -> script(fields);
      case "container" -> container(fields);
      default -> workflow(fields, abandon);
    };
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private @Nullable String template(@Nullable At at) {
    JsonNode text = values.templateString(at);
    return text == null ? null : text.stringValue();
  }

  private RunTarget.Surroundings surroundings(Fields fields) {
    JsonNode stdin = values.templateString(fields.optional("stdin"));
    JsonNode arguments = values.strings(fields.optional("arguments"));
    JsonNode variables = values.objectTemplate(fields.optional("environment"));
    return new RunTarget.Surroundings(stdin, arguments, variables);
  }

  private RunTarget script(Fields fields) {
    String language = values.string(fields.required("language"), "");
    At code = fields.optional("code");
    String text = code == null ? null : values.string(code);
    At source = fields.optional("source");
    ExternalResource resource = references.resource(source);
    if (source != null && resource != null) {
      ResourceReader.Document script = references.outside().resources().read(source, resource);
      text = script == null ? null : script.text();
    }
    if ((code == null) == (source == null)) {
      values
          .reports()
          .add(Code.SHAPE, fields.at(), "a script needs either 'code' or 'source'", null);
    }
    return new RunTarget.Script(language, text, resource, surroundings(fields));
  }

  private RunTarget container(Fields fields) {
    String image = orEmpty(template(fields.required("image")));
    String name = template(fields.optional("name"));
    String command = template(fields.optional("command"));
    JsonNode ports = values.objectTemplate(fields.optional("ports"));
    JsonNode volumes = values.objectTemplate(fields.optional("volumes"));
    String pull = values.oneOf(fields.optional("pullPolicy"), PULL_POLICIES, "ifNotPresent");
    Fields lifetime = values.fields(fields.optional("lifetime"));
    String cleanup = "never";
    JsonNode after = null;
    if (lifetime != null) {
      cleanup = values.oneOf(lifetime.required("cleanup"), CLEANUPS, cleanup);
      boolean eventually = cleanup.equals("eventually");
      after = values.duration(eventually ? lifetime.required("after") : lifetime.optional("after"));
      if (!eventually && lifetime.has("after")) {
        String message = "'after' goes with the cleanup 'eventually' only";
        values
            .reports()
            .add(Code.SHAPE, lifetime.key("after"), lifetime.at().path(), message, null);
      }
      lifetime.close();
    }
    return new RunTarget.Container(
        image, name, command, ports, volumes, pull, cleanup, after, surroundings(fields));
  }

  private RunTarget workflow(Fields fields, boolean abandon) {
    String namespace = values.string(fields.required("namespace"), "");
    String name = values.string(fields.required("name"), "");
    String version = values.string(fields.required("version"), "latest");
    JsonNode input = values.objectTemplate(fields.optional("input"));
    return new RunTarget.Workflow(namespace, name, version, input, abandon);
  }
}
