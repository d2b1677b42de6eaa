package dev.skein.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Builds the tree of one YAML document from parser events. The library's own composer recurses
/// without a bound, so depth, aliases and duplicate keys are handled here. Owned by the reading
/// thread.
final class YamlTree {
  static final int MAX_CHARACTERS = 2_000_000;
  static final int MAX_DEPTH = 200;

  /// Values of the document with every alias written out; long strings count as several.
  static final int MAX_NODES = 200_000;

  // keys become paths, which every task and mistake below them carries
  static final int MAX_KEY_CHARACTERS = 256;

  private static final int CHARACTERS_PER_NODE = 100;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String CORE_TAG = "tag:yaml.org,2002:";

  private final Reports reports;
  private final ParserImpl parser;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private final Set<String> openAnchors = new HashSet<>();
  private final ArrayDeque<String> path = new ArrayDeque<>();
  private int nodes;
  private int deepest;

  private record Anchored(Yaml yaml, int nodes, int height) {}

  /// Ends the reading: what follows could only be guessed.
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Code code;
    private final transient Position position;

    Unreadable(Code code, Position position, String message) {
      super(message, null, false, false);
      this.code = code;
      this.position = position;
    }
  }

  private YamlTree(String text, Reports reports) {
    this.reports = reports;
    // the plainest schema: values are resolved here, and it costs no start-up time
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new FailsafeSchema())
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();
    this.parser = new ParserImpl(settings, new StreamReader(settings, text));
  }

  /// @return null if the text is no YAML document, which is then reported
  static @Nullable Yaml read(String text, Reports reports) {
    if (text.length() > MAX_CHARACTERS) {
      String message = "the document is larger than " + MAX_CHARACTERS + " characters";
      reports.add(Code.LIMIT, Position.START, "", message, null);
      return null;
    }
    try {
      return new YamlTree(text, reports).document();
    } catch (Unreadable e) {
      reports.add(e.code, e.position, "", String.valueOf(e.getMessage()), null);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      reports.add(Code.SYNTAX, position(mark), "", "YAML syntax: " + syntax(e), null);
    } catch (ReaderException e) {
      String character = String.format(Locale.ROOT, "U+%04X", e.getCodePoint());
      reports.add(
          Code.SYNTAX,
          positionOf(text, e.getPosition()),
          "",
          "YAML syntax: the character " + character + " is not allowed",
          "is this a text file in UTF-8?");
    } catch (YamlEngineException e) {
      reports.add(Code.SYNTAX, Position.START, "", "YAML syntax: " + e.getMessage(), null);
    }
    return null;
  }

  private static String syntax(MarkedYamlEngineException e) {
    String context = e.getContext();
    return context == null || context.isEmpty() ? e.getProblem() : e.getProblem() + ", " + context;
  }

  private @Nullable Yaml document() {
    parser.next(); // the stream's start
    Event first = parser.next();
    if (first.getEventId() == Event.ID.StreamEnd) {
      reports.add(
          Code.SYNTAX, Position.START, "", "the document is empty", "start with 'document:'");
      return null;
    }
    Yaml root = node(parser.next(), 1);
    parser.next(); // the document's end
    Event next = parser.next();
    if (next.getEventId() != Event.ID.StreamEnd) {
      throw new Unreadable(
          Code.SYNTAX, position(next), "a file must hold one YAML document, this is a second");
    }
    return root;
  }

  private Yaml node(Event event, int depth) {
    nodes++;
    deepest = Math.max(deepest, depth);
    checkBounds(event, depth);
    if (event instanceof AliasEvent alias) {
      return aliased(alias, depth);
    }
    Optional<String> anchor = ((NodeEvent) event).getAnchor().map(Anchor::getValue);
    if (anchor.isEmpty()) {
      return content(event, depth);
    }
    int nodesBefore = nodes - 1;
    int deepestBefore = deepest;
    deepest = depth;
    openAnchors.add(anchor.get());
    Yaml yaml = content(event, depth);
    openAnchors.remove(anchor.get());
    anchors.put(anchor.get(), new Anchored(yaml, nodes - nodesBefore, deepest - depth));
    deepest = Math.max(deepest, deepestBefore);
    return yaml;
  }

  private Yaml aliased(AliasEvent alias, int depth) {
    String name = alias.getAlias().getValue();
    if (openAnchors.contains(name)) {
      throw new Unreadable(
          Code.SYNTAX, position(alias), "the alias '" + name + "' refers to itself");
    }
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw new Unreadable(
          Code.SYNTAX, position(alias), "there is no anchor '" + name + "' before this alias");
    }
    nodes += anchored.nodes();
    deepest = Math.max(deepest, depth + anchored.height());
    checkBounds(alias, deepest);
    return anchored.yaml();
  }

  private void checkBounds(Event event, int depth) {
    if (nodes > MAX_NODES) {
      throw new Unreadable(
          Code.LIMIT, position(event), "the document holds more than " + MAX_NODES + " values");
    }
    if (depth > MAX_DEPTH) {
      throw new Unreadable(
          Code.LIMIT,
          position(event),
          "the document is nested deeper than " + MAX_DEPTH + " levels");
    }
  }

  private Yaml content(Event event, int depth) {
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar);
    }
    CollectionStartEvent start = (CollectionStartEvent) event;
    start.getTag().ifPresent(tag -> checkTag(tag, start));
    return start.getEventId() == Event.ID.SequenceStart
        ? sequence(start, depth)
        : mapping(start, depth);
  }

  private Yaml sequence(Event start, int depth) {
    ArrayNode json = JSON.arrayNode();
    List<Yaml> items = new ArrayList<>();
    for (Event event = parser.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = parser.next()) {
      path.addLast(Integer.toString(items.size()));
      Yaml item = node(event, depth + 1);
      path.removeLast();
      items.add(item);
      json.add(item.json());
    }
    return new Yaml.Sequence(position(start), json, items);
  }

  private Yaml mapping(Event start, int depth) {
    ObjectNode json = JSON.objectNode();
    Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
    for (Event event = parser.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = parser.next()) {
      String key = key(event);
      Position position = position(event);
      path.addLast(At.escape(key));
      Yaml value = node(parser.next(), depth + 1);
      Yaml.Entry earlier = entries.putIfAbsent(key, new Yaml.Entry(position, value));
      if (earlier == null) {
        json.set(key, value.json());
      } else {
        String hint = "the first is in line " + earlier.key().line();
        report(
            Code.DUPLICATE_KEY, position, "the key '" + key + "' stands here a second time", hint);
      }
      path.removeLast();
    }
    return new Yaml.Mapping(position(start), json, entries);
  }

  /// A key is its text: JSON knows no numbers or booleans as keys.
  private String key(Event event) {
    if (!(event instanceof ScalarEvent scalar)) {
      throw new Unreadable(Code.SYNTAX, position(event), "a key must be a string");
    }
    if (scalar.getValue().length() > MAX_KEY_CHARACTERS) {
      throw new Unreadable(
          Code.LIMIT,
          position(event),
          "the key is longer than " + MAX_KEY_CHARACTERS + " characters");
    }
    return scalar.getValue();
  }

  private Yaml scalar(ScalarEvent event) {
    String text = event.getValue();
    nodes += text.length() / CHARACTERS_PER_NODE;
    String tag = event.getTag().orElse(event.isPlain() ? "" : "!");
    JsonNode json =
        switch (tag) {
          case "!", CORE_TAG + "str" -> JSON.stringNode(text);
          case "", CORE_TAG + "int", CORE_TAG + "float", CORE_TAG + "bool", CORE_TAG + "null" ->
              Scalars.resolve(text);
          default -> {
            checkTag(tag, event);
            yield JSON.stringNode(text);
          }
        };
    if (json == null) {
      report(
          Code.LIMIT, position(event), "the number is too large", "quote it to make it a string");
      json = JSON.numberNode(0);
    }
    return new Yaml.Scalar(position(event), json);
  }

  private void checkTag(String tag, Event event) {
    boolean known = tag.equals("!") || tag.equals(CORE_TAG + "map") || tag.equals(CORE_TAG + "seq");
    if (!known) {
      report(Code.SYNTAX, position(event), "the YAML tag '" + tag + "' is not known", "remove it");
    }
  }

  private void report(Code code, Position position, String message, String hint) {
    reports.add(code, position, path.isEmpty() ? "" : "/" + String.join("/", path), message, hint);
  }

  private static Position position(Event event) {
    return position(event.getStartMark());
  }

  private static Position position(Optional<Mark> mark) {
    return mark.map(at -> new Position(at.getLine() + 1, at.getColumn() + 1))
        .orElse(Position.START);
  }

  private static Position positionOf(String text, int codePoints) {
    int line = 1;
    int column = 1;
    int at = 0;
    for (int count = 0; count < codePoints && at < text.length(); count++) {
      int codePoint = text.codePointAt(at);
      boolean newLine = codePoint == '\n';
      line += newLine ? 1 : 0;
      column = newLine ? 1 : column + 1;
      at += Character.charCount(codePoint);
    }
    return new Position(line, column);
  }
}
