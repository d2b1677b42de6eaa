package dev.skein.runtime.settings;

import dev.skein.connectors.mail.MailServer;
import dev.skein.connectors.mail.MailServer.Security;
import dev.skein.interpreter.Evaluator;
import dev.skein.interpreter.Json;
import dev.skein.model.Section;
import dev.skein.supervision.alert.AlertRule;
import dev.skein.supervision.alert.AlertRule.Condition;
import dev.skein.supervision.alert.AlertRule.Judgement;
import dev.skein.supervision.alert.AlertRule.Severity;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What `skein.yaml` says under `alerts`: when somebody should be told, and how.
///
/// @param every how long after all rules were asked they are asked again
/// @param mail null if nobody is told by mail
public record AlertSettings(Duration every, @Nullable Mail mail, List<AlertRule> rules) {
  public static final AlertSettings NONE =
      new AlertSettings(Duration.ofSeconds(15), null, List.of());

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern WEB = Pattern.compile("https?://[^\\s/?#]+\\S*");
  private static final Pattern MAILBOX = Pattern.compile("[^\\s@<>,;]+@[^\\s@<>,;]+");
  private static final String PART = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern WORKFLOW = Pattern.compile(PART + "/" + PART + "(:\\S+)?");
  private static final int HIGHEST_PORT = 65_535;
  private static final int USUAL_PORT = 587;
  private static final Duration USUAL_WINDOW = Duration.ofMinutes(5);
  private static final List<String> WAYS = List.of("webhook", "email", "command", "workflow");

  /// How mail is sent.
  ///
  /// @param password the name of a secret; null for none
  public record Mail(MailServer server, String from, @Nullable String password) {}

  static AlertSettings read(Section section, Evaluator evaluator) {
    Mail mail = section.section("mail", AlertSettings::mail);
    List<JsonNode> usual = channels(section, mail);
    var rules =
        section.sections(
            "rules",
            NAME.asMatchPredicate(),
            "name of an alert",
            (name, rule) -> rule(name, rule, new Around(evaluator, mail, usual)));
    return new AlertSettings(
        section.period("every", NONE.every), mail, List.copyOf(rules.values()));
  }

  /// What all rules have in common.
  private record Around(Evaluator evaluator, @Nullable Mail mail, List<JsonNode> usual) {}

  private enum Scope {
    CLUSTER,
    NODE
  }

  private static AlertRule rule(String name, Section section, Around around) {
    List<JsonNode> channels = section.has("notify") ? channels(section, around.mail) : around.usual;
    JsonNode when = section.template("when");
    if (when == null) {
      section.wrong(
          "when",
          "'when' must say when the alert fires",
          "an expression: ${ .incidents.open > 0 }");
    } else if (!when.isString() || !when.asString().strip().startsWith("${")) {
      section.wrong("when", "'when' must be an expression", "such as ${ .incidents.open > 0 }");
    }
    JsonNode summary = section.template("summary");
    if (summary != null && !summary.isString()) {
      section.wrong("summary", "'summary' must be a text, or an expression", null);
    }
    return new AlertRule(
        name,
        section.choice("severity", Severity.class, Severity.WARNING),
        section.duration("for", Duration.ZERO),
        section.period("window", USUAL_WINDOW),
        section.period("repeat"),
        section.choice("scope", Scope.class, Scope.CLUSTER) == Scope.NODE,
        channels,
        condition(around.evaluator, when, summary));
  }

  /// A rule sees how everything is now, and under `before` how it was its window ago.
  private static Condition condition(
      Evaluator evaluator, @Nullable JsonNode when, @Nullable JsonNode summary) {
    JsonNode asked = when == null ? Json.NODES.booleanNode(false) : when;
    String otherwise = asked.asString("");
    return (now, before) -> {
      ObjectNode both = Json.NODES.objectNode();
      both.setAll((ObjectNode) now);
      both.set("before", before);
      JsonNode answer = evaluator.evaluate(asked, both);
      if (!answer.isBoolean()) {
        throw new IllegalStateException(
            "'when' must be true or false, and is " + Json.text(answer));
      }
      if (!answer.booleanValue() || summary == null) {
        return new Judgement(answer.booleanValue(), otherwise);
      }
      JsonNode said = evaluator.evaluate(summary, both);
      return new Judgement(true, said.isString() ? said.asString() : Json.text(said));
    };
  }

  private static List<JsonNode> channels(Section section, @Nullable Mail mail) {
    return section.has("notify") ? section.list("notify", in -> channel(in, mail)) : List.of();
  }

  private static @Nullable JsonNode channel(Section section, @Nullable Mail mail) {
    ObjectNode channel = Json.NODES.objectNode();
    String webhook =
        checked(section, "webhook", WEB, "address such as https://hooks.example.com/1");
    if (webhook != null) {
      channel.put("webhook", webhook);
    }
    if (section.has("email")) {
      List<String> to = section.texts("email", MAILBOX.asMatchPredicate(), "address of mail");
      to.forEach(channel.putArray("email")::add);
      if (mail == null) {
        section.conflict("email", "nobody can be told by mail without 'alerts.mail'", null);
      }
    }
    String command = section.text("command");
    if (command != null) {
      channel.put("command", command);
    }
    String workflow = checked(section, "workflow", WORKFLOW, "workflow such as ops/page");
    if (workflow != null) {
      channel.put("workflow", workflow);
    }
    List<String> given = WAYS.stream().filter(section::has).toList();
    if (given.size() != 1) {
      section.wrong(
          given.size() > 1 ? given.get(1) : WAYS.getFirst(),
          "each of 'notify' says one way: " + String.join(", ", WAYS),
          null);
      return null;
    }
    return channel;
  }

  private static @Nullable String checked(
      Section section, String name, Pattern format, String expected) {
    String text = section.text(name);
    if (text != null && !format.matcher(text).matches()) {
      section.wrong(name, "'" + text + "' is no " + expected, null);
    }
    return text;
  }

  private static Mail mail(Section section) {
    Security security = section.choice("security", Security.class, Security.STARTTLS);
    var server =
        new MailServer(
            section.requiredText("host"),
            section.integer("port", 1, HIGHEST_PORT, USUAL_PORT),
            security,
            section.text("user"));
    String from = section.requiredText("from");
    if (section.has("from") && !MAILBOX.matcher(from).matches()) {
      section.wrong("from", "'" + from + "' is no address of mail", null);
    }
    return new Mail(server, from, section.text("password"));
  }
}
