package dev.skein.model;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What is refused beyond the schema, told a second time and straight from the rulings: names,
/// jumps, references and schedules of a document that the schema accepts. Used once, by one thread.
final class SemanticRules {
  /// The rules that are told here.
  static final Set<Code> TOLD =
      Set.of(
          Code.DUPLICATE_NAME,
          Code.EMPTY,
          Code.FLOW,
          Code.REFERENCE,
          Code.CRON,
          Code.SCHEDULE,
          Code.A2A);

  private static final Set<String> DIRECTIVES = Set.of("continue", "exit", "end");
  private static final Set<String> PROTOCOLS =
      Set.of("asyncapi", "grpc", "http", "openapi", "a2a", "mcp");
  private static final List<String> STARTS = List.of("every", "cron", "after", "on");
  private static final Pattern SECRET = Pattern.compile("\\$secrets\\.([A-Za-z0-9_]+)");
  private static final String CRON_FIELD = "(\\*|[0-9]+(-[0-9]+)?)(/[0-9]+)?";
  private static final Pattern CRON = Pattern.compile(CRON_FIELD + "( " + CRON_FIELD + "){4}");

  private final JsonNode document;
  private final JsonNode use;
  private final Set<Code> broken = EnumSet.noneOf(Code.class);

  private SemanticRules(JsonNode document) {
    this.document = document;
    this.use = document.path("use");
  }

  /// @param document one that the schema accepts
  static Set<Code> brokenBy(JsonNode document) {
    SemanticRules rules = new SemanticRules(document);
    rules.check();
    return rules.broken;
  }

  private void check() {
    list(document.path("do"));
    timeout(document);
    use.path("functions").forEach(function -> task(function, Set.of()));
    use.path("extensions")
        .forEach(item ->
            item.forEach(extension -> {
              lists(extension, "before", "after");
            }));
    use.path("authentications").forEach(this::policy);
    use.path("catalogs").forEach(catalog -> endpoint(catalog.path("endpoint")));
    schemas(document, "input", "output");
    schedule(document.path("schedule"));
    JsonNode skein = document.path("document").path("metadata").path("skein");
    named(skein.path("saga").path("retry"), "retries");
    JsonNode secret = skein.path("api").path("webhook").path("secret");
    if (secret.isString() && !isSecret(secret.stringValue())) {
      broken.add(Code.REFERENCE);
    }
  }

  private void list(JsonNode list) {
    if (list.isEmpty()) {
      broken.add(Code.EMPTY);
    }
    Set<String> names = new HashSet<>();
    for (JsonNode item : list) {
      for (String name : item.propertyNames()) {
        if (!names.add(name)) {
          broken.add(Code.DUPLICATE_NAME);
        }
      }
    }
    list.forEach(item -> item.forEach(task -> task(task, names)));
  }

  private void lists(JsonNode owner, String... names) {
    for (String name : names) {
      if (owner.has(name)) {
        list(owner.get(name));
      }
    }
  }

  private void task(JsonNode task, Set<String> siblings) {
    timeout(task);
    then(task.path("then"), siblings);
    schemas(task, "input", "output", "export");
    lists(task, "do", "try");
    lists(task.path("fork"), "branches");
    lists(task.path("foreach"), "do");
    schemas(task.path("foreach"), "output", "export");
    task.path("switch")
        .forEach(item ->
            item.forEach(branch -> {
              then(branch.path("then"), siblings);
            }));
    JsonNode handler = task.path("catch");
    lists(handler, "do");
    then(handler.path("then"), siblings);
    named(handler.path("retry"), "retries");
    named(task.path("raise").path("error"), "errors");
    resource(task.path("run").path("script").path("source"));
    call(task);
    JsonNode compensate = task.path("metadata").path("skein").path("compensate");
    if (compensate.isArray()) {
      list(compensate);
    } else {
      named(compensate, "functions");
    }
  }

  private void call(JsonNode task) {
    String call = task.path("call").asString("");
    JsonNode with = task.path("with");
    if (!task.has("call")) {
      return;
    }
    if (!PROTOCOLS.contains(call)) {
      int at = call.indexOf('@');
      String section = at < 0 ? "functions" : "catalogs";
      boolean address = call.contains("://") || (at < 0 && call.matches("\\.\\.?/.*"));
      if (!address && !use.path(section).has(call.substring(at + 1))) {
        broken.add(Code.REFERENCE);
      }
      return;
    }
    if (call.equals("a2a") && !with.has("agentCard") && !with.has("server")) {
      broken.add(Code.A2A);
    }
    Stream.of("document", "proto", "agentCard").forEach(name -> resource(with.path(name)));
    endpoint(with.path(call.equals("http") ? "endpoint" : "server"));
    endpoint(with.path("transport").path("http").path("endpoint"));
    authentication(with.path("authentication"));
    authentication(with.path("service").path("authentication"));
    JsonNode foreach = with.path("subscription").path("foreach");
    lists(foreach, "do");
    schemas(foreach, "output", "export");
  }

  private void then(JsonNode then, Set<String> siblings) {
    if (then.isString()
        && !DIRECTIVES.contains(then.stringValue())
        && !siblings.contains(then.stringValue())) {
      broken.add(Code.FLOW);
    }
  }

  private void timeout(JsonNode owner) {
    named(owner.path("timeout"), "timeouts");
  }

  private void named(JsonNode reference, String section) {
    if (reference.isString() && !use.path(section).has(reference.stringValue())) {
      broken.add(Code.REFERENCE);
    }
  }

  private void schemas(JsonNode owner, String... names) {
    for (String name : names) {
      resource(owner.path(name).path("schema").path("resource"));
    }
  }

  private void resource(JsonNode resource) {
    endpoint(resource.path("endpoint"));
  }

  private void endpoint(JsonNode endpoint) {
    authentication(endpoint.path("authentication"));
  }

  private void authentication(JsonNode authentication) {
    if (authentication.has("use")) {
      named(authentication.path("use"), "authentications");
    } else {
      policy(authentication);
    }
  }

  private void policy(JsonNode policy) {
    for (String kind : List.of("basic", "bearer", "digest", "oauth2", "oidc")) {
      JsonNode secret = policy.path(kind).path("use");
      if (secret.isString() && !isSecret(secret.stringValue())) {
        broken.add(Code.REFERENCE);
      }
    }
  }

  private void schedule(JsonNode schedule) {
    if (STARTS.stream().filter(schedule::has).count() > 1) {
      broken.add(Code.SCHEDULE);
    }
    JsonNode cron = schedule.path("cron");
    if (cron.isString() && !CRON.matcher(cron.stringValue()).matches()) {
      broken.add(Code.CRON);
    }
  }

  /// Whether it names secrets it doesn't declare, be it in expressions or in mere text: which is
  /// which is not told here.
  static boolean mayMissSecrets(JsonNode document) {
    SemanticRules rules = new SemanticRules(document);
    return SECRET
        .matcher(document.toString())
        .results()
        .anyMatch(found -> !rules.isSecret(found.group(1)));
  }

  private boolean isSecret(String name) {
    return use.path("secrets").valueStream().anyMatch(secret -> secret.asString("").equals(name));
  }
}
