package dev.skein.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An object of a settings file being read: every value is asked for by its name, what is wrong is
/// reported where it stands, and so is what nobody asked for. Owned by the reading thread.
public final class Section {
  private static final String SECRETS = "secrets";

  private final Values values;
  private final Fields fields;
  private final Around around;

  private Section(Values values, Fields fields, Around around) {
    this.values = values;
    this.fields = fields;
    this.around = around;
  }

  /// What all sections of a file have in common.
  private record Around(List<String> secrets, ResourceReader resources) {}

  /// What came of reading a file.
  ///
  /// @param result null if there are mistakes
  public record Result<T>(@Nullable T result, List<Diagnostic> diagnostics) {}

  /// Reads a whole YAML document, which must be an object; one without anything in it counts as an
  /// empty object. What it lists as `secrets` can be used in it.
  ///
  /// @param resources gives the documents it refers to
  public static <T> Result<T> read(
      String text, ExpressionSyntax syntax, Resources resources, Function<Section, T> reading) {
    var reports = new Reports();
    T result = null;
    try {
      Yaml yaml = YamlTree.read(text.isBlank() ? "{}" : text, reports);
      List<String> secrets = yaml == null ? List.of() : secrets(yaml.json());
      var values = new Values(reports, new Expressions(reports, syntax, secrets));
      Fields fields = yaml == null ? null : values.fields(new At(yaml, ""), "an object");
      if (fields != null) {
        var around = new Around(secrets, new ResourceReader(reports, resources));
        var section = new Section(values, fields, around);
        result = reading.apply(section);
        fields.close();
      }
    } catch (Reports.TooMany _) {
      // what was found so far is enough
    }
    return reports.refuse()
        ? new Result<>(null, reports.refusal())
        : new Result<>(result, reports.sortedRemarks());
  }

  private static List<String> secrets(JsonNode root) {
    return root.path(SECRETS)
        .valueStream()
        .filter(JsonNode::isString)
        .map(JsonNode::asString)
        .toList();
  }

  public boolean has(String name) {
    return fields.has(name);
  }

  /// Where something stands in the file.
  public record Place(Position position, String path) {}

  /// Where the property's name stands.
  public Place place(String name) {
    return new Place(fields.key(name), fields.at().path() + "/" + At.escape(name));
  }

  /// Reports a mistake at a property, or where it should stand.
  public void wrong(String name, String message, @Nullable String hint) {
    At at = fields.optional(name);
    values.reports().add(Code.VALUE, at == null ? fields.at() : at, message, hint);
  }

  /// Reports what is right by itself and wrong beside something else.
  public void conflict(String name, String message, @Nullable String hint) {
    At at = fields.optional(name);
    values.reports().add(Code.CONFLICT, at == null ? fields.at() : at, message, hint);
  }

  public void conflict(Place place, String message, @Nullable String hint) {
    values.reports().add(Code.CONFLICT, place.position(), place.path(), message, hint);
  }

  public @Nullable String text(String name) {
    return values.string(fields.optional(name));
  }

  public String text(String name, String otherwise) {
    return values.string(fields.optional(name), otherwise);
  }

  /// A text that must be there; empty if it is not, which is reported.
  public String requiredText(String name) {
    String text = values.string(fields.required(name));
    return text == null ? "" : text;
  }

  public int integer(String name, int min, int max, int otherwise) {
    Integer value = values.integer(fields.optional(name), min, max, Code.RANGE);
    return value == null ? otherwise : value;
  }

  /// A whole number that must be there; the least one if it is not, which is reported.
  public int requiredInteger(String name, int min, int max) {
    Integer value = values.integer(fields.required(name), min, max, Code.RANGE);
    return value == null ? min : value;
  }

  public double number(String name, double min, double max, double otherwise) {
    double value = values.number(fields.optional(name), min, otherwise);
    if (value > max) {
      wrong(name, "'" + name + "' must be at most " + Values.json(max), null);
      return otherwise;
    }
    return value;
  }

  public boolean flag(String name, boolean otherwise) {
    return values.bool(fields.optional(name), otherwise);
  }

  /// A duration, of nothing or more; null if it is not there.
  public @Nullable Duration duration(String name) {
    At at = fields.optional(name);
    JsonNode duration = values.duration(at);
    if (at == null || duration == null) {
      return null;
    }
    try {
      Duration parsed = Durations.parse(duration);
      if (duration.valueStream().anyMatch(amount -> amount.longValue() < 0)) {
        wrong(name, "invalid duration: no unit of it can be negative", null);
      }
      return parsed;
    } catch (InvalidDuration e) {
      if (Formats.isExpression(duration.asString(""))) { // anything else is reported already
        wrong(name, String.valueOf(e.getMessage()), null);
      }
      return null;
    }
  }

  public Duration duration(String name, Duration otherwise) {
    Duration duration = duration(name);
    return duration == null ? otherwise : duration;
  }

  /// A duration that is longer than nothing; null if it is not there.
  public @Nullable Duration period(String name) {
    Duration duration = duration(name);
    if (duration != null && duration.isZero()) {
      wrong(name, "'" + name + "' must be longer than nothing", null);
      return null;
    }
    return duration;
  }

  public Duration period(String name, Duration otherwise) {
    Duration period = period(name);
    return period == null ? otherwise : period;
  }

  /// One of the constants, written in lower case with hyphens.
  public <E extends Enum<E>> E choice(String name, Class<E> of, E otherwise) {
    List<String> allowed = Stream.of(of.getEnumConstants()).map(Section::id).toList();
    String chosen = values.oneOf(fields.optional(name), allowed, id(otherwise));
    return of.getEnumConstants()[allowed.indexOf(chosen)];
  }

  private static String id(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The value as it is.
  public @Nullable JsonNode json(String name) {
    At at = fields.optional(name);
    return at == null ? null : at.yaml().json();
  }

  /// Any value in which texts may be expressions.
  public @Nullable JsonNode template(String name) {
    return values.template(fields.optional(name));
  }

  /// The same for an object.
  public @Nullable JsonNode objectTemplate(String name) {
    return values.objectTemplate(fields.optional(name));
  }

  /// An authentication: one of the language, or of `apiKey`, `hmac`, `sigv4`, `mtls`.
  public @Nullable JsonNode authentication(String name) {
    At at = fields.optional(name);
    return at == null
        ? null
        : new SchemeReader(values, AuthenticationReader.ofSettings(values, around.secrets))
            .authentication(at);
  }

  /// The OpenAPI document at a path; null if it is not there, or cannot be had, which then is
  /// reported.
  public @Nullable ApiFile api(String name) {
    At at = fields.optional(name);
    String text = values.string(at);
    if (at == null || text == null) {
      return null;
    }
    try {
      return ApiFile.read(at, new URI(null, null, text, null), around.resources);
    } catch (URISyntaxException e) {
      conflict(name, "'" + text + "' is no path: " + e.getReason(), null);
      return null;
    }
  }

  /// Reads an object; null if it is not there.
  public <T> @Nullable T section(String name, Function<Section, @Nullable T> reading) {
    return inside(fields.optional(name), reading);
  }

  private <T> @Nullable T inside(@Nullable At at, Function<Section, @Nullable T> reading) {
    Fields inner = values.fields(at);
    if (inner == null) {
      return null;
    }
    T result = reading.apply(new Section(values, inner, around));
    inner.close();
    return result;
  }

  /// Reads an object of objects, by their names.
  ///
  /// @param format that the names must have
  /// @param expected what they should be
  public <T> Map<String, T> sections(
      String name,
      Predicate<String> format,
      String expected,
      BiFunction<String, Section, T> reading) {
    At at = fields.optional(name);
    var read = new LinkedHashMap<String, T>();
    if (at != null) {
      values
          .entries(at)
          .forEach((key, entry) -> {
            At child = at.child(key, entry.value());
            if (!format.test(key)) {
              String message = "'" + key + "' is no " + expected;
              values.reports().add(Code.FORMAT, entry.key(), child.path(), message, null);
            }
            T result = inside(child, section -> reading.apply(key, section));
            if (result != null) {
              read.put(key, result);
            }
          });
    }
    return read;
  }

  /// Reads an array of objects, at least one if it is there.
  public <T> List<T> list(String name, Function<Section, @Nullable T> reading) {
    var read = new ArrayList<T>();
    for (At item : items(name)) {
      T result = inside(item, reading);
      if (result != null) {
        read.add(result);
      }
    }
    return read;
  }

  /// Reads an array of texts, at least one if it is there.
  ///
  /// @param format that each must have
  /// @param expected what a text without that format should be
  public List<String> texts(String name, Predicate<String> format, String expected) {
    var read = new ArrayList<String>();
    for (At item : items(name)) {
      String text = values.string(item);
      if (text != null && format.test(text)) {
        read.add(text);
      } else if (text != null) {
        values.reports().add(Code.FORMAT, item, "'" + text + "' is no " + expected, null);
      }
    }
    return read;
  }

  /// Reads an array of single values, whatever their type, as texts; at least one if it is there.
  public List<String> scalars(String name) {
    var read = new ArrayList<String>();
    for (At item : items(name)) {
      JsonNode json = item.yaml().json();
      if (json.isContainer()) {
        values.mistyped(item, "a single value");
      } else {
        boolean whole = json.isNumber() && json.canConvertToExactIntegral();
        read.add(whole ? json.bigIntegerValue().toString() : json.asString());
      }
    }
    return read;
  }

  private List<At> items(String name) {
    At at = fields.optional(name);
    List<Yaml> items = values.items(at);
    if (at != null && at.yaml() instanceof Yaml.Sequence && items.isEmpty()) {
      values.reports().add(Code.SHAPE, at, "'" + name + "' is empty", "leave it out");
    }
    var places = new ArrayList<At>();
    for (int i = 0; at != null && i < items.size(); i++) {
      places.add(at.item(i, items.get(i)));
    }
    return places;
  }

  /// Reads an object of texts.
  public Map<String, String> textsByName(String name) {
    At at = fields.optional(name);
    var read = new LinkedHashMap<String, String>();
    if (at != null) {
      values
          .entries(at)
          .forEach((key, entry) -> {
            String text = values.string(at.child(key, entry.value()));
            if (text != null) {
              read.put(key, text);
            }
          });
    }
    return read;
  }
}
