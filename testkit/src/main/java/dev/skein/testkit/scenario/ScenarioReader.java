package dev.skein.testkit.scenario;

import dev.skein.connectors.format.Bodies;
import dev.skein.connectors.format.InvalidBody;
import dev.skein.connectors.format.WrittenBody;
import dev.skein.interpreter.Evaluator;
import dev.skein.interpreter.Json;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.model.ExpressionSyntax;
import dev.skein.model.Resources;
import dev.skein.model.Section;
import dev.skein.model.Template;
import dev.skein.testkit.scenario.Scenario.Answer;
import dev.skein.testkit.scenario.Scenario.Case;
import dev.skein.testkit.scenario.Scenario.Disturbance;
import dev.skein.testkit.scenario.Scenario.Expectation;
import dev.skein.testkit.scenario.Scenario.Failure;
import dev.skein.testkit.scenario.Scenario.Peer;
import dev.skein.testkit.scenario.Scenario.Rule;
import dev.skein.testkit.scenario.Scenario.Sent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a file of cases, with everything that is wrong in one pass.
public final class ScenarioReader {
  private static final ExpressionSyntax SYNTAX = Evaluator.syntax(new Jq(Limits.defaults()));
  private static final Instant USUAL_START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");
  private static final Pattern REQUEST = Pattern.compile("[A-Z*]+ /\\S*");
  private static final int MOST_TIMES = 1_000_000;

  private final Path file;

  private ScenarioReader(Path file) {
    this.file = file;
  }

  /// @param file where the text stands
  public static Section.Result<Scenario> read(String text, Path file) {
    return Section.read(text, SYNTAX, Resources.UNREAD, new ScenarioReader(file)::scenario);
  }

  private Scenario scenario(Section root) {
    String workflow = root.requiredText("workflow");
    String config = root.text("config");
    List<Case> cases = root.list("cases", this::read);
    if (!root.has("cases")) {
      root.wrong("cases", "'cases' is missing", "list at least one, with a name");
    }
    return new Scenario(
        file,
        beside(workflow),
        root.texts("also", name -> !name.isBlank(), "file").stream().map(this::beside).toList(),
        config == null ? null : beside(config),
        cases);
  }

  private Path beside(String name) {
    return file.resolveSibling(name);
  }

  private Case read(Section section) {
    JsonNode input = section.json("input");
    return new Case(
        section.requiredText("name"),
        instant(section),
        input == null ? Json.NODES.objectNode() : input,
        section.textsByName("secrets"),
        section.sections("peers", HOST.asMatchPredicate(), "host", (_, peer) -> peer(peer)),
        section.has("events") ? section.list("events", ScenarioReader::event) : List.of(),
        Objects.requireNonNullElseGet(
            section.section("expect", ScenarioReader::expectation),
            () -> new Expectation("completed", null, null, List.of(), null, null)));
  }

  private static Instant instant(Section section) {
    String written = section.text("now");
    if (written == null) {
      return USUAL_START;
    }
    try {
      return Instant.parse(written);
    } catch (DateTimeParseException e) {
      section.wrong("now", "'" + written + "' is no instant", "write 2026-01-01T00:00:00Z");
      return USUAL_START;
    }
  }

  private Peer peer(Section section) {
    String cassette = section.text("cassette");
    var peer =
        new Peer(
            section.flag("down", false),
            cassette == null ? null : beside(cassette),
            section.has("rules") ? section.list("rules", ScenarioReader::rule) : List.of(),
            Objects.requireNonNullElse(
                section.section("disturb", ScenarioReader::disturbance), Disturbance.NONE));
    if (cassette != null && section.has("rules")) {
      section.conflict("cassette", "a peer has rules or a cassette, not both", null);
    }
    return peer;
  }

  private static Rule rule(Section section) {
    String request = section.requiredText("on");
    if (section.has("on") && !REQUEST.matcher(request).matches()) {
      section.wrong("on", "'" + request + "' is no request", "write for example POST /charges/*");
    }
    Map<String, String> headers = section.textsByName("headers");
    return new Rule(
        request,
        section.json("with"),
        section.integer("times", 1, MOST_TIMES, 0),
        new Answer(
            section.duration("delay", Duration.ZERO),
            section.has("fail") ? section.choice("fail", Failure.class, Failure.RESET) : null,
            section.integer("status", 200, 599, 200),
            headers,
            body(section, headers)));
  }

  /// A text is sent as it is, all else in the format that its content-type names.
  private static @Nullable WrittenBody body(Section section, Map<String, String> headers) {
    JsonNode body = section.json("body");
    if (body == null) {
      return null;
    }
    String usual = body.isString() ? "text/plain; charset=utf-8" : "application/json";
    String type =
        headers.entrySet().stream()
            .filter(header -> header.getKey().equalsIgnoreCase("Content-Type"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(usual);
    if (body.isString()) {
      return new WrittenBody(body.asString().getBytes(StandardCharsets.UTF_8), type);
    }
    try {
      return Bodies.write(body, type);
    } catch (InvalidBody e) {
      section.wrong(
          "body", "'body' cannot be sent as " + type + ": " + e.getMessage(), "write it as a text");
      return null;
    }
  }

  private static Disturbance disturbance(Section section) {
    return new Disturbance(
        section.duration("latency", Duration.ZERO),
        section.number("errors", 0, 1, 0),
        section.number("resets", 0, 1, 0),
        section.integer("seed", 0, Integer.MAX_VALUE, 0));
  }

  private static Sent event(Section section) {
    JsonNode event = section.json("event");
    if (event == null) {
      section.wrong("event", "'event' is missing", "write for example {type: com.example.paid}");
    }
    return new Sent(
        section.duration("after", Duration.ZERO), event == null ? Json.NODES.objectNode() : event);
  }

  private enum Ended {
    COMPLETED,
    FAULTED,
    CANCELLED
  }

  private static Expectation expectation(Section section) {
    JsonNode error = section.json("error");
    Ended usual = error == null ? Ended.COMPLETED : Ended.FAULTED;
    Ended status = section.choice("status", Ended.class, usual);
    return new Expectation(
        status.name().toLowerCase(Locale.ROOT),
        section.json("output"),
        error,
        that(section),
        calls(section),
        section.duration("within"));
  }

  private static @Nullable List<String> calls(Section section) {
    JsonNode written = section.json("calls");
    if (written == null || (written.isArray() && written.isEmpty())) {
      return written == null ? null : List.of();
    }
    return section.texts("calls", call -> !call.isBlank(), "call");
  }

  private static List<String> that(Section section) {
    return section.has("that")
        ? section.texts("that", text -> SYNTAX.check(Template.strip(text)) == null, "expression")
        : List.of();
  }
}
