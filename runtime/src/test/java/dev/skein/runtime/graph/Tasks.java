package dev.skein.runtime.graph;

import dev.skein.model.Backoff;
import dev.skein.model.CallFunctionTask;
import dev.skein.model.CallHttpTask;
import dev.skein.model.Case;
import dev.skein.model.Catch;
import dev.skein.model.Data;
import dev.skein.model.Definition;
import dev.skein.model.DoTask;
import dev.skein.model.Document;
import dev.skein.model.ForTask;
import dev.skein.model.ForkTask;
import dev.skein.model.HttpArguments;
import dev.skein.model.Parallel;
import dev.skein.model.Position;
import dev.skein.model.RaiseTask;
import dev.skein.model.RetryPolicy;
import dev.skein.model.Saga;
import dev.skein.model.SetTask;
import dev.skein.model.SwitchTask;
import dev.skein.model.Task;
import dev.skein.model.TaskBase;
import dev.skein.model.Then;
import dev.skein.model.Timeout;
import dev.skein.model.TryTask;
import dev.skein.model.Use;
import dev.skein.model.WaitTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/// Definitions in short: a plan of a task gets its reference when it is put into a list.
final class Tasks {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Data NO_DATA = new Data(null, null, null, null);

  private Tasks() {}

  static Definition workflow(String title, Plan... tasks) {
    return workflow(title, Map.of(), tasks);
  }

  static Definition workflow(String title, Map<String, Plan> functions, Plan... tasks) {
    var built = new LinkedHashMap<String, Task>();
    functions.forEach((name, plan) -> built.put(name, plan.at("/use/functions/" + name)));
    return new Definition(
        new Document(
            "1.0.0",
            "test",
            "graph",
            "0.1.0",
            title,
            null,
            MissingNode.getInstance(),
            MissingNode.getInstance()),
        list("/do", tasks),
        new Use(built, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), List.of(), List.of()),
        NO_DATA,
        null,
        new Saga(false, Set.of(), retry(null)),
        null,
        null,
        false,
        Map.of(),
        JSON.objectNode());
  }

  static RetryPolicy retry(@Nullable Integer most) {
    return new RetryPolicy(null, null, null, new Backoff.Constant(), most, null, null, null, null);
  }

  static JsonNode text(String text) {
    return JSON.stringNode(text);
  }

  static Plan set(String name) {
    return new Plan(name, base -> new SetTask(base, JSON.objectNode().put("total", "${ .a }")));
  }

  static Plan http(String name, String method, String uri) {
    return new Plan(
        name,
        base ->
            new CallHttpTask(
                base,
                new HttpArguments(
                    text(method), text(uri), null, null, null, null, "content", false)));
  }

  static Plan call(String name, String function) {
    return new Plan(
        name,
        base ->
            new CallFunctionTask(
                base, function, JSON.objectNode(), set(function).at("/use/functions/" + function)));
  }

  static Plan pause(String name, String duration) {
    return new Plan(name, base -> new WaitTask(base, text(duration)));
  }

  static Plan raise(String name, String title) {
    return new Plan(name, base -> new RaiseTask(base, JSON.objectNode().put("title", title)));
  }

  static Plan choose(String name, Case... cases) {
    return new Plan(name, base -> new SwitchTask(base, List.of(cases)));
  }

  static Case when(String name, @Nullable String when, Then then) {
    return new Case(name, when, then);
  }

  static Plan sequence(String name, Plan... tasks) {
    return new Plan(name, base -> new DoTask(base, list(base.reference() + "/do", tasks)));
  }

  static Plan loop(String name, String each, String in, Plan... tasks) {
    return new Plan(
        name,
        base ->
            new ForTask(
                base,
                each,
                text(in),
                "index",
                null,
                list(base.reference() + "/do", tasks),
                new Parallel(4, true)));
  }

  static Plan fork(String name, boolean compete, Plan... branches) {
    return new Plan(
        name,
        base -> new ForkTask(base, list(base.reference() + "/fork/branches", branches), compete));
  }

  static Plan attempt(String name, List<Plan> tasks, List<Plan> handler, Then then) {
    return new Plan(
        name,
        base ->
            new TryTask(
                base,
                list(base.reference() + "/try", tasks.toArray(Plan[]::new)),
                new Catch(
                    JSON.objectNode().put("status", 503),
                    "error",
                    null,
                    null,
                    retry(3),
                    list(base.reference() + "/catch/do", handler.toArray(Plan[]::new)),
                    then)));
  }

  private static List<Task> list(String path, Plan... plans) {
    var tasks = new ArrayList<Task>();
    for (Plan plan : plans) {
      tasks.add(plan.at(path + "/" + tasks.size() + "/" + plan.name));
    }
    return List.copyOf(tasks);
  }

  interface Body {
    Task with(TaskBase base);
  }

  /// A task without its place.
  static final class Plan {
    private final String name;
    private final Body body;
    private Then then = new Then.Continue();
    private @Nullable String condition;
    private @Nullable String timeout;
    private List<Plan> compensate = List.of();

    Plan(String name, Body body) {
      this.name = name;
      this.body = body;
    }

    Plan then(Then then) {
      this.then = then;
      return this;
    }

    Plan onlyIf(String condition) {
      this.condition = condition;
      return this;
    }

    Plan within(String timeout) {
      this.timeout = timeout;
      return this;
    }

    Plan undoneBy(Plan... tasks) {
      compensate = List.of(tasks);
      return this;
    }

    Task at(String reference) {
      JsonNode nothing = JSON.objectNode();
      return body.with(
          new TaskBase(
              name,
              reference,
              condition,
              NO_DATA,
              null,
              null,
              timeout == null ? null : new Timeout(text(timeout)),
              then,
              nothing,
              list(reference + "/metadata/skein/compensate", compensate.toArray(Plan[]::new)),
              null,
              nothing,
              new Position(1, 1)));
    }
  }
}
