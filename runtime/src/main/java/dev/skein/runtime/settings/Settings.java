package dev.skein.runtime.settings;

import dev.skein.connectors.policy.Declaration;
import dev.skein.connectors.policy.Glob;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.connectors.policy.Untrusted;
import dev.skein.interpreter.Evaluator;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.model.ExpressionSyntax;
import dev.skein.model.Resources;
import dev.skein.model.Section;
import dev.skein.runtime.resource.FetchLimits;
import dev.skein.runtime.resource.FetchedResources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/// What a project sets in `skein.yaml`.
///
/// @param secrets the names of those that it uses
/// @param integrations the outside systems that its workflows talk to
/// @param untrusted whose workflows are kept from private addresses
/// @param server how it is served
/// @param auth whose word counts besides the keys made here
/// @param telemetry what is told of runs to other systems
/// @param alerts when somebody is told of how everything is
public record Settings(
    List<String> secrets,
    List<Declaration> integrations,
    Untrusted untrusted,
    ServerSettings server,
    AuthSettings auth,
    TelemetrySettings telemetry,
    AlertSettings alerts) {
  public static final Settings NONE =
      new Settings(
          List.of(),
          List.of(),
          Untrusted.NOBODY,
          ServerSettings.NONE,
          AuthSettings.NONE,
          TelemetrySettings.NONE,
          AlertSettings.NONE);

  private static final Jq JQ = new Jq(Limits.defaults());
  private static final ExpressionSyntax SYNTAX = Evaluator.syntax(JQ);

  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9*-]+");

  /// The name of the file, in the folder of the project.
  public static final String FILE = "skein.yaml";

  /// Reads settings that refer to no files; all their mistakes come in one pass.
  public static Section.Result<Settings> read(String text) {
    return read(text, Resources.UNREAD);
  }

  private static Section.Result<Settings> read(String text, Resources files) {
    return Section.read(text, SYNTAX, files, Settings::of);
  }

  /// Reads the file.
  ///
  /// @throws InvalidSettings with everything that is wrong
  public static Settings load(Path file) throws IOException {
    try (var files = new FetchedResources(file, null, FetchLimits.DEFAULT)) {
      Section.Result<Settings> read = read(text(file), files);
      if (read.result() == null) {
        throw new InvalidSettings(file, read.diagnostics());
      }
      return read.result();
    }
  }

  /// The JSON Schema (2020-12) of such a file. It knows nothing of expressions, nor of what does
  /// not fit together.
  public static String schema() {
    try (InputStream in = Settings.class.getResourceAsStream("skein.schema.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the schema of the settings cannot be read", e);
    }
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new InvalidSettings(file + " is no text in UTF-8");
    }
  }

  private static Settings of(Section root) {
    List<String> secrets = root.texts("secrets", SECRET.asMatchPredicate(), "name of a secret");
    ServerSettings server = root.section("server", ServerSettings::read);
    AuthSettings auth = root.section("auth", AuthSettings::read);
    TelemetrySettings telemetry = root.section("telemetry", TelemetrySettings::read);
    AlertSettings alerts = root.section("alerts", in -> AlertSettings.read(in, evaluator()));
    return new Settings(
        secrets,
        Integrations.read(root),
        untrusted(root),
        server == null ? ServerSettings.NONE : server,
        auth == null ? AuthSettings.NONE : auth,
        telemetry == null ? TelemetrySettings.NONE : telemetry,
        alerts == null ? AlertSettings.NONE : alerts);
  }

  /// For expressions that see no secrets.
  private static Evaluator evaluator() {
    return new Evaluator(JQ, InstantSource.system(), List.of(), _ -> null);
  }

  private static Untrusted untrusted(Section root) {
    List<Glob> namespaces =
        root
            .texts("untrusted", NAMESPACE.asMatchPredicate(), "namespace such as guests or guest-*")
            .stream()
            .map(Glob::new)
            .toList();
    return namespaces.isEmpty()
        ? Untrusted.NOBODY
        : new Untrusted(namespaces, root.place("untrusted").position().line());
  }

  public PolicyBook policies() {
    return new PolicyBook(integrations, untrusted);
  }
}
