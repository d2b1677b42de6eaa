package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Context;
import dev.skein.kernel.Fault;
import dev.skein.kernel.TimedOut;
import dev.skein.kernel.journal.Entry.TaskStatus;
import dev.skein.model.CallFunctionTask;
import dev.skein.model.CallHttpTask;
import dev.skein.model.Case;
import dev.skein.model.Definition;
import dev.skein.model.DoTask;
import dev.skein.model.Durations;
import dev.skein.model.ForTask;
import dev.skein.model.ForkTask;
import dev.skein.model.Problem;
import dev.skein.model.RaiseTask;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs one task of a run: its condition, its data in, what it does, its data out. Used by all
/// threads of the run; holds nothing that changes.
final class TaskRunner {
  private final Definition definition;
  private final Templates templates;
  private final Schemas schemas;
  private final JsonNode workflow;
  private final Flow flow = new Flow(this);
  private final Calls calls;
  private final Undoing undoing;

  /// @param output transformed, the next task's input
  record Result(JsonNode output, Then then) {}

  TaskRunner(
      Definition definition,
      Templates templates,
      Schemas schemas,
      HttpPort http,
      JsonNode workflow) {
    this.definition = definition;
    this.templates = templates;
    this.schemas = schemas;
    this.workflow = workflow;
    this.calls = new Calls(templates, http);
    this.undoing = new Undoing(this, definition.saga());
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
    Frame frame = new Frame(task, raw, env);
    Context.Span span = null;
    try {
      if (skipped(task, raw, env, frame)) {
        env.kernel()
            .task(env.place().shown(task.reference()), () -> Json.payload(raw))
            .end(TaskStatus.SKIPPED, Json.payload(raw), null);
        return new Result(raw, new Then.Continue());
      }
      span = env.kernel().task(env.place().shown(task.reference()), () -> Json.payload(raw));
      Result result = limited(task, env, frame);
      span.end(TaskStatus.COMPLETED, Json.payload(result.output()), null);
      return result;
    } catch (WorkflowEnd end) {
      if (span != null) {
        span.end(TaskStatus.COMPLETED, Json.payload(end.output()), null);
      }
      throw end;
    } catch (RuntimeException e) {
      Fault fault = Problems.at(task.reference(), e);
      if (span != null) {
        span.end(TaskStatus.FAULTED, null, fault.failure());
      }
      throw fault;
    }
  }

  private boolean skipped(Task task, JsonNode raw, Env env, Frame frame) {
    String condition = task.base().condition();
    return condition != null && !templates.holds(condition, raw, env.scope(frame.arguments));
  }

  private Result limited(Task task, Env env, Frame frame) {
    Timeout timeout = task.base().timeout();
    if (timeout == null) {
      return dataFlow(task, env, frame);
    }
    JsonNode after = templates.evaluate(timeout.after(), frame.raw, env.scope(frame.arguments));
    Duration limit = Durations.parse(after);
    String name = env.name(task.reference()) + "/timeout";
    try {
      return env.kernel()
          .limit(name, limit, scope -> dataFlow(task, env.in(scope, task.reference()), frame));
    } catch (TimedOut timedOut) {
      throw Problems.fault(
          Problem.Kind.TIMEOUT
              .problem("task '" + task.name() + "' took longer than " + limit)
              .at(task.reference()));
    }
  }

  private Result dataFlow(Task task, Env env, Frame frame) {
    TaskBase base = task.base();
    schemas.validate(base.data().inputSchema(), frame.raw, "the input of '" + task.name() + "'");
    Scope before = env.scope(frame.arguments);
    JsonNode input = templates.transformed(base.data().inputFrom(), frame.raw, before);
    frame.set("input", input);
    Result done = perform(task, input, env, frame);

    frame.taskOutput(done.output());
    Scope after = env.scope(frame.arguments);
    JsonNode output = templates.transformed(base.data().outputAs(), done.output(), after);
    schemas.validate(base.data().outputSchema(), output, "the output of '" + task.name() + "'");
    frame.set("output", output);
    export(base, output, env, frame);
    undoing.completed(task, input, output, env);
    return new Result(output, done.then());
  }

  private void export(TaskBase base, JsonNode output, Env env, Frame frame) {
    JsonNode exportAs = base.exportAs();
    if (exportAs != null) {
      JsonNode next = templates.transformed(exportAs, output, env.scope(frame.arguments));
      schemas.validate(base.exportSchema(), next, "the exported context of '" + base.name() + "'");
      env.shared().context = next;
      attributes(env, output);
    }
  }

  private Result perform(Task task, JsonNode input, Env env, Frame frame) {
    Then then = task.base().then();
    Scope scope = env.scope(frame.arguments);
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
        var undo = undoing.unknown(call, input, env);
        yield new Result(calls.http(call, input, new Calls.At(env, scope), undo), then);
      }
      case CallFunctionTask call -> new Result(function(call, input, env, scope), then);
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

  /// What expressions of one task see. Owned by the thread that runs the task.
  private final class Frame {
    final JsonNode raw;
    Map<String, JsonNode> arguments;
    private final ObjectNode descriptor;

    Frame(Task task, JsonNode raw, Env env) {
      this.raw = raw;
      this.descriptor = Descriptors.task(task, raw, env.kernel().now());
      this.arguments =
          Map.of("workflow", workflow, "runtime", Descriptors.RUNTIME, "task", descriptor);
    }

    void set(String name, JsonNode value) {
      var more = new HashMap<>(arguments);
      more.put(name, value);
      arguments = more;
    }

    void taskOutput(JsonNode output) {
      ObjectNode withOutput = Json.NODES.objectNode();
      withOutput.setAll(descriptor);
      withOutput.set("output", output);
      set("task", withOutput);
    }
  }
}
