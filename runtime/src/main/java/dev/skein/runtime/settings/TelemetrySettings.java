package dev.skein.runtime.settings;

import dev.skein.model.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `skein.yaml` says under `telemetry`: what is told of runs to other systems.
///
/// @param service what this program is called there
/// @param traces null to send none
/// @param logs what 'skein serve' writes on stderr
public record TelemetrySettings(String service, @Nullable Traces traces, Logs logs) {
  public static final TelemetrySettings NONE =
      new TelemetrySettings("skein", null, new Logs(Format.TEXT, Level.INFO, Map.of()));

  /// How lines of the log are written.
  public enum Format {
    TEXT,
    JSON
  }

  /// What is worth a line.
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /// @param levels of loggers and all below them, by name, where they are others
  public record Logs(Format format, Level level, Map<String, Level> levels) {}

  private static final Map<String, Level> LEVELS =
      Stream.of(Level.values())
          .collect(
              Collectors.toMap(
                  level -> level.name().toLowerCase(Locale.ROOT),
                  level -> level,
                  (one, _) -> one,
                  LinkedHashMap::new));
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s/?#]+(/[^\\s?#]*)?");
  private static final String PATH = "/v1/traces";

  /// Where traces go by OTLP over HTTP.
  ///
  /// @param endpoint null to send none, and only to take part in the traces of others
  /// @param sample which part of the traces that begin here is kept, 0 to 1
  /// @param headers sent with each
  /// @param secretHeaders the same, by the names of secrets
  public record Traces(
      @Nullable URI endpoint,
      double sample,
      Map<String, String> headers,
      Map<String, String> secretHeaders) {}

  static TelemetrySettings read(Section section) {
    return new TelemetrySettings(
        section.text("service", NONE.service),
        section.section("traces", TelemetrySettings::traces),
        Objects.requireNonNullElse(section.section("logs", TelemetrySettings::logs), NONE.logs));
  }

  private static Logs logs(Section section) {
    var levels = new LinkedHashMap<String, Level>();
    section
        .textsByName("levels")
        .forEach((logger, level) -> {
          Level known = LEVELS.get(level);
          if (known == null) {
            section.wrong(
                "levels", "'" + level + "' is no level", String.join(", ", LEVELS.keySet()));
          } else {
            levels.put(logger, known);
          }
        });
    return new Logs(
        section.choice("format", Format.class, Format.TEXT),
        section.choice("level", Level.class, Level.INFO),
        levels);
  }

  private static Traces traces(Section section) {
    return new Traces(
        endpoint(section),
        section.number("sample", 0, 1, 1),
        headers(section, "headers"),
        headers(section, "secretHeaders"));
  }

  private static Map<String, String> headers(Section section, String name) {
    Map<String, String> headers = section.textsByName(name);
    for (String header : headers.keySet()) {
      if (!HEADER.matcher(header).matches()) {
        section.wrong(name, "'" + header + "' is no name of a header", null);
      }
    }
    return headers;
  }

  /// The path may be left out, as users of OTLP know it.
  private static @Nullable URI endpoint(Section section) {
    String text = section.text("endpoint");
    if (text == null) {
      return null;
    }
    if (ADDRESS.matcher(text).matches()) {
      try {
        URI uri = new URI(text);
        return uri.getPath().matches("/?") ? uri.resolve(PATH) : uri;
      } catch (URISyntaxException e) {
        // told below
      }
    }
    section.wrong("endpoint", "'" + text + "' is no address", "one such as http://localhost:4318");
    return null;
  }
}
