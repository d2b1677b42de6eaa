package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.Live;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.runtime.view.FollowedRun;
import dev.skein.runtime.view.Happening;
import dev.skein.runtime.view.RunView;
import dev.skein.server.http.Answer;
import dev.skein.server.http.EventStream;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What happens to runs, told while it happens, as server-sent events.
public final class LiveApi {
  private static final String LAST = "Last-Event-ID";
  private static final int AT_ONCE = 500;
  private static final Operation.Reply EVENTS =
      new Operation.Reply("events as they happen", List.of(Operation.EVENTS), "");

  private final Skein skein;

  public LiveApi(Skein skein) {
    this.skein = skein;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of(
                    "GET",
                    "/api/v1/runs/{id}/events",
                    "followRun",
                    "Follows a run from its beginning, or from the Last-Event-ID, to its end")
                .needs(Role.VIEWER, Reach.RUN)
                .gives(200, EVENTS)
                .gives(204, new Operation.Reply("all of it was told", List.of(), ""))
                .refuses(400, 404, 503),
            this::run)
        .on(
            Operation.of(
                    "GET",
                    "/api/v1/events/stream",
                    "followAll",
                    "Follows all runs of this process from now, or from the Last-Event-ID, on")
                .needs(Role.VIEWER, Reach.SOMEWHERE)
                .gives(200, EVENTS)
                .refuses(400, 503),
            this::all);
  }

  private Answer run(Request request) {
    String last = request.header(LAST);
    FollowedRun followed = followed(request.parameter("id"), last);
    if (last != null && followed.row().status().ended() && followed.more(1).isEmpty()) {
      return Answer.empty(204); // which keeps the client from asking again
    }
    FollowedRun again = followed(request.parameter("id"), last);
    return Answer.live(stream -> {
      try (var _ = skein.live().ring(again.row().number(), stream::ring)) {
        follow(again, stream);
      }
    });
  }

  private FollowedRun followed(String id, @Nullable String place) {
    try {
      return skein.live().run(id, place);
    } catch (IllegalArgumentException e) {
      throw Refusal.malformed(String.valueOf(e.getMessage()));
    }
  }

  /// The run's row is sent whenever it has changed, so that its end comes last.
  private static void follow(FollowedRun run, EventStream stream) throws InterruptedException {
    RunRow told = null;
    do {
      List<FollowedRun.Placed> more = run.more(AT_ONCE);
      for (FollowedRun.Placed one : more) {
        Happening happening = one.happening();
        if (happening != null && happening.kind().equals("task")) {
          stream.send("task", one.place(), happening.toJson(run.row().id()));
        }
      }
      if (more.size() == AT_ONCE) {
        stream.ring();
      } else if (!run.row().equals(told)) {
        told = run.row();
        stream.send("run", run.place(), state(told));
      }
    } while ((told == null || !told.status().ended()) && stream.await());
  }

  private static ObjectNode state(RunRow row) {
    ObjectNode json = RunView.summary(row);
    json.set("waitingFor", RunView.reasons(RunView.waitingFor(row)));
    return json;
  }

  private Answer all(Request request) {
    String last = request.header(LAST);
    String epoch = Long.toString(skein.live().since().toEpochMilli(), Character.MAX_RADIX);
    Long from = last == null ? null : place(last, epoch);
    return Answer.live(stream -> {
      try (var _ = skein.live().ring(stream::ring)) {
        tell(new Told(stream, request.roles()), from, epoch);
      }
    });
  }

  /// -1 for one of another process.
  private static long place(String last, String epoch) {
    String[] parts = last.split("-", -1);
    if (parts.length != 2 || !parts[1].matches("\\d{1,18}")) {
      throw Refusal.malformed("'" + last + "' is no id of an event of this stream");
    }
    return parts[0].equals(epoch) ? Long.parseLong(parts[1]) : -1;
  }

  /// A client, and what it may hear of.
  private record Told(EventStream stream, Roles roles) {
    boolean mayHear(Live.News news) {
      return roles.in(news.run().workflow().namespace(), Role.VIEWER);
    }
  }

  private void tell(Told client, @Nullable Long from, String epoch) throws InterruptedException {
    EventStream stream = client.stream;
    Live live = skein.live();
    long told = from == null ? live.lastNews() : from;
    do {
      List<Live.News> news = told < 0 ? null : live.newsAfter(told);
      if (news == null) {
        told = live.lastNews();
        stream.send("lost", epoch + "-" + told, Json.NODES.objectNode());
        continue;
      }
      for (Live.News one : news) {
        told = one.number();
        if (!client.mayHear(one)) {
          continue;
        }
        ObjectNode json = one.happening().toJson(one.run().id());
        json.put("workflow", one.run().workflow().toString());
        stream.send(one.happening().kind(), epoch + "-" + told, json);
      }
    } while (stream.await());
  }
}
