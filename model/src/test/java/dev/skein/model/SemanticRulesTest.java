package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Of what the schema accepts, the reader refuses by names, jumps, references and schedules exactly
/// what {@link SemanticRules} says. `-Dseeds=100000` tries more, `-Dseed=N` one mutant.
class SemanticRulesTest {
  private static final int MUTANTS = 20_000;
  private static final int MOST_SHOWN = 20;

  @Test
  void areBrokenBySomeMutantsAndTheReaderFindsExactlyThese() {
    Mutants mutants = new Mutants(Corpus.documents());
    Long only = Long.getLong("seed");
    long first = only == null ? 0 : only;
    long count = only == null ? Long.getLong("seeds", MUTANTS) : 1;
    Set<Code> found = EnumSet.noneOf(Code.class);
    List<String> disagreements = new ArrayList<>();
    for (long seed = first; seed < first + count && disagreements.size() < MOST_SHOWN; seed++) {
      JsonNode mutant = mutants.mutant(seed);
      List<Diagnostic> errors = errors(mutant.toString());
      // whose shape is wrong has parts that the rules can't be asked about
      if (errors.stream().noneMatch(SemanticRulesTest::isOfShape)
          && !SemanticRules.mayMissSecrets(mutant)) {
        Set<Code> broken = SemanticRules.brokenBy(mutant);
        found.addAll(broken);
        if (!broken.equals(told(errors))) {
          disagreements.add(
              "seed %d%n%s%nthe rules: %s%nthe reader: %s".formatted(seed, mutant, broken, errors));
        }
      }
    }
    assertThat(disagreements).isEmpty();
    if (only == null) {
      assertThat(found).isEqualTo(SemanticRules.TOLD);
    }
  }

  /// Errors of `metadata.skein` are of its shape too: the schema has no say there.
  private static boolean isOfShape(Diagnostic error) {
    return error.code().origin() != Code.Origin.SKEIN || error.code() == Code.METADATA;
  }

  private static Set<Code> told(List<Diagnostic> errors) {
    Set<Code> codes = EnumSet.noneOf(Code.class);
    errors.forEach(error -> codes.add(error.code()));
    codes.retainAll(SemanticRules.TOLD);
    return codes;
  }

  private static List<Diagnostic> errors(String text) {
    return switch (SchemaTest.READER.read(text)) {
      case Reading.Read _ -> List.of();
      case Reading.Refused(List<Diagnostic> diagnostics) ->
          diagnostics.stream().filter(Diagnostic::isError).toList();
    };
  }
}
