package dev.skein.server.api;

import dev.skein.runtime.Skein;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import tools.jackson.databind.JsonNode;

/// What is done to one run.
public final class ActsApi {
  private static final String ONE = "/api/v1/runs/{id}/";
  private static final String BY_REQUEST = "asked for by a request";

  private final Skein skein;

  public ActsApi(Skein skein) {
    this.skein = skein;
  }

  public void add(Routes routes) {
    routes
        .on(act("cancel", "cancelRun", "Stops a run and undoes what it did"), this::cancel)
        .on(act("suspend", "suspendRun", "Holds a run; steps under way finish"), this::suspend)
        .on(act("resume", "resumeRun", "Lets a suspended run go on"), this::resume)
        .on(
            Operation.of("POST", ONE + "signal", "signalRun", "Sends an event to one run")
                .takes("Signal", true)
                .gives(202, "Run", "the event is durable")
                .refuses(400, 404, 409, 503),
            this::signal);
  }

  private static Operation act(String verb, String name, String summary) {
    return Operation.of("POST", ONE + verb, name, summary)
        .takes("Reason", false)
        .gives(202, "Run", "the request is durable")
        .refuses(400, 404, 409, 503);
  }

  private static String id(Request request) {
    return request.parameter("id");
  }

  private static String reason(Request request) {
    return Bodies.reason(request.object(), BY_REQUEST);
  }

  private Answer cancel(Request request) {
    skein.cancel(id(request), reason(request));
    return acted(request);
  }

  private Answer suspend(Request request) {
    skein.suspend(id(request), reason(request));
    return acted(request);
  }

  private Answer resume(Request request) {
    request.object();
    skein.resume(id(request));
    return acted(request);
  }

  private Answer signal(Request request) {
    JsonNode body = request.object();
    skein.signal(id(request), Bodies.needed(body, "name"), body.get("data"));
    return acted(request);
  }

  private Answer acted(Request request) {
    return Answer.json(202, skein.run(id(request)).toJson());
  }
}
