package dev.skein.runtime.settings;

import dev.skein.connectors.policy.Declaration;
import dev.skein.connectors.policy.Match;
import dev.skein.connectors.policy.Policy;
import dev.skein.model.Section;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads one integration of `skein.yaml`: whom it is for, and what is agreed. What keeps calls
/// within bounds is read by [BoundsReader].
final class IntegrationReader {
  static final int MOST = 1_000_000;

  private static final List<String> BLOCKS =
      List.of(
          "endpoints",
          "balance",
          "auth",
          "timeout",
          "retry",
          "retryBudget",
          "hedge",
          "rateLimit",
          "concurrency",
          "breaker",
          "idempotency",
          "version",
          "transform",
          "contract",
          "egress");
  private static final String PORT =
      "(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]"
          + "|6553[0-5]))?";
  private static final String NAME = "[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*";
  private static final String NUMBERS = "\\[[0-9A-Fa-f:.]+]";
  private static final Pattern HOST =
      Pattern.compile("(?:(?:\\*\\.)?" + NAME + "|" + NUMBERS + ")" + PORT);
  private static final Pattern URL =
      Pattern.compile(
          "https?://(?:%s|%s)%s".formatted(NAME, NUMBERS, PORT)
              + "(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?");
  private static final Pattern PATH = Pattern.compile("/[^?#\\s]*");
  private static final Pattern WORKFLOW = Pattern.compile("[A-Za-z0-9*-]+/[A-Za-z0-9*-]+");
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern METHOD = Pattern.compile(TOKEN);
  private static final Pattern HEADER = Pattern.compile("(" + TOKEN + "): *([!-~][ -~]*)");

  /// Those that a call cannot set, and those that say where it goes and what it carries.
  private static final Set<String> OTHERS_HEADERS =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "expect",
          "host",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private IntegrationReader() {}

  /// @param places where each block stands
  record Read(Declaration declaration, Map<String, Section.Place> places) {}

  static Read read(String name, Section section) {
    var places = new LinkedHashMap<String, Section.Place>();
    BLOCKS.stream().filter(section::has).forEach(block -> places.put(block, section.place(block)));
    var lines = new LinkedHashMap<String, Integer>();
    places.forEach((block, place) -> lines.put(block, place.position().line()));
    Match match = section.section("match", IntegrationReader::match);
    if (!section.has("match")) {
      section.wrong("match", "'match' is missing", "write for example hosts: [pay.example.com]");
    }
    Match sound = Objects.requireNonNullElse(match, Match.ALL);
    return new Read(new Declaration(name, sound, blocks(section), lines), places);
  }

  private static Declaration.Blocks blocks(Section section) {
    return new Declaration.Blocks(
        section.has("endpoints") ? endpoints(section) : null,
        section.section("balance", IntegrationReader::balance),
        section.authentication("auth"),
        section.section("timeout", BoundsReader::timeout),
        section.section("retry", BoundsReader::retry),
        section.section("retryBudget", BoundsReader::budget),
        section.section("hedge", BoundsReader::hedge),
        section.section("rateLimit", BoundsReader::rateLimit),
        section.section("concurrency", BoundsReader::concurrency),
        section.section("breaker", BoundsReader::breaker),
        section.section("idempotency", IntegrationReader::idempotency),
        section.section("version", IntegrationReader::version),
        section.section("transform", IntegrationReader::transform),
        section.section("contract", ContractReader::contract),
        section.section("egress", IntegrationReader::egress));
  }

  private static Match match(Section section) {
    String host = "host such as pay.example.com or *.example.com";
    String workflow = "workflow such as namespace/name";
    return new Match(
        section.texts("hosts", HOST.asMatchPredicate(), host),
        section.texts("paths", PATH.asMatchPredicate(), "path such as /v1/refunds/**"),
        methods(section),
        named(section, "operations"),
        section.texts("workflows", WORKFLOW.asMatchPredicate(), workflow),
        named(section, "tasks"));
  }

  static Set<String> methods(Section section) {
    return section.texts("methods", METHOD.asMatchPredicate(), "method").stream()
        .map(method -> method.toUpperCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> named(Section section, String property) {
    return section.texts(property, text -> !text.isBlank(), "name").stream()
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<Policy.Endpoint> endpoints(Section section) {
    var seen = new HashSet<URI>();
    return section.list("endpoints", item -> endpoint(item, seen));
  }

  private static Policy.Endpoint endpoint(Section section, Set<URI> seen) {
    String text = section.requiredText("url");
    boolean sound = URL.matcher(text).matches();
    URI url = URI.create(sound ? text : "http://localhost");
    if (!sound && section.has("url")) {
      section.wrong("url", "'" + text + "' is no URL of a server", "write http://host:port");
    } else if (sound && !seen.add(url)) {
      section.conflict("url", "'" + text + "' is there already", "give it the sum of the weights");
    }
    return new Policy.Endpoint(
        url, section.integer("weight", 1, MOST, 1), section.textsByName("labels"));
  }

  private static Policy.Balance balance(Section section) {
    Policy.Ejection ejection = section.section("ejection", IntegrationReader::ejection);
    boolean eject = section.flag("eject", true);
    if (!eject && ejection != null) {
      section.conflict("ejection", "'eject' is false, so 'ejection' means nothing", null);
    }
    return new Policy.Balance(
        section.choice("policy", Policy.Balance.Choice.class, Policy.Balance.DEFAULT.choice()),
        eject ? Objects.requireNonNullElse(ejection, Policy.Ejection.DEFAULT) : null,
        section.section("health", IntegrationReader::health));
  }

  private static Policy.Health health(Section section) {
    String path = section.text("path", "/");
    if (!PATH.matcher(path).matches()) {
      section.wrong("path", "'" + path + "' is no path", "write for example /health");
    }
    return new Policy.Health(
        path,
        section.period("every", Duration.ofSeconds(10)),
        section.period("timeout", Duration.ofSeconds(2)),
        section.integer("failures", 1, MOST, 2),
        section.integer("successes", 1, MOST, 1));
  }

  private static Policy.Ejection ejection(Section section) {
    Policy.Ejection usual = Policy.Ejection.DEFAULT;
    return new Policy.Ejection(
        section.integer("consecutiveFailures", 1, MOST, usual.consecutiveFailures()),
        section.period("time", usual.time()));
  }

  private static Policy.Idempotency idempotency(Section section) {
    boolean send = section.flag("send", true);
    String header = section.text("header");
    if (header != null) {
      checkHeader(section, header, METHOD.matcher(header).matches() ? header : null);
    }
    if (!send && header != null) {
      section.conflict("header", "'send' is false, so 'header' means nothing", null);
    }
    return send && header == null
        ? Policy.Idempotency.DEFAULT
        : new Policy.Idempotency(send ? header : null);
  }

  private static Policy.Version version(Section section) {
    boolean alert =
        section.choice("deprecation", Deprecation.class, Deprecation.ALERT) == Deprecation.ALERT;
    String header = section.text("header");
    if (header == null) {
      return new Policy.Version(null, alert);
    }
    Matcher parts = HEADER.matcher(header);
    boolean sound = parts.matches();
    checkHeader(section, header, sound ? parts.group(1) : null);
    return new Policy.Version(
        sound ? Map.entry(parts.group(1), parts.group(2).strip()) : null, alert);
  }

  private enum Deprecation {
    ALERT,
    IGNORE
  }

  private static Policy.Transform transform(Section section) {
    Policy.RequestShape request =
        isText(section, "request")
            ? new Policy.RequestShape(section.template("request"), null, null)
            : section.section("request", IntegrationReader::requestShape);
    Policy.ResponseShape response =
        isText(section, "response")
            ? new Policy.ResponseShape(section.template("response"))
            : section.section("response", s -> new Policy.ResponseShape(s.template("body")));
    return new Policy.Transform(request, response);
  }

  private static Policy.RequestShape requestShape(Section section) {
    return new Policy.RequestShape(
        section.template("body"),
        section.objectTemplate("headers"),
        section.objectTemplate("query"));
  }

  /// The short form, for the body.
  private static boolean isText(Section section, String name) {
    JsonNode written = section.json(name);
    return written != null && written.isString();
  }

  /// @param name null if the text is no header
  private static void checkHeader(Section section, String text, @Nullable String name) {
    if (name == null) {
      section.wrong("header", "'" + text + "' is no header", null);
    } else if (OTHERS_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      section.conflict("header", "the header '" + name + "' is set by the call itself", null);
    }
  }

  private static Policy.Egress egress(Section section) {
    return new Policy.Egress(
        section.choice("private", Permission.class, Permission.ALLOW) == Permission.ALLOW);
  }

  private enum Permission {
    ALLOW,
    DENY
  }
}
