package dev.skein.server;

import dev.skein.connectors.resilience.Timeline;
import dev.skein.interpreter.Json;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.IncidentException;
import dev.skein.kernel.store.StoreException;
import dev.skein.model.Diagnostic;
import dev.skein.runtime.InvalidDefinition;
import dev.skein.runtime.Pulse;
import dev.skein.runtime.Skein;
import dev.skein.runtime.SkeinException;
import dev.skein.runtime.access.Keys;
import dev.skein.runtime.access.Principal;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.settings.AuthSettings;
import dev.skein.server.access.AccessGuard;
import dev.skein.server.access.Identities;
import dev.skein.server.access.OidcLogin;
import dev.skein.server.access.SessionApi;
import dev.skein.server.access.Sessions;
import dev.skein.server.access.WrongKeys;
import dev.skein.server.api.ActsApi;
import dev.skein.server.api.AlertsApi;
import dev.skein.server.api.AuditApi;
import dev.skein.server.api.BulkApi;
import dev.skein.server.api.DefinitionsApi;
import dev.skein.server.api.DescriptionApi;
import dev.skein.server.api.EventLogApi;
import dev.skein.server.api.EventsApi;
import dev.skein.server.api.IncidentsApi;
import dev.skein.server.api.KeysApi;
import dev.skein.server.api.LiveApi;
import dev.skein.server.api.NodesApi;
import dev.skein.server.api.OperationsApi;
import dev.skein.server.api.OverviewApi;
import dev.skein.server.api.RunLooksApi;
import dev.skein.server.api.RunsApi;
import dev.skein.server.api.SchedulesApi;
import dev.skein.server.console.ConsolePages;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import dev.skein.server.http.Site;
import dev.skein.server.metrics.Metrics;
import dev.skein.server.published.PublishedApi;
import dev.skein.server.published.TryItPage;
import dev.skein.supervision.alert.UnknownAlert;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Serves a Skein to other programs over REST. It does not own it: close the server first, then the
/// Skein.
public final class Server implements AutoCloseable {
  private final ServerOptions options;
  private final Identities identities;
  private final Routes routes;
  private final Site site;
  private volatile boolean closing;

  /// Begins to serve.
  ///
  /// @param host the address to bind to
  /// @param port 0 for any that is free
  public Server(Skein skein, String host, int port) {
    this(skein, ServerOptions.at(host, port));
  }

  public Server(Skein skein, ServerOptions options) {
    this(skein, options, Timeline.system());
  }

  /// The same in a time of its own.
  Server(Skein skein, ServerOptions options, Timeline time) {
    this.options = options;
    Keys keys = skein.access().keys();
    var sessions = new Sessions(skein.access(), time, options.tls() != null);
    this.identities = new Identities(options.login(), keys, sessions, new WrongKeys(time));
    var metrics = new Metrics(skein);
    var pulse = new Pulse(time::now);
    skein.watch(pulse);
    skein.overview().add(metrics::toJson);
    this.routes = new Routes(new AccessGuard(skein, identities, Server::refusal));
    new DefinitionsApi(skein).add(routes);
    new RunsApi(skein).add(routes);
    new RunLooksApi(skein).add(routes);
    new LiveApi(skein).add(routes);
    new BulkApi(skein).add(routes);
    new ActsApi(skein).add(routes);
    new IncidentsApi(skein).add(routes);
    new AlertsApi(skein, time::now).add(routes);
    new EventsApi(skein).add(routes);
    new OperationsApi(skein, this::isClosing).add(routes);
    new SchedulesApi(skein).add(routes);
    new EventLogApi(skein).add(routes);
    new NodesApi(skein.nodes()).add(routes);
    new OverviewApi(skein, pulse).add(routes);
    metrics.add(routes);
    new ConsolePages().add(routes);
    AuthSettings.Oidc oidc = options.auth().oidc();
    if (oidc != null) {
      new OidcLogin(oidc, secret(skein, oidc.clientSecret()), sessions).add(routes);
    }
    new SessionApi(identities, sessions, oidc != null).add(routes);
    new KeysApi(keys).add(routes);
    new AuditApi(skein.access().trail()).add(routes);
    new DescriptionApi(routes).add(routes);
    new TryItPage(skein, time).add(routes);
    new PublishedApi(skein, time, this::admit, options.server().published().audit()).add(routes);
    var address = new Site.Address(options.host(), options.port(), options.tls());
    this.site = new Site(address, routes, Server::refusal, metrics.requests());
  }

  private static @Nullable String secret(Skein skein, @Nullable String name) {
    if (name == null) {
      return null;
    }
    JsonNode secret = skein.secret(name);
    if (secret == null) {
      throw new IllegalArgumentException(
          "there is no secret '%s' for the login; set it with 'skein secret set'".formatted(name));
    }
    return secret.asString();
  }

  /// Where it is reached.
  public String url() {
    String host = options.host();
    return "%s://%s:%d"
        .formatted(
            options.tls() == null ? "http" : "https",
            host.contains(":") ? "[" + host + "]" : host,
            site.port());
  }

  /// Whether everybody must show who they are.
  public boolean loginDemanded() {
    return identities.loginDemanded();
  }

  /// All that the API does, and who may ask for it.
  List<Operation> operations() {
    return routes.operations();
  }

  /// Callers of published workflows are no users of the console: they are let in unless a project
  /// wants otherwise, and then by any role in the namespace of the workflow.
  private String admit(Request request, String namespace) {
    if (!options.publishedNeedLogin()) {
      return request.remote();
    }
    Principal caller = identities.of(request);
    if (!caller.roles().in(namespace, Role.VIEWER)) {
      throw Refusal.forbidden(
          "%s has no role in the namespace '%s'".formatted(caller.name(), namespace));
    }
    return caller.name();
  }

  private boolean isClosing() {
    return closing;
  }

  /// What an error is to the client; null if it should not happen.
  private static @Nullable Refusal refusal(RuntimeException error) {
    return switch (error) {
      case EngineException e ->
          Refusal.of(
              switch (e.code()) {
                case NO_SUCH_RUN, NO_SUCH_WORKFLOW -> 404;
                case ENDED, CONFLICT, UNFIT -> 409;
                case OVERLOADED, CLOSED -> 503;
              },
              e.code(),
              e.getMessage());
      case SkeinException e ->
          Refusal.of(
              switch (e.code()) {
                case NO_SUCH_WORKFLOW, NO_SUCH_SCHEDULE, NO_SUCH_INCIDENT -> 404;
                case VERSION_EXISTS, ENDPOINT_TAKEN -> 409;
                case UNREADABLE_SECRET -> 500;
              },
              e.code(),
              e.getMessage());
      case InvalidDefinition e ->
          new Refusal(
              400,
              "invalid-definition",
              String.valueOf(e.getMessage()),
              Map.of("diagnostics", diagnostics(e)));
      case UnknownAlert e -> Refusal.of(404, "no-such-alert", e.getMessage());
      case IncidentException e -> Refusal.of(409, "incident", e.getMessage());
      case StoreException e -> Refusal.of(503, "store-failed", e.getMessage());
      default -> null;
    };
  }

  private static ArrayNode diagnostics(InvalidDefinition invalid) {
    ArrayNode diagnostics = Json.NODES.arrayNode();
    for (Diagnostic diagnostic : invalid.diagnostics()) {
      diagnostics
          .addObject()
          .put("line", diagnostic.line())
          .put("column", diagnostic.column())
          .put("path", diagnostic.path())
          .put("message", diagnostic.message())
          .put("hint", diagnostic.hint());
    }
    return diagnostics;
  }

  /// Takes no new requests, and lets those under way end.
  @Override
  public void close() {
    closing = true;
    site.close();
  }
}
