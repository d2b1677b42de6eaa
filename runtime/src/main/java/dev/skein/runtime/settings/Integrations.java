package dev.skein.runtime.settings;

import dev.skein.connectors.policy.Declaration;
import dev.skein.connectors.policy.PolicyBook;
import dev.skein.model.Section;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads `integrations` of `skein.yaml`.
final class Integrations {
  private static final Pattern NAME =
      Pattern.compile("(?!default$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private Integrations() {}

  static List<Declaration> read(Section root) {
    Map<String, IntegrationReader.Read> read =
        root.sections(
            "integrations",
            NAME.asMatchPredicate(),
            "name of an integration",
            IntegrationReader::read);
    List<Declaration> declarations =
        read.values().stream().map(IntegrationReader.Read::declaration).toList();
    PolicyBook.ties(declarations).forEach(tie -> report(root, tie, read));
    return declarations;
  }

  private static void report(
      Section root, PolicyBook.Tie tie, Map<String, IntegrationReader.Read> read) {
    String message =
        "'%s' and '%s' (lines %d and %d) both set '%s' for the same calls"
            .formatted(
                tie.earlier().name(),
                tie.later().name(),
                tie.earlier().lines().get(tie.block()),
                tie.later().lines().get(tie.block()),
                tie.block());
    IntegrationReader.Read later = read.get(tie.later().name());
    Section.Place place = later == null ? null : later.places().get(tie.block());
    if (place != null) {
      root.conflict(place, message, "make one of them more specific, or leave it out there");
    }
  }
}
