package dev.skein.server.api;

import dev.skein.interpreter.Json;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.server.http.Answer;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import dev.skein.supervision.alert.Alerts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// When somebody is told of how everything is, and when not.
public final class AlertsApi {
  private static final String ALL = "/api/v1/alerts";
  private static final Duration LONGEST_SILENCE = Duration.ofDays(365);

  private final Skein skein;
  private final Alerts alerts;
  private final InstantSource clock;

  public AlertsApi(Skein skein, InstantSource clock) {
    this.skein = skein;
    this.alerts = skein.alerts();
    this.clock = clock;
  }

  public void add(Routes routes) {
    routes
        .on(
            Operation.of("GET", ALL, "listAlerts", "Every alert of the settings, and how it is")
                .needs(Role.VIEWER, Reach.EVERYWHERE)
                .gives(200, "AlertList", "in the order of the settings"),
            _ -> list())
        .on(
            act("silence", "silenceAlert", "Keeps everybody from being told for a while")
                .takes("Silence", true),
            this::silence)
        .on(
            act("unsilence", "unsilenceAlert", "Ends its silences").takes("Reason", false),
            this::unsilence)
        .on(
            Operation.of("POST", ALL + "/{name}/test", "testAlert", "Tells all of a test")
                .needs(Role.OPERATOR, Reach.EVERYWHERE)
                .takes("Reason", false)
                .gives(202, "Run", "the run that tells them")
                .refuses(400, 404, 503),
            this::test);
  }

  private static Operation act(String verb, String name, String summary) {
    return Operation.of("POST", ALL + "/{name}/" + verb, name, summary)
        .needs(Role.OPERATOR, Reach.EVERYWHERE)
        .gives(200, "AlertList", "every alert, as it is now")
        .refuses(400, 404, 503);
  }

  private Answer list() {
    ObjectNode json = Json.NODES.objectNode();
    ArrayNode all = json.putArray("alerts");
    alerts.all().forEach(alert -> all.add(alert.toJson()));
    return Answer.ok(json);
  }

  private Answer silence(Request request) {
    JsonNode body = request.object();
    String reason = Bodies.reason(body, "asked for by a request");
    alerts.silence(request.parameter("name"), until(body), reason);
    return list();
  }

  private Instant until(JsonNode body) {
    String length = Bodies.text(body, "for");
    String end = Bodies.text(body, "until");
    if ((length == null) == (end == null)) {
      throw Refusal.malformed("one of 'for' and 'until' must say how long the silence is");
    }
    Instant now = clock.instant();
    Instant until = length == null ? Bodies.instant("until", end) : now.plus(length(length));
    if (until == null || !until.isAfter(now) || until.isAfter(now.plus(LONGEST_SILENCE))) {
      throw Refusal.malformed("a silence must end within a year from now");
    }
    return until;
  }

  private static Duration length(String written) {
    try {
      Duration length = Duration.parse(written);
      return length.compareTo(LONGEST_SILENCE) > 0 ? LONGEST_SILENCE.plusDays(1) : length;
    } catch (DateTimeParseException e) {
      throw Refusal.malformed("'for' must be a duration such as PT2H, not '" + written + "'");
    }
  }

  private Answer unsilence(Request request) throws InterruptedException {
    String reason = Bodies.reason(request.object(), "asked for by a request");
    var _ = alerts.unsilence(request.parameter("name"), reason);
    return list();
  }

  private Answer test(Request request) {
    var _ = Bodies.reason(request.object(), "asked for by a request");
    String run = alerts.test(request.parameter("name")).id();
    return Answer.json(202, skein.run(run).toJson());
  }
}
