package dev.skein.server.api;

import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.store.RunFilter;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Which runs are meant, as queries and bodies say it.
final class RunFilters {
  private static final String ATTRIBUTE = "attr.";
  private static final int MOST_ATTRIBUTES = 5;
  private static final int LONGEST_TEXT = 200;

  private RunFilters() {}

  /// The operation with the parameters that [#of(Request, Long, int)] reads.
  static Operation declared(Operation operation) {
    return operation
        .query(
            "status",
            "{\"type\": \"string\", \"examples\": [\"running,waiting\"]}",
            "only runs with one of these statuses, with commas between")
        .query("workflow", "{\"type\": \"string\"}", "`name` or `namespace/name` of the workflow")
        .query("attr.*", "{\"type\": \"string\"}", "the value of that search attribute")
        .query(
            "from",
            "{\"type\": \"string\", \"format\": \"date-time\"}",
            "only runs started then or later")
        .query(
            "to",
            "{\"type\": \"string\", \"format\": \"date-time\"}",
            "only runs started before that")
        .query(
            "q",
            "{\"type\": \"string\", \"maxLength\": 200}",
            "what the id of the run, or the value of one of its attributes, begins with");
  }

  /// Of the runs that who asks may see.
  static RunFilter of(Request request, @Nullable Long below, int limit) {
    var attributes = new HashMap<String, String>();
    request
        .query()
        .forEach((name, values) -> {
          if (name.startsWith(ATTRIBUTE) && !values.isEmpty()) {
            attributes.put(name.substring(ATTRIBUTE.length()), values.getFirst());
          }
        });
    var statuses = new ArrayList<String>();
    request
        .query()
        .getOrDefault("status", List.of())
        .forEach(several -> statuses.addAll(List.of(several.split(",", -1))));
    return filter(
        new Written(
            statuses,
            request.query("workflow"),
            attributes,
            request.query("from"),
            request.query("to"),
            request.query("q")),
        request.roles().within(namespace(request.query("workflow")), Role.VIEWER),
        below,
        limit);
  }

  /// The same of a JSON object with those names, the attributes under `attributes`: of those runs
  /// that somebody with these roles may act on.
  static RunFilter of(JsonNode given, Roles roles, int limit) {
    if (!given.isObject()) {
      throw Refusal.malformed("'filter' must be an object");
    }
    var attributes = new HashMap<String, String>();
    for (Map.Entry<String, JsonNode> one : given.path("attributes").properties()) {
      if (one.getValue().isContainer()) {
        throw Refusal.malformed("attribute '" + one.getKey() + "' must be a single value");
      }
      attributes.put(one.getKey(), one.getValue().asString());
    }
    String status = Bodies.text(given, "status");
    return filter(
        new Written(
            status == null ? List.of() : List.of(status.split(",", -1)),
            Bodies.text(given, "workflow"),
            attributes,
            Bodies.text(given, "from"),
            Bodies.text(given, "to"),
            Bodies.text(given, "q")),
        roles.within(namespace(Bodies.text(given, "workflow")), Role.OPERATOR),
        null,
        limit);
  }

  private record Written(
      List<String> statuses,
      @Nullable String workflow,
      Map<String, String> attributes,
      @Nullable String from,
      @Nullable String to,
      @Nullable String text) {}

  /// @param workflow `name` or `namespace/name`
  private static @Nullable String namespace(@Nullable String workflow) {
    int slash = workflow == null ? -1 : workflow.indexOf('/');
    return workflow == null || slash < 0 ? null : workflow.substring(0, slash);
  }

  private static RunFilter filter(
      Written written, Set<String> namespaces, @Nullable Long below, int limit) {
    if (written.attributes.size() > MOST_ATTRIBUTES) {
      throw Refusal.malformed("no more than " + MOST_ATTRIBUTES + " attributes can be asked for");
    }
    String text = written.text;
    if (text != null && (text.isEmpty() || text.length() > LONGEST_TEXT)) {
      throw Refusal.malformed("'q' must have 1 to " + LONGEST_TEXT + " characters");
    }
    String workflow = written.workflow;
    int slash = workflow == null ? -1 : workflow.indexOf('/');
    return new RunFilter(
        statuses(written.statuses),
        namespaces,
        workflow == null || slash < 0 ? workflow : workflow.substring(slash + 1),
        written.attributes,
        Bodies.instant("from", written.from),
        Bodies.instant("to", written.to),
        text,
        below,
        limit);
  }

  private static Set<RunStatus> statuses(List<String> written) {
    Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    for (String one : written) {
      try {
        statuses.add(RunStatus.valueOf(one.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw Refusal.malformed("there is no status '" + one + "'");
      }
    }
    return statuses;
  }
}
