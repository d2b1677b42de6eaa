package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.view.EntryView;
import dev.skein.runtime.view.FollowedRun;
import dev.skein.runtime.view.RunView;
import dev.skein.runtime.view.TaskView;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What there is to see of a run besides itself: its tasks, its journal, why it waits, its graph.
public final class RunLooksApi {
  private static final String ONE = "/api/v1/runs/{id}";
  private static final int MOST_TASKS = 10_000;
  private static final int USUAL_ENTRIES = 200;
  private static final int MOST_ENTRIES = 1_000;
  private static final String NUMBER = "{\"type\": \"integer\", \"minimum\": 1}";
  private static final String TEXT = "{\"type\": \"string\"}";

  private final Skein skein;

  public RunLooksApi(Skein skein) {
    this.skein = skein;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("GET", ONE + "/tasks", "listTasks", "The tasks of a run, in start order")
                .needs(Role.VIEWER, Reach.RUN)
                .query("limit", NUMBER, "how many at the most")
                .query("cursor", TEXT, "from the link to the next page")
                .gives(200, "Tasks", "the tasks; a header Link leads to the next page")
                .refuses(400, 404, 409),
            this::tasks)
        .on(
            Operation.of("GET", ONE + "/journal", "readJournal", "The journal of a run")
                .needs(Role.VIEWER, Reach.RUN)
                .query("limit", NUMBER, "how many entries at the most")
                .query("cursor", TEXT, "`next` of the page before")
                .gives(200, "Journal", "a page; the last has no `next`")
                .refuses(400, 404, 409),
            this::journal)
        .on(
            Operation.of("GET", ONE + "/logs", "readLogs", "What happened to a run, in sentences")
                .needs(Role.VIEWER, Reach.RUN)
                .query("limit", NUMBER, "how many entries of its journal at the most")
                .query("cursor", TEXT, "`next` of the page before")
                .gives(200, "Logs", "a page, the oldest first; more may come until `ended`")
                .refuses(400, 404, 409),
            this::logs)
        .on(
            Operation.of("GET", ONE + "/why", "explainRun", "Why a run is open")
                .needs(Role.VIEWER, Reach.RUN)
                .gives(200, "Why", "what will make it go on")
                .refuses(404),
            this::why)
        .on(
            Pictures.declared(
                    Operation.of(
                        "GET", ONE + "/graph.svg", "drawRun", "The graph of the run's workflow"))
                .needs(Role.VIEWER, Reach.RUN)
                .refuses(400, 404),
            this::graph);
  }

  private static String id(Request request) {
    return request.parameter("id");
  }

  private Answer tasks(Request request) {
    int limit = Bodies.limit(request, MOST_TASKS, MOST_TASKS);
    Long cursor = Bodies.cursor(request);
    List<TaskView> all = skein.tasks(id(request));
    int from = (int) Math.min(cursor == null ? 0 : cursor, all.size());
    int end = Math.min(all.size(), from + limit);
    ArrayNode tasks = Json.NODES.arrayNode();
    all.subList(from, end).forEach(task -> tasks.add(task.toJson()));
    Answer answer = Answer.ok(tasks);
    if (end == all.size()) {
      return answer;
    }
    String next = "%s?cursor=%s&limit=%d".formatted(request.path(), Bodies.cursor(end), limit);
    return answer.with("Link", "<" + next.replace(" ", "%20") + ">; rel=\"next\"");
  }

  private Answer journal(Request request) {
    int limit = Bodies.limit(request, USUAL_ENTRIES, MOST_ENTRIES);
    FollowedRun journal = followed(id(request), request.query("cursor"));
    ObjectNode page = Json.NODES.objectNode();
    ArrayNode entries = page.putArray("entries");
    for (FollowedRun.Placed one : read(() -> journal.more(limit))) {
      entries.add(EntryView.json(one.entry()).put("place", one.place()));
    }
    if (entries.size() == limit) {
      page.put("next", journal.place());
    }
    return Answer.ok(page);
  }

  private FollowedRun followed(String id, @Nullable String place) {
    try {
      return skein.live().run(id, place);
    } catch (IllegalArgumentException e) {
      throw Refusal.malformed(String.valueOf(e.getMessage()));
    }
  }

  private Answer logs(Request request) {
    int limit = Bodies.limit(request, USUAL_ENTRIES, MOST_ENTRIES);
    FollowedRun journal = followed(id(request), request.query("cursor"));
    FollowedRun.Log log = read(() -> journal.log(limit));
    ObjectNode page = Json.NODES.objectNode();
    ArrayNode lines = page.putArray("lines");
    log.lines().forEach(line -> lines.add(line.toJson()));
    page.put("atEnd", log.atEnd()).put("ended", log.ended()).put("next", journal.place());
    return Answer.ok(page);
  }

  private static <T> T read(Supplier<T> journal) {
    try {
      return journal.get();
    } catch (JournalException e) {
      throw Refusal.of(409, "journal-damaged", e.getMessage());
    }
  }

  private Answer why(Request request) {
    ObjectNode json = Json.NODES.objectNode();
    json.put("id", id(request));
    json.put("status", skein.run(id(request)).status());
    json.set("waitingFor", RunView.reasons(skein.why(id(request))));
    return Answer.ok(json);
  }

  private Answer graph(Request request) {
    WorkflowRef ref = skein.run(id(request)).row().workflow();
    var stored = skein.look().definition(ref);
    if (stored == null) {
      throw Refusal.notFound("workflow " + ref + " is written in Java and has no graph");
    }
    return Pictures.of(request, stored.source());
  }
}
