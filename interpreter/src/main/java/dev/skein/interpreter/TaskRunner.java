package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Context;
import dev.skein.kernel.Fault;
import dev.skein.kernel.TimedOut;
import dev.skein.kernel.journal.Entry.TaskStatus;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.CallFunctionTask;
import dev.skein.model.CallGrpcTask;
import dev.skein.model.CallHttpTask;
import dev.skein.model.CallOpenApiTask;
import dev.skein.model.CallOtherTask;
import dev.skein.model.Case;
import dev.skein.model.Data;
import dev.skein.model.DataSchema;
import dev.skein.model.Definition;
import dev.skein.model.DoTask;
import dev.skein.model.Durations;
import dev.skein.model.EmitTask;
import dev.skein.model.ForTask;
import dev.skein.model.ForkTask;
import dev.skein.model.ListenTask;
import dev.skein.model.Problem;
import dev.skein.model.RaiseTask;
import dev.skein.model.RunTask;
import dev.skein.model.SetTask;
import dev.skein.model.SwitchTask;
import dev.skein.model.Task;
import dev.skein.model.TaskBase;
import dev.skein.model.Then;
import dev.skein.model.Timeout;
import dev.skein.model.TryTask;
import dev.skein.model.WaitTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Runs one task of a run: its condition, its data in, what it does, its data out. Used by all
/// threads of the run; holds nothing that changes.
final class TaskRunner {
  private final Definition definition;
  private final Templates templates;
  private final Schemas schemas;
  private final Vault vault;
  private final JsonNode workflow;
  private final Flow flow = new Flow(this);
  private final Calls calls;
  private final Runs runs;
  private final Emits emits;
  private final Listens listens;
  private final Extensions extensions;
  private final Undoing undoing;

  /// @param output transformed, the next task's input
  record Result(JsonNode output, Then then) {}

  TaskRunner(Definition definition, Tools tools, Vault vault, JsonNode workflow) {
    this.definition = definition;
    this.templates = tools.templates();
    this.schemas = tools.schemas();
    this.vault = vault;
    this.workflow = workflow;
    this.calls = new Calls(definition, templates, tools.ports(), vault);
    this.runs = new Runs(templates, tools.ports(), vault);
    this.emits = new Emits(templates, vault);
    this.listens = new Listens(this, tools.conditions());
    this.extensions = new Extensions(this, definition.use().extensions());
    this.undoing = new Undoing(this, definition.saga(), vault);
  }

  /// The whole workflow, from where its last checkpoint left it.
  JsonNode all(JsonNode input, Env env) {
    try {
      Spine spine = env.shared().spine;
      if (spine != null) {
        spine.restore(env);
      }
      return flow.run(definition.tasks(), input, env);
    } catch (WorkflowEnd end) {
      return end.output();
    }
  }

  /// @throws Fault if there is no such task
  Task task(String reference) {
    var found = new ArrayList<Task>();
    definition.everyTask(task -> {
      if (task.reference().equals(reference)) {
        found.add(task);
      }
    });
    if (found.isEmpty()) {
      throw Problems.fault(Problem.Kind.CONFIGURATION.problem("there is no task " + reference));
    }
    return found.getFirst();
  }

  Flow flow() {
    return flow;
  }

  Undoing undoing() {
    return undoing;
  }

  Templates templates() {
    return templates;
  }

  /// @param visit how often this task of its list has been run, this time included
  Result run(Task task, JsonNode raw, Env around, int visit) {
    Env env = around.visit(task.reference(), visit);
    var given = new Arguments.OfTask(workflow, task, raw, env.kernel().now());
    Context.Span span = null;
    try {
      if (skipped(task, env, given)) {
        env.kernel()
            .task(env.place().shown(task.reference()), () -> vault.seal(raw))
            .end(TaskStatus.SKIPPED, vault.seal(raw), null);
        return new Result(raw, new Then.Continue());
      }
      span = env.kernel().task(env.place().shown(task.reference()), () -> vault.seal(raw));
      Result result = limited(task, env, given, span.replaced());
      span.end(TaskStatus.COMPLETED, vault.seal(result.output()), null);
      return result;
    } catch (WorkflowEnd end) {
      if (span != null) {
        span.end(TaskStatus.COMPLETED, vault.seal(end.output()), null);
      }
      throw end;
    } catch (RuntimeException e) {
      Fault fault = vault.redacted(Problems.at(task.reference(), e));
      if (span != null) {
        span.end(TaskStatus.FAULTED, null, fault.failure());
      }
      throw fault;
    } catch (Error unwinding) { // the kernel's: the task is cancelled, or the run leaves memory
      if (span != null) {
        span.end(TaskStatus.CANCELLED, null, null);
      }
      throw unwinding;
    }
  }

  private boolean skipped(Task task, Env env, Arguments.OfTask given) {
    String condition = task.base().condition();
    return condition != null && !templates.holds(condition, given.raw(), env.scope(given));
  }

  /// @param replaced what it is to have put out, without being done; null to do it
  private Result limited(Task task, Env env, Arguments.OfTask given, @Nullable Payload replaced) {
    Timeout timeout = task.base().timeout();
    if (timeout == null || replaced != null) {
      return dataFlow(task, env, given, replaced);
    }
    JsonNode after = templates.evaluate(timeout.after(), given.raw(), env.scope(given));
    Duration limit = Durations.parse(after);
    String name = env.name(task.reference()) + "/timeout";
    try {
      return env.kernel()
          .limit(
              name, limit, scope -> dataFlow(task, env.in(scope, task.reference()), given, null));
    } catch (TimedOut timedOut) {
      throw Problems.fault(
          Problem.Kind.TIMEOUT
              .problem("task '" + task.name() + "' took longer than " + limit)
              .at(task.reference()));
    }
  }

  private Result dataFlow(Task task, Env env, Arguments.OfTask given, @Nullable Payload replaced) {
    TaskBase base = task.base();
    schemas.validate(base.data().inputSchema(), given.raw(), "the input of '" + task.name() + "'");
    JsonNode input = templates.transformed(base.data().inputFrom(), given.raw(), env.scope(given));
    var begun = given.withInput(input);
    Scope before = env.scope(begun);
    if (replaced != null) {
      return replaced(task, input, vault.open(replaced), env, begun);
    }
    var at = new Extensions.At(task, env, before);
    List<Integer> extending = extensions.of(at, input);
    JsonNode instead = extensions.before(extending, at, input);
    Result done =
        instead == null ? perform(task, input, env, before) : new Result(instead, base.then());

    var ended = begun.withDone(done.output());
    JsonNode output =
        templates.transformed(base.data().outputAs(), done.output(), env.scope(ended));
    schemas.validate(base.data().outputSchema(), output, "the output of '" + task.name() + "'");
    export(base, output, env, ended.withOutput(output));
    extensions.after(extending, at, output);
    undoing.completed(task, input, output, env);
    return new Result(output, done.then());
  }

  /// Goes on as if the task had been done. A switch still says where.
  private Result replaced(
      Task task, JsonNode input, JsonNode output, Env env, Arguments.OfTask begun) {
    TaskBase base = task.base();
    Then then =
        task instanceof SwitchTask choice ? choose(choice, input, env.scope(begun)) : base.then();
    export(base, output, env, begun.withDone(output).withOutput(output));
    undoing.completed(task, input, output, env);
    return new Result(output, then);
  }

  private void export(TaskBase base, JsonNode output, Env env, Arguments arguments) {
    if (base.exportAs() != null) {
      var export = new Export(base.exportAs(), base.exportSchema(), base.name());
      exported(export, output, env, env.scope(arguments));
      attributes(env, output);
    }
  }

  /// What becomes of the context.
  ///
  /// @param of who exports it, for errors
  record Export(@Nullable JsonNode as, @Nullable DataSchema schema, String of) {}

  private void exported(Export export, JsonNode output, Env env, Scope scope) {
    if (export.as() != null) {
      JsonNode next = templates.transformed(export.as(), output, scope);
      schemas.validate(export.schema(), next, "the exported context of '" + export.of() + "'");
      env.shared().context = next;
    }
  }

  /// What a step inside a task puts out and exports.
  JsonNode transformed(JsonNode raw, Data data, Export export, Env env) {
    Scope scope = env.scope(Map.of("workflow", workflow, "runtime", Descriptors.RUNTIME));
    JsonNode output = templates.transformed(data.outputAs(), raw, scope);
    schemas.validate(data.outputSchema(), output, "the output of '" + export.of() + "'");
    exported(export, output, env, scope);
    return output;
  }

  private Result perform(Task task, JsonNode input, Env env, Scope scope) {
    Then then = task.base().then();
    return switch (task) {
      case SetTask set -> new Result(templates.evaluate(set.value(), input, scope), then);
      case DoTask sequence -> new Result(flow.run(sequence.tasks(), input, env), then);
      case SwitchTask choice -> new Result(input, choose(choice, input, scope));
      case RaiseTask raise -> throw raised(raise, input, scope);
      case WaitTask wait -> {
        Duration duration = Durations.parse(templates.evaluate(wait.duration(), input, scope));
        env.kernel().sleep(env.name(task.reference()), duration);
        yield new Result(input, then);
      }
      case ForTask loop -> new Result(new Loops(this).run(loop, input, env, scope), then);
      case ForkTask fork -> new Result(new Forks(this).run(fork, input, env), then);
      case TryTask attempt -> new Tries(this).run(attempt, input, env, scope);
      case CallHttpTask call -> {
        var at = new Calls.At(env, scope, undoing.unknown(call, input, env));
        yield new Result(calls.http(call, input, at), then);
      }
      case CallGrpcTask call -> {
        var at = new Calls.At(env, scope, undoing.unknown(call, input, env));
        yield new Result(calls.grpc(call, input, at), then);
      }
      case CallOpenApiTask call -> {
        var at = new Calls.At(env, scope, undoing.unknown(call, input, env));
        yield new Result(calls.openApi(call, input, at), then);
      }
      case CallFunctionTask call -> new Result(function(call, input, env, scope), then);
      case CallOtherTask call ->
          throw Problems.fault(
              Problem.Kind.CONFIGURATION.problem(
                  "call " + call.callee() + " is not run by this version of Skein"));
      case EmitTask emit -> new Result(emits.run(emit, input, env, scope), then);
      case ListenTask listen -> new Result(listens.run(listen, input, env, scope), then);
      case RunTask run -> {
        var at = new Runs.At(env, scope, undoing.unknown(run, input, env));
        yield new Result(runs.run(run, input, at), then);
      }
    };
  }

  private Then choose(SwitchTask task, JsonNode input, Scope scope) {
    Then otherwise = task.base().then();
    for (Case one : task.cases()) {
      String when = one.when();
      if (when == null) {
        otherwise = one.then();
      } else if (templates.holds(when, input, scope)) {
        return one.then();
      }
    }
    return otherwise;
  }

  private Fault raised(RaiseTask task, JsonNode input, Scope scope) {
    JsonNode error = templates.evaluate(task.error(), input, scope);
    return Problems.fault(Problem.fromJson(error).at(task.reference()));
  }

  private JsonNode function(CallFunctionTask call, JsonNode input, Env env, Scope scope) {
    JsonNode given = call.with().isEmpty() ? input : templates.evaluate(call.with(), input, scope);
    Context inside = env.kernel().scope(env.name(call.reference()));
    Env called = env.in(inside, call.target().reference()).calledFrom(call.reference());
    return flow.run(List.of(call.target()), given, called);
  }

  /// Sets the run's search attributes anew.
  void attributes(Env env, JsonNode input) {
    if (definition.attributes().isEmpty()) {
      return;
    }
    var values = new LinkedHashMap<String, String>();
    Scope scope = env.scope(Map.of("workflow", workflow, "runtime", Descriptors.RUNTIME));
    definition
        .attributes()
        .forEach((name, template) -> {
          JsonNode value = templates.evaluate(template, input, scope);
          if (!value.isNull()) {
            values.put(name, value.isString() ? value.asString() : Json.text(value));
          }
        });
    env.kernel().attributes(values);
  }
}
