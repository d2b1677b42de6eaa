package dev.skein.interpreter;

import dev.skein.interpreter.expression.Expressions;
import dev.skein.kernel.Context;
import dev.skein.kernel.SagaRules;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.Definition;
import dev.skein.model.Durations;
import dev.skein.model.Problem;
import dev.skein.model.Saga;
import dev.skein.model.Timeout;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A workflow of the language as a function of the kernel: input in, tasks one after the other,
/// output out. Thread-safe; one object serves all runs of its definition.
public final class YamlWorkflow implements Workflow {
  private final Definition definition;
  private final Tools tools;

  public YamlWorkflow(Definition definition, Expressions expressions, Ports ports) {
    this.definition = definition;
    this.tools =
        new Tools(
            new Templates(expressions, definition.loose()),
            new Schemas(),
            new EventConditions(expressions),
            ports);
  }

  public Definition definition() {
    return definition;
  }

  @Override
  public Payload run(Context kernel, Payload input) {
    JsonNode started = Json.json(input);
    JsonNode raw = started.isNull() ? Json.NODES.objectNode() : started;
    JsonNode workflow = Descriptors.workflow(kernel, definition.source(), raw);
    var arguments = Map.of("workflow", workflow, "runtime", Descriptors.RUNTIME);
    var vault = new Vault(definition.use().secrets(), tools.ports().secrets());
    var tasks = new TaskRunner(definition, tools, vault, workflow);
    var shared = new Env.Shared(Json.NODES.nullNode(), new Spine(tasks.undoing(), vault), false);
    var env = new Env(kernel, shared, vault, Map.of(), "", Place.START);
    Templates templates = tools.templates();
    Schemas schemas = tools.schemas();
    try {
      checkLanguage();
      schemas.validate(definition.data().inputSchema(), raw, "the workflow's input");
      JsonNode given =
          templates.transformed(definition.data().inputFrom(), raw, env.scope(arguments));
      tasks.attributes(env, given);
      JsonNode last = limited(env, raw, in -> tasks.all(given, in));
      JsonNode output =
          templates.transformed(definition.data().outputAs(), last, env.scope(arguments));
      schemas.validate(definition.data().outputSchema(), output, "the workflow's output");
      return vault.seal(output);
    } catch (RuntimeException e) {
      throw vault.redacted(Problems.at("/", e));
    }
  }

  private void checkLanguage() {
    if (!definition.language().equals("jq")) {
      throw Problems.fault(
          Problem.Kind.CONFIGURATION.problem(
              "expressions in '%s' are not run by this version of Skein"
                  .formatted(definition.language())));
    }
  }

  private interface Body {
    JsonNode run(Env env);
  }

  private JsonNode limited(Env env, JsonNode input, Body body) {
    Timeout timeout = definition.timeout();
    if (timeout == null) {
      return body.run(env);
    }
    Duration limit =
        Durations.parse(tools.templates().evaluate(timeout.after(), input, env.scope(Map.of())));
    return env.kernel().limit("timeout", limit, scope -> body.run(env.in(scope, "")));
  }

  @Override
  public SagaRules saga() {
    @Nullable Saga saga = definition.saga();
    return new SagaRules(
        saga.parallel() ? SagaRules.Order.PARALLEL : SagaRules.Order.REVERSE,
        saga.on().stream()
            .map(on -> SagaRules.Cause.valueOf(on.name()))
            .collect(Collectors.toSet()));
  }
}
