package dev.skein.interpreter.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Functions with regular expressions. One instance belongs to one [Builtins]; its cache may be
/// used by many threads.
final class RegexBuiltins {
  private static final int MOST_CACHED = 256;

  private record Key(String source, String flags, boolean everywhere) {}

  private final Map<Key, Regex> compiled = new ConcurrentHashMap<>();

  private RegexBuiltins() {}

  static void register(Builtins to) {
    RegexBuiltins regexes = new RegexBuiltins();
    regexes.add(to, "test", regexes::test);
    regexes.add(to, "match", regexes::match);
    regexes.add(to, "capture", regexes::capture);
    regexes.add(to, "scan", regexes::scan);
    regexes.add(to, "splits", regexes::splits);
    to.function(
        "split",
        2,
        (env, in, a) -> Values.array(env.meter, regexes.pieces(env.meter, in, a.get(0), a.get(1))));
    for (boolean everywhere : new boolean[] {false, true}) {
      String name = everywhere ? "gsub" : "sub";
      to.generator(
          name,
          2,
          (env, path, in, out, a) ->
              a.get(0)
                  .each(
                      env,
                      in,
                      re ->
                          regexes.substitute(
                              env, in, out, re, NullNode.instance, a.get(1), everywhere)));
      to.generator(
          name,
          3,
          (env, path, in, out, a) ->
              a.get(2)
                  .each(
                      env,
                      in,
                      flags ->
                          a.get(0)
                              .each(
                                  env,
                                  in,
                                  re ->
                                      regexes.substitute(
                                          env, in, out, re, flags, a.get(1), everywhere))));
    }
  }

  private interface Use {
    boolean run(Meter meter, JsonNode in, JsonNode re, JsonNode flags, Values.Visitor visitor);
  }

  /// With one argument (an expression, or an array of expression and flags) or with two.
  private void add(Builtins to, String name, Use use) {
    to.generator(
        name,
        1,
        (env, path, in, out, a) ->
            a.getFirst()
                .each(
                    env,
                    in,
                    re -> {
                      if (!re.isString() && !re.isArray()) {
                        throw ExpressionException.evaluation(
                            Values.described(re)
                                + " cannot be matched, as it is not a string or an array");
                      }
                      JsonNode source = re.isArray() ? Paths.get(re, Numbers.of(0L)) : re;
                      JsonNode flags =
                          re.isArray() ? Paths.get(re, Numbers.of(1L)) : NullNode.instance;
                      return use.run(
                          env.meter,
                          in,
                          source,
                          flags,
                          v -> out.accept(Path.computed(path, in, v), v));
                    }));
    to.generator(
        name,
        2,
        (env, path, in, out, a) ->
            a.get(1)
                .each(
                    env,
                    in,
                    flags ->
                        a.get(0)
                            .each(
                                env,
                                in,
                                re ->
                                    use.run(
                                        env.meter,
                                        in,
                                        re,
                                        flags,
                                        v -> out.accept(Path.computed(path, in, v), v)))));
  }

  private Regex regex(JsonNode in, JsonNode re, JsonNode flags, boolean everywhere) {
    if (!in.isString()) {
      throw ExpressionException.evaluation(
          Values.described(in) + " cannot be matched, as it is not a string");
    }
    if (!re.isString()) {
      throw ExpressionException.evaluation(
          Values.described(re) + " cannot be matched, as it is not a string");
    }
    if (!flags.isString() && !flags.isNull()) {
      throw ExpressionException.evaluation(Values.described(flags) + " is not a string");
    }
    String options = flags.isNull() ? "" : flags.stringValue();
    Key key = new Key(re.stringValue(), options, everywhere);
    Regex known = compiled.get(key);
    if (known == null) {
      known = Regex.compile(key.source, options, everywhere);
      if (compiled.size() >= MOST_CACHED) {
        compiled.clear();
      }
      compiled.put(key, known);
    }
    return known;
  }

  private boolean test(
      Meter meter, JsonNode in, JsonNode re, JsonNode flags, Values.Visitor visitor) {
    Regex regex = regex(in, re, flags, false);
    return visitor.visit(BooleanNode.valueOf(!regex.matches(meter, in.stringValue()).isEmpty()));
  }

  private boolean match(
      Meter meter, JsonNode in, JsonNode re, JsonNode flags, Values.Visitor visitor) {
    String text = text(in, re, flags);
    Describer describer = new Describer(meter, text);
    for (Regex.Match match : regex(in, re, flags, false).matches(meter, text)) {
      if (!visitor.visit(describer.describe(match))) {
        return false;
      }
    }
    return true;
  }

  private String text(JsonNode in, JsonNode re, JsonNode flags) {
    regex(in, re, flags, false);
    return in.stringValue();
  }

  /// Counts code points from match to match, so that many matches in a long text stay cheap.
  private static final class Describer {
    private final Meter meter;
    private final String text;
    private int at;
    private int codePoints;

    Describer(Meter meter, String text) {
      this.meter = meter;
      this.text = text;
    }

    JsonNode describe(Regex.Match match) {
      meter.work(match.to() - (long) at);
      codePoints += text.codePointCount(at, match.from());
      at = match.from();
      List<JsonNode> captures = new ArrayList<>();
      for (Regex.Group group : match.groups()) {
        ObjectNode capture = place(group.from(), group.to());
        boolean named = group.name() != null;
        capture.set("name", named ? StringNode.valueOf(group.name()) : NullNode.instance);
        captures.add(capture);
      }
      ObjectNode described = place(match.from(), match.to());
      described.set("captures", Values.array(meter, captures));
      return described;
    }

    private ObjectNode place(int from, int to) {
      meter.work(to - (long) from);
      ObjectNode place = JsonNodeFactory.instance.objectNode();
      place.put("offset", from < 0 ? -1 : offset(from));
      place.put("length", from < 0 ? 0 : text.codePointCount(from, to));
      place.set("string", string(text, from, to));
      return place;
    }

    /// A group may begin before its match, in a look-behind.
    private int offset(int from) {
      return from >= at
          ? codePoints + text.codePointCount(at, from)
          : codePoints - text.codePointCount(from, at);
    }
  }

  private static JsonNode string(String text, int from, int to) {
    return from < 0 ? NullNode.instance : StringNode.valueOf(text.substring(from, to));
  }

  private boolean capture(
      Meter meter, JsonNode in, JsonNode re, JsonNode flags, Values.Visitor visitor) {
    String text = text(in, re, flags);
    for (Regex.Match match : regex(in, re, flags, false).matches(meter, text)) {
      if (!visitor.visit(captured(text, match))) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode captured(String text, Regex.Match match) {
    ObjectNode captured = JsonNodeFactory.instance.objectNode();
    for (Regex.Group group : match.groups()) {
      if (group.name() != null) {
        captured.set(group.name(), string(text, group.from(), group.to()));
      }
    }
    return captured;
  }

  private boolean scan(
      Meter meter, JsonNode in, JsonNode re, JsonNode flags, Values.Visitor visitor) {
    Regex regex = regex(in, re, flags, true);
    String text = in.stringValue();
    for (Regex.Match match : regex.matches(meter, text)) {
      List<JsonNode> groups = new ArrayList<>();
      for (Regex.Group group : match.groups()) {
        groups.add(string(text, group.from(), group.to()));
      }
      JsonNode found =
          groups.isEmpty() ? string(text, match.from(), match.to()) : Values.array(meter, groups);
      if (!visitor.visit(found)) {
        return false;
      }
    }
    return true;
  }

  private boolean splits(
      Meter meter, JsonNode in, JsonNode re, JsonNode flags, Values.Visitor visitor) {
    for (JsonNode piece : pieces(meter, in, re, flags)) {
      if (!visitor.visit(piece)) {
        return false;
      }
    }
    return true;
  }

  private List<JsonNode> pieces(Meter meter, JsonNode in, JsonNode re, JsonNode flags) {
    Regex regex = regex(in, re, flags, true);
    String text = in.stringValue();
    List<JsonNode> pieces = new ArrayList<>();
    int from = 0;
    for (Regex.Match match : regex.matches(meter, text)) {
      pieces.add(Values.string(meter, text.substring(from, match.from())));
      from = match.to();
    }
    pieces.add(Values.string(meter, text.substring(from)));
    return pieces;
  }

  /// Each output of the replacement makes an output: the first ones of all matches make the first,
  /// and so on. The input of the replacement is the object of the named groups.
  private boolean substitute(
      Env env,
      JsonNode in,
      Node.Sink out,
      JsonNode re,
      JsonNode flags,
      Node replacement,
      boolean everywhere) {
    Meter meter = env.meter;
    Regex regex = regex(in, re, flags, everywhere);
    String text = in.stringValue();
    List<StringBuilder> results = new ArrayList<>();
    int from = 0;
    for (Regex.Match match : regex.matches(meter, text)) {
      String gap = text.substring(from, match.from());
      Substitution substitution = new Substitution(meter, gap, results);
      replacement.each(env, captured(text, match), substitution::put);
      from = match.to();
    }
    if (results.isEmpty()) {
      return out.accept(null, in);
    }
    for (StringBuilder result : results) {
      result.append(text, from, text.length());
      if (!out.accept(null, Values.string(meter, result.toString()))) {
        return false;
      }
    }
    return true;
  }

  /// Puts the replacements of one match behind the gap before it. Owned by one run.
  private static final class Substitution {
    private final Meter meter;
    private final String gap;
    private final List<StringBuilder> results;
    private int index;

    Substitution(Meter meter, String gap, List<StringBuilder> results) {
      this.meter = meter;
      this.gap = gap;
      this.results = results;
    }

    boolean put(@Nullable JsonNode value) {
      if (value == null || !value.isString()) {
        throw ExpressionException.evaluation(
            "a replacement must be a string, not "
                + (value == null ? "null" : Values.described(value)));
      }
      if (index == results.size()) {
        results.add(new StringBuilder());
      }
      meter.chargeText((long) gap.length() + value.stringValue().length());
      results.get(index++).append(gap).append(value.stringValue());
      return true;
    }
  }
}
