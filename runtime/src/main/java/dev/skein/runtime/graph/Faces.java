package dev.skein.runtime.graph;

import dev.skein.model.CallFunctionTask;
import dev.skein.model.CallGrpcTask;
import dev.skein.model.CallHttpTask;
import dev.skein.model.CallOpenApiTask;
import dev.skein.model.CallOtherTask;
import dev.skein.model.Catch;
import dev.skein.model.DoTask;
import dev.skein.model.Document;
import dev.skein.model.EmitTask;
import dev.skein.model.EventFilter;
import dev.skein.model.EventStrategy;
import dev.skein.model.ForTask;
import dev.skein.model.ForkTask;
import dev.skein.model.ListenTask;
import dev.skein.model.Parallel;
import dev.skein.model.RaiseTask;
import dev.skein.model.RetryPolicy;
import dev.skein.model.RunTarget;
import dev.skein.model.RunTask;
import dev.skein.model.SetTask;
import dev.skein.model.SwitchTask;
import dev.skein.model.Task;
import dev.skein.model.Template;
import dev.skein.model.Timeout;
import dev.skein.model.TryTask;
import dev.skein.model.WaitTask;
import dev.skein.runtime.graph.Flowchart.Badge;
import dev.skein.runtime.graph.Flowchart.Face;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What is written on the nodes.
final class Faces {
  private Faces() {}

  static String title(Document document) {
    String title = document.title();
    return title == null ? document.name() + " " + document.version() : title;
  }

  static Face of(Task task) {
    String detail = detail(task);
    List<Badge> badges = badges(task);
    var tooltip = new ArrayList<String>();
    tooltip.add(Kind.of(task).word.toLowerCase(java.util.Locale.ROOT) + " " + task.name());
    if (!detail.isEmpty()) {
      tooltip.add(detail);
    }
    badges.forEach(badge -> tooltip.add(badge.text()));
    tooltip.add(task.reference());
    return new Face(
        task.reference(),
        task.reference(),
        Kind.of(task),
        task.name(),
        detail,
        badges,
        String.join("\n", tooltip));
  }

  static Face handler(TryTask task) {
    String id = task.reference() + "/catch";
    String name = task.handler().as();
    return new Face(
        id,
        task.reference(),
        Kind.CATCH,
        name,
        "",
        List.of(),
        caughtInFull(task.handler()) + "\n" + id);
  }

  static Face functions() {
    String id = "/use/functions";
    return new Face(id, id, Kind.FUNCTIONS, "", "", List.of(), "functions of this workflow");
  }

  /// Which errors a handler takes, short enough for an edge.
  static String caught(Catch handler) {
    JsonNode filter = handler.filter();
    if (filter.path("type").isString()) {
      String type = filter.path("type").asString();
      return type.substring(type.lastIndexOf('/') + 1);
    }
    return filter.path("status").isMissingNode() ? "error" : text(filter.path("status"));
  }

  static String caughtInFull(Catch handler) {
    var lines = new ArrayList<String>();
    lines.add(handler.filter().isObject() ? "errors with " + handler.filter() : "any error");
    String when = handler.when();
    if (when != null) {
      lines.add("when " + Template.strip(when));
    }
    String exceptWhen = handler.exceptWhen();
    if (exceptWhen != null) {
      lines.add("except when " + Template.strip(exceptWhen));
    }
    return String.join("\n", lines);
  }

  private static String detail(Task task) {
    return switch (task) {
      case DoTask _, ForkTask _, TryTask _, SwitchTask _ -> "";
      case ForTask t -> t.each() + " in " + text(t.in());
      case SetTask t ->
          t.value().isObject()
              ? t.value().propertyNames().stream().collect(Collectors.joining(", "))
              : text(t.value());
      case RaiseTask t -> {
        JsonNode shown = t.error().path("title");
        shown = shown.isMissingNode() ? t.error().path("type") : shown;
        yield shown.isMissingNode() ? "" : text(shown);
      }
      case WaitTask t -> duration(t.duration());
      case CallHttpTask t ->
          text(t.with().method()).toUpperCase(java.util.Locale.ROOT) + " " + uri(t);
      case CallGrpcTask t -> text(t.with().service().name()) + "/" + text(t.with().method());
      case CallOpenApiTask t -> text(t.with().operationId());
      case CallFunctionTask t -> t.function();
      case CallOtherTask t -> t.callee();
      case EmitTask t -> text(t.event().path("type"));
      case ListenTask t -> events(t.to());
      case RunTask t -> process(t.process());
    };
  }

  private static String events(EventStrategy strategy) {
    return switch (strategy) {
      case EventStrategy.One(EventFilter filter) -> type(filter);
      case EventStrategy.All(List<EventFilter> filters) -> "all of " + types(filters);
      case EventStrategy.Any(List<EventFilter> filters, var until) ->
          (filters.isEmpty() ? "any event" : "any of " + types(filters))
              + (until == null ? "" : ", until …");
    };
  }

  private static String types(List<EventFilter> filters) {
    return filters.stream().map(Faces::type).collect(Collectors.joining(", "));
  }

  private static String type(EventFilter filter) {
    JsonNode type = filter.with().path("type");
    return type.isMissingNode() ? filter.with().toString() : text(type);
  }

  private static String process(RunTarget process) {
    return switch (process) {
      case RunTarget.Shell(String command, _) -> "$ " + command.strip();
      case RunTarget.Script script -> script.language() + " script";
      case RunTarget.Container container -> container.image();
      case RunTarget.Workflow workflow -> workflow.namespace() + "/" + workflow.name();
    };
  }

  private static String uri(CallHttpTask task) {
    JsonNode endpoint = task.with().endpoint();
    String uri = text(endpoint.isObject() ? endpoint.path("uri") : endpoint);
    int scheme = uri.indexOf("://");
    return scheme < 0 ? uri : uri.substring(scheme + 3);
  }

  private static List<Badge> badges(Task task) {
    var badges = new ArrayList<Badge>();
    if (task instanceof ForkTask fork && fork.compete()) {
      badges.add(new Badge(Badge.Sort.MODE, "first wins", ""));
    }
    if (task instanceof ForTask loop) {
      Parallel parallel = loop.parallel();
      if (parallel != null) {
        badges.add(new Badge(Badge.Sort.MODE, parallel.max() + " at a time", ""));
      }
    }
    if (task instanceof TryTask attempt) {
      RetryPolicy retry = attempt.handler().retry();
      if (retry != null) {
        Integer most = retry.maxAttempts();
        badges.add(new Badge(Badge.Sort.RETRY, most == null ? "retry" : "retry ≤ " + most, ""));
      }
    }
    Timeout timeout = task.base().timeout();
    if (timeout != null) {
      badges.add(new Badge(Badge.Sort.TIMEOUT, "timeout " + duration(timeout.after()), ""));
    }
    for (Task undo : task.base().compensate()) {
      badges.add(new Badge(Badge.Sort.UNDO, "undo: " + undo.name(), undo.reference()));
    }
    return List.copyOf(badges);
  }

  private static String duration(JsonNode duration) {
    return duration.isObject()
        ? duration.properties().stream()
            .map(unit -> text(unit.getValue()) + " " + unit.getKey())
            .collect(Collectors.joining(" "))
        : text(duration);
  }

  /// One line: a string without its quotes and without the braces of an expression, or the JSON.
  private static String text(JsonNode node) {
    String text = node.isString() ? Template.strip(node.asString()) : node.toString();
    return text.replaceAll("\\s+", " ").strip();
  }
}
