package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.skein.model.Diagnostic.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The reader refuses by a rule of the schema if and only if the official schema refuses. What it
/// refuses beyond that, it refuses by a rule of Skein's, which its code says.
///
/// Formats count: without them nothing tells a JSON pointer from an expression, and the schema
/// would refuse every expression there.
class SchemaTest {
  private static final int MUTANTS = 5_000;
  private static final int MOST_SHOWN = 20;

  /// Only defined, nowhere referred to.
  private static final Set<String> UNUSED = Set.of("correlationId", "stdout", "stderr");

  /// Rules that the mutants are to break, so that each is compared: not those of texts, those that
  /// only warn, that of settings, and two that are broken once in ten thousand.
  private static final Set<Code> JUDGED =
      EnumSet.complementOf(
          EnumSet.of(
              Code.SYNTAX,
              Code.DUPLICATE_KEY,
              Code.LIMIT,
              Code.RECURSION,
              Code.AUTHENTICATION,
              Code.VARIABLE,
              Code.UNREACHABLE,
              Code.NOT_RUN,
              Code.RESOURCE,
              Code.JSON_SCHEMA,
              Code.CARRIER,
              Code.CONFLICT));

  static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12,
              builder ->
                  builder.schemaRegistryConfig(
                      SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()))
          .getSchema(Corpus.yaml("schema.yaml").getFirst());
  static final Reader READER =
      new Reader(expression ->
          expression.contains("BAD")
              ? new ExpressionSyntax.SyntaxError("unexpected BAD", 0)
              : null);

  @Test
  void acceptsTheWholeCorpusAsTheSchemaDoes() {
    for (ObjectNode document : Corpus.documents()) {
      assertThat(SCHEMA.validate(document)).as(document.toPrettyString()).isEmpty();
      assertThat(errors(document.toString())).as(document.toPrettyString()).isEmpty();
    }
  }

  @Test
  void theCorpusUsesEveryPropertyOfTheSchema() {
    Set<String> declared = new TreeSet<>();
    declared(Corpus.yaml("schema.yaml").getFirst(), declared);
    Set<String> used = new TreeSet<>();
    Corpus.documents().forEach(document -> names(document, used));
    declared.removeAll(used);
    declared.removeAll(UNUSED);
    assertThat(declared).isEmpty();
  }

  private static void declared(JsonNode schema, Set<String> names) {
    for (Map.Entry<String, JsonNode> entry : schema.properties()) {
      if (entry.getKey().equals("properties")) {
        names.addAll(entry.getValue().propertyNames());
      }
    }
    schema.forEach(child -> declared(child, names));
  }

  private static void names(JsonNode document, Set<String> names) {
    names.addAll(document.propertyNames());
    document.forEach(child -> names(child, names));
  }

  @Test
  void refusesByARuleOfTheSchemaIfAndOnlyIfTheSchemaDoes() {
    Mutants mutants = new Mutants(Corpus.documents());
    Long only = Long.getLong("seed");
    long first = only == null ? 0 : only;
    long count = only == null ? Long.getLong("seeds", MUTANTS) : 1;
    List<String> disagreements = new ArrayList<>();
    Map<Code, Integer> codes = new EnumMap<>(Code.class);
    int refused = 0;
    for (long seed = first; seed < first + count && disagreements.size() < MOST_SHOWN; seed++) {
      JsonNode mutant = mutants.mutant(seed);
      var said = SCHEMA.validate(mutant);
      List<Diagnostic> errors = errors(mutant.toPrettyString());
      errors.forEach(error -> codes.merge(error.code(), 1, Integer::sum));
      boolean bySchema =
          errors.stream().anyMatch(error -> error.code().origin() == Code.Origin.SCHEMA);
      if (bySchema == said.isEmpty() && !(bySchema && isExplained(mutant, errors))) {
        disagreements.add(
            "seed %d%n%s%nthe schema: %s%nSkein: %s"
                .formatted(seed, mutant.toPrettyString(), said, errors));
      }
      refused += said.isEmpty() ? 0 : 1;
    }
    assertThat(disagreements).isEmpty();
    if (only == null) {
      assertThat(refused).isBetween((int) (count / 10), (int) (count * 9 / 10));
      assertThat(codes.keySet()).containsAll(JUDGED);
    }
  }

  /// The validator takes spaces in URI templates; RFC 6570 does not.
  private static boolean isExplained(JsonNode document, List<Diagnostic> errors) {
    return errors.stream()
        .filter(error -> error.code().origin() == Code.Origin.SCHEMA)
        .allMatch(error ->
            error.path().contains("/oauth2/endpoints/")
                && document.at(error.path()).asString("").contains(" "));
  }

  /// The errors; and every diagnostic stands somewhere in the text.
  private static List<Diagnostic> errors(String text) {
    List<Diagnostic> diagnostics =
        switch (READER.read(text)) {
          case Reading.Read(_, List<Diagnostic> remarks) -> remarks;
          case Reading.Refused(List<Diagnostic> mistakes) -> mistakes;
        };
    List<String> lines = text.lines().toList();
    for (Diagnostic diagnostic : diagnostics) {
      assertThat(diagnostic.line()).isBetween(1, lines.size());
      String line = lines.get(diagnostic.line() - 1);
      assertThat(diagnostic.column()).isBetween(1, line.length());
    }
    return diagnostics.stream().filter(said -> said.severity() == Severity.ERROR).toList();
  }
}
