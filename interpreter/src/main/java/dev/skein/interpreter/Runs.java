package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Compensation;
import dev.skein.kernel.Context;
import dev.skein.kernel.Fault;
import dev.skein.kernel.StepOptions;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.model.Durations;
import dev.skein.model.Problem;
import dev.skein.model.RunTarget;
import dev.skein.model.RunTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Runs processes as steps, and other workflows as runs of their own.
final class Runs {
  private static final String LATEST = "latest";

  private final Templates templates;
  private final Ports ports;
  private final Vault vault;

  /// Where a process is run.
  record At(Env env, Scope scope, @Nullable Compensation undo) {}

  Runs(Templates templates, Ports ports, Vault vault) {
    this.templates = templates;
    this.ports = ports;
    this.vault = vault;
  }

  JsonNode run(RunTask task, JsonNode input, At at) {
    if (task.process() instanceof RunTarget.Workflow workflow) {
      return workflow(task, workflow, input, at);
    }
    String name = at.env().name(task.reference());
    String key = at.env().kernel().runId() + ":" + at.env().place().key(task.reference());
    var options = StepOptions.DEFAULT.idempotencyKey(key).compensation(at.undo());
    var work = new Effects(vault, task.reference());
    Payload outcome =
        at.env()
            .kernel()
            .step(
                name,
                options,
                attempt ->
                    work.done(() -> {
                      ProcessPort.Command command = command(task.process(), input, at.scope());
                      if (task.await()) {
                        return checked(task, ports.processes().run(command, key));
                      }
                      ports.processes().start(command, key);
                      return Json.NODES.nullNode();
                    }));
    return task.await() ? output(task, vault.open(outcome)) : input;
  }

  /// A process that failed is an error, unless the workflow asks for its exit code.
  private static JsonNode checked(RunTask task, JsonNode result) {
    int code = result.path("code").asInt();
    boolean asked = task.returns().equals("code") || task.returns().equals("all");
    if (code != 0 && !asked) {
      String said = result.path("stderr").asString("").strip();
      throw Problems.fault(
          Problem.Kind.RUNTIME.problem(
              "the process ended with code " + code + (said.isEmpty() ? "" : ": " + said)));
    }
    return result;
  }

  private static JsonNode output(RunTask task, JsonNode result) {
    return switch (task.returns()) {
      case "code" -> result.path("code");
      case "all" -> result;
      case "none" -> Json.NODES.nullNode();
      default -> result.path(task.returns());
    };
  }

  private JsonNode workflow(RunTask task, RunTarget.Workflow workflow, JsonNode input, At at) {
    JsonNode template = workflow.input();
    JsonNode given =
        template == null
            ? Json.NODES.objectNode()
            : vault.redacted(templates.evaluate(template, input, at.scope()));
    Context kernel = at.env().kernel();
    String name = at.env().name(task.reference());
    try {
      var child = new Context.Child(ref(workflow), Json.payload(given), workflow.abandon());
      String id = kernel.child(name, child);
      return task.await() ? Json.json(kernel.join(name + "/end", id)) : input;
    } catch (Fault fault) {
      throw translated(workflow, fault);
    }
  }

  private WorkflowRef ref(RunTarget.Workflow workflow) {
    if (!workflow.version().equals(LATEST)) {
      return new WorkflowRef(workflow.namespace(), workflow.name(), workflow.version());
    }
    WorkflowRef highest = ports.workflows().highest(workflow.namespace(), workflow.name());
    return highest == null
        ? new WorkflowRef(workflow.namespace(), workflow.name(), LATEST)
        : highest;
  }

  private static Fault translated(RunTarget.Workflow workflow, Fault fault) {
    return switch (fault.failure().type()) {
      case Fault.NO_SUCH_WORKFLOW ->
          Problems.fault(Problem.Kind.CONFIGURATION.problem(fault.failure().message()));
      case Fault.CANCELLED ->
          Problems.fault(
              Problem.Kind.RUNTIME.problem(
                  "the run of %s was cancelled: %s"
                      .formatted(workflow.name(), fault.failure().message())));
      default -> fault;
    };
  }

  private ProcessPort.Command command(RunTarget process, JsonNode input, Scope scope) {
    return switch (process) {
      case RunTarget.Shell shell ->
          new ProcessPort.ShellCommand(
              templates.lenient(shell.command(), input, scope),
              surroundings(shell.surroundings(), input, scope));
      case RunTarget.Script script -> {
        String code = script.code();
        if (code == null) {
          throw Problems.fault(
              Problem.Kind.CONFIGURATION.problem(
                  "the script lies elsewhere and was not read at deployment"));
        }
        yield new ProcessPort.ScriptCommand(
            script.language(), code, surroundings(script.surroundings(), input, scope));
      }
      case RunTarget.Container container -> container(container, input, scope);
      case RunTarget.Workflow workflow ->
          throw new IllegalStateException("workflow " + workflow.name() + " is no process");
    };
  }

  private ProcessPort.ContainerCommand container(
      RunTarget.Container container, JsonNode input, Scope scope) {
    JsonNode after = container.cleanupAfter();
    String name = container.name();
    String command = container.command();
    return new ProcessPort.ContainerCommand(
        text(container.image(), input, scope),
        name == null ? null : text(name, input, scope),
        command == null ? null : templates.lenient(command, input, scope),
        texts(container.ports(), input, scope),
        texts(container.volumes(), input, scope),
        container.pullPolicy(),
        after == null
            ? container.cleanup()
            : Durations.parse(templates.evaluate(after, input, scope)).toString(),
        surroundings(container.surroundings(), input, scope));
  }

  private ProcessPort.Surroundings surroundings(
      RunTarget.Surroundings written, JsonNode input, Scope scope) {
    List<String> arguments = new ArrayList<>();
    JsonNode list = written.arguments();
    if (list != null) {
      templates.evaluate(list, input, scope).forEach(item -> arguments.add(plain(item)));
    }
    JsonNode stdin = written.stdin();
    JsonNode fed = stdin == null ? null : templates.evaluate(stdin, input, scope);
    return new ProcessPort.Surroundings(
        arguments,
        texts(written.environment(), input, scope),
        fed == null || fed.isNull() ? null : plain(fed));
  }

  private Map<String, String> texts(@Nullable JsonNode written, JsonNode input, Scope scope) {
    var texts = new LinkedHashMap<String, String>();
    if (written != null) {
      templates
          .evaluate(written, input, scope)
          .properties()
          .forEach(field -> texts.put(field.getKey(), plain(field.getValue())));
    }
    return texts;
  }

  private String text(String template, JsonNode input, Scope scope) {
    return plain(templates.evaluate(Json.NODES.stringNode(template), input, scope));
  }

  private static String plain(JsonNode value) {
    return value.isString() ? value.asString() : Json.text(value);
  }
}
