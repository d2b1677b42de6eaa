package dev.skein.interpreter;

import dev.skein.interpreter.expression.Scope;
import dev.skein.kernel.Compensation;
import dev.skein.kernel.StepOptions;
import dev.skein.kernel.Work;
import dev.skein.kernel.journal.Payload;
import dev.skein.model.ApiFile;
import dev.skein.model.CallGrpcTask;
import dev.skein.model.CallHttpTask;
import dev.skein.model.CallOpenApiTask;
import dev.skein.model.Definition;
import dev.skein.model.GrpcArguments;
import dev.skein.model.HttpArguments;
import dev.skein.model.OpenApiArguments;
import dev.skein.model.Problem;
import dev.skein.model.ProtoFiles;
import dev.skein.model.Task;
import dev.skein.model.Template;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes calls as steps: the request is evaluated first, then sent under an idempotency key that
/// stays the same however often it has to be sent.
final class Calls {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z0-9_.-]+)}");

  private final Definition definition;
  private final Templates templates;
  private final HttpPort http;
  private final GrpcPort grpc;
  private final OpenApiPort openApi;
  private final Vault vault;
  private final Policies policies;

  /// Where a call is made.
  ///
  /// @param undo what to register while the outcome is unknown; null for a task without
  ///   compensation
  record At(Env env, Scope scope, @Nullable Compensation undo) {}

  /// A call with its request evaluated, at one attempt of its step.
  @FunctionalInterface
  private interface Call {
    JsonNode make(HttpPort.Site site) throws InterruptedException;
  }

  Calls(Definition definition, Templates templates, Ports ports, Vault vault) {
    this.definition = definition;
    this.templates = templates;
    this.http = ports.http();
    this.grpc = ports.grpc();
    this.openApi = ports.openApi();
    this.vault = vault;
    this.policies = new Policies(templates, vault);
  }

  JsonNode http(CallHttpTask task, JsonNode input, At at) {
    return step(task, input, at, site -> http.call(request(task.with(), input, at.scope()), site));
  }

  JsonNode grpc(CallGrpcTask task, JsonNode input, At at) {
    return step(task, input, at, site -> grpc.call(request(task.with(), input, at.scope()), site));
  }

  JsonNode openApi(CallOpenApiTask task, JsonNode input, At at) {
    return step(
        task, input, at, site -> openApi.call(request(task.with(), input, at.scope()), site));
  }

  private JsonNode step(Task task, JsonNode input, At at, Call call) {
    String key = idempotencyKey(task, input, at);
    var options = StepOptions.DEFAULT.idempotencyKey(key).compensation(at.undo());
    var effects = new Effects(vault, task.reference());
    Payload outcome =
        at.env()
            .kernel()
            .step(
                at.env().name(task.reference()),
                options,
                attempt -> effects.done(() -> call.make(site(task, at, attempt))));
    return vault.open(outcome);
  }

  private String idempotencyKey(Task task, JsonNode input, At at) {
    JsonNode own = task.base().idempotencyKey();
    if (own != null) {
      JsonNode value = templates.evaluate(own, input, at.scope());
      return value.isString() ? value.asString() : Json.text(value);
    }
    Env env = at.env();
    return env.kernel().runId() + ":" + env.place().key(task.reference());
  }

  private HttpPort.Site site(Task task, At at, Work.Attempt attempt) {
    JsonNode skein = task.base().metadata().path("skein");
    return new HttpPort.Site(
        workflow(),
        at.env().kernel().runId(),
        task.name(),
        task.reference(),
        attempt.task(),
        skein.path("integration").asString(null),
        skein.path("priority").asInt(at.env().kernel().priority()),
        attempt.idempotencyKey(),
        attempt.deferred());
  }

  private String workflow() {
    return definition.document().namespace() + "/" + definition.document().name();
  }

  private HttpPort.Request request(HttpArguments with, JsonNode input, Scope outside) {
    JsonNode written = with.authentication();
    JsonNode authentication = written == null ? null : policies.filled(written, input, outside);
    Scope scope = authentication == null ? outside : authorized(authentication, outside);
    String method = text(templates.evaluate(with.method(), input, scope), "method");
    JsonNode body = with.body();
    return new HttpPort.Request(
        method.toUpperCase(Locale.ROOT),
        uri(with.endpoint(), input, scope),
        headers(with.headers(), input, scope),
        query(with.query(), input, scope),
        body == null ? null : templates.evaluate(body, input, scope),
        authentication,
        with.output(),
        with.redirect());
  }

  private GrpcPort.Request request(GrpcArguments with, JsonNode input, Scope outside) {
    ProtoFiles files = with.files();
    if (files == null) {
      throw configuration("the proto lies elsewhere and was not read at deployment");
    }
    GrpcArguments.Service service = with.service();
    JsonNode written = service.authentication();
    JsonNode authentication = written == null ? null : policies.filled(written, input, outside);
    Scope scope = authentication == null ? outside : authorized(authentication, outside);
    JsonNode arguments = with.arguments();
    return new GrpcPort.Request(
        files,
        text(templates.evaluate(service.name(), input, scope), "service.name"),
        text(templates.evaluate(with.method(), input, scope), "method"),
        service.host(),
        service.port(),
        service.tls(),
        arguments == null ? Json.NODES.objectNode() : templates.evaluate(arguments, input, scope),
        authentication);
  }

  private OpenApiPort.Request request(OpenApiArguments with, JsonNode input, Scope outside) {
    ApiFile file = with.file();
    if (file == null) {
      throw configuration("the OpenAPI document lies elsewhere and was not read at deployment");
    }
    JsonNode written = with.authentication();
    JsonNode authentication = written == null ? null : policies.filled(written, input, outside);
    Scope scope = authentication == null ? outside : authorized(authentication, outside);
    JsonNode parameters = with.parameters();
    return new OpenApiPort.Request(
        file,
        text(templates.evaluate(with.operationId(), input, scope), "operationId"),
        parameters == null ? Json.NODES.objectNode() : templates.evaluate(parameters, input, scope),
        authentication,
        with.output(),
        with.redirect());
  }

  /// The same with `$authorization`, which is asked for only if an expression does.
  private Scope authorized(JsonNode policy, Scope outside) {
    return new Scope() {
      @Override
      public @Nullable JsonNode variable(String name) {
        return name.equals("authorization")
            ? http.authorization(policy, workflow())
            : outside.variable(name);
      }

      @Override
      public Instant now() {
        return outside.now();
      }
    };
  }

  private URI uri(JsonNode endpoint, JsonNode input, Scope scope) {
    String written = text(endpoint, "endpoint");
    boolean literal = Template.of(written) instanceof Template.Literal;
    String uri =
        literal
            ? expanded(written, input)
            : text(templates.evaluate(endpoint, input, scope), "endpoint");
    try {
      return new URI(uri);
    } catch (URISyntaxException e) {
      throw configuration("'" + uri + "' is no URI: " + e.getReason());
    }
  }

  /// Fills `{name}` of a URI template with the input's value of that name; nothing where it has
  /// none.
  private static String expanded(String template, JsonNode input) {
    Matcher placeholder = PLACEHOLDER.matcher(template);
    var result = new StringBuilder();
    while (placeholder.find()) {
      JsonNode value = input.path(placeholder.group(1));
      if (value.isContainer()) {
        throw Problems.fault(
            Problem.Kind.EXPRESSION.problem(
                "{%s} of %s needs a single value, not %s"
                    .formatted(placeholder.group(1), template, Json.text(value))));
      }
      String text = value.isMissingNode() || value.isNull() ? "" : value.asString();
      if (text.equals(".") || text.equals("..")) {
        // whoever gets the address resolves them, encoded or not
        throw Problems.fault(
            Problem.Kind.EXPRESSION.problem(
                "{%s} of %s is '%s', which would lead elsewhere"
                    .formatted(placeholder.group(1), template, text)));
      }
      String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
      placeholder.appendReplacement(result, Matcher.quoteReplacement(encoded));
    }
    return placeholder.appendTail(result).toString();
  }

  private Map<String, String> headers(@Nullable JsonNode written, JsonNode input, Scope scope) {
    var headers = new LinkedHashMap<String, String>();
    for (Map.Entry<String, JsonNode> header : fields(written, input, scope, "headers")) {
      if (!header.getValue().isNull()) {
        headers.put(header.getKey(), scalar(header.getValue(), "header " + header.getKey()));
      }
    }
    return headers;
  }

  private Map<String, List<String>> query(@Nullable JsonNode written, JsonNode input, Scope scope) {
    var query = new LinkedHashMap<String, List<String>>();
    for (Map.Entry<String, JsonNode> parameter : fields(written, input, scope, "query")) {
      String what = "query parameter " + parameter.getKey();
      JsonNode value = parameter.getValue();
      if (value.isArray()) {
        query.put(parameter.getKey(), value.valueStream().map(item -> scalar(item, what)).toList());
      } else if (!value.isNull()) {
        query.put(parameter.getKey(), List.of(scalar(value, what)));
      }
    }
    return query;
  }

  private Iterable<Map.Entry<String, JsonNode>> fields(
      @Nullable JsonNode written, JsonNode input, Scope scope, String what) {
    if (written == null) {
      return List.of();
    }
    JsonNode value = templates.evaluate(written, input, scope);
    if (value.isNull()) {
      return List.of();
    }
    if (!value.isObject()) {
      throw configuration(what + " must be an object");
    }
    return value.properties();
  }

  private static String scalar(JsonNode value, String what) {
    if (value.isContainer()) {
      throw configuration(what + " must be a single value");
    }
    return value.asString();
  }

  private static String text(JsonNode value, String what) {
    if (!value.isString()) {
      throw configuration(what + " must be a string, not " + Json.text(value));
    }
    return value.asString();
  }

  private static RuntimeException configuration(String detail) {
    return Problems.fault(Problem.Kind.CONFIGURATION.problem(detail));
  }
}
