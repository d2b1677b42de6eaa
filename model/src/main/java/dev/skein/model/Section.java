package dev.skein.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An object of a settings file being read: every value is asked for by its name, what is wrong is
/// reported where it stands, and so is what nobody asked for. Owned by the reading thread.
public final class Section {
  private final Values values;
  private final Fields fields;

  private Section(Values values, Fields fields) {
    this.values = values;
    this.fields = fields;
  }

  /// What came of reading a file.
  ///
  /// @param result null if there are mistakes
  public record Result<T>(@Nullable T result, List<Diagnostic> diagnostics) {}

  /// Reads a whole YAML document, which must be an object; one without anything in it counts as an
  /// empty object.
  public static <T> Result<T> read(String text, Function<Section, T> reading) {
    var reports = new Reports();
    T result = null;
    try {
      Yaml yaml = YamlTree.read(text.isBlank() ? "{}" : text, reports);
      var values = new Values(reports, new Expressions(reports, _ -> null, List.of()));
      Fields fields = yaml == null ? null : values.fields(new At(yaml, ""), "an object");
      if (fields != null) {
        var section = new Section(values, fields);
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

  public boolean has(String name) {
    return fields.has(name);
  }

  /// Where the property stands in the file, from 1.
  public int line(String name) {
    return fields.key(name).line();
  }

  public int line() {
    return fields.at().position().line();
  }

  /// Reports a mistake at a property.
  public void wrong(String name, String message, @Nullable String hint) {
    At at = fields.optional(name);
    values.reports().add(Code.VALUE, at == null ? fields.at() : at, message, hint);
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

  public double number(String name, double min, double otherwise) {
    return values.number(fields.optional(name), min, otherwise);
  }

  public boolean flag(String name, boolean otherwise) {
    return values.bool(fields.optional(name), otherwise);
  }

  public @Nullable Duration duration(String name) {
    JsonNode duration = values.duration(fields.optional(name));
    try {
      return duration == null ? null : Durations.parse(duration);
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

  /// Reads an object; null if it is not there.
  public <T> @Nullable T section(String name, Function<Section, T> reading) {
    return inside(fields.optional(name), reading);
  }

  private <T> @Nullable T inside(@Nullable At at, Function<Section, T> reading) {
    Fields inner = values.fields(at);
    if (inner == null) {
      return null;
    }
    T result = reading.apply(new Section(values, inner));
    inner.close();
    return result;
  }

  /// Reads an object of objects, by their names.
  public <T> Map<String, T> sections(String name, BiFunction<String, Section, T> reading) {
    At at = fields.optional(name);
    var read = new LinkedHashMap<String, T>();
    if (at != null) {
      values
          .entries(at)
          .forEach((key, entry) -> {
            T result = inside(at.child(key, entry.value()), section -> reading.apply(key, section));
            if (result != null) {
              read.put(key, result);
            }
          });
    }
    return read;
  }

  /// Reads an array of objects.
  public <T> List<T> list(String name, Function<Section, T> reading) {
    var read = new ArrayList<T>();
    for (At item : items(name)) {
      T result = inside(item, reading);
      if (result != null) {
        read.add(result);
      }
    }
    return read;
  }

  /// Reads an array of texts.
  public List<String> texts(String name) {
    var read = new ArrayList<String>();
    for (At item : items(name)) {
      String text = values.string(item);
      if (text != null) {
        read.add(text);
      }
    }
    return read;
  }

  /// Reads an array of single values, whatever their type, as texts.
  public List<String> scalars(String name) {
    var read = new ArrayList<String>();
    for (At item : items(name)) {
      JsonNode json = item.yaml().json();
      if (json.isContainer()) {
        values.mistyped(item, "a single value");
      } else {
        read.add(json.asString());
      }
    }
    return read;
  }

  private List<At> items(String name) {
    At at = fields.optional(name);
    List<Yaml> items = values.items(at);
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
