package dev.skein.model;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the section `document`.
final class DocumentReader {
  private static final int SHOWN = 63;
  private static final Pattern LANGUAGE = Pattern.compile("1\\.0\\.(?:0|[1-9][0-9]*)");

  private final Values values;

  DocumentReader(Values values) {
    this.values = values;
  }

  /// @param fields the section, if there is one
  Document document(@Nullable Fields fields) {
    if (fields == null) {
      return new Document(
          "", "", "", "", null, null, SkeinMetadata.orEmpty(null), SkeinMetadata.orEmpty(null));
    }
    At language = fields.required("dsl");
    String dsl = matching(language, Formats::isVersion, "1.0.x", "write 1.0.3");
    if (language != null && Formats.isVersion(dsl) && !LANGUAGE.matcher(dsl).matches()) {
      String message = "'dsl' must be 1.0.x, not '" + shown(dsl) + "'";
      values.reports().add(Code.DSL_VERSION, language, message, "write 1.0.3");
    }
    String nameRule = "at most 63 letters, digits and inner hyphens";
    String namespace = matching(fields.required("namespace"), Formats::isName, nameRule, null);
    String name = matching(fields.required("name"), Formats::isName, nameRule, null);
    String rule = "a semantic version";
    String version =
        matching(fields.required("version"), Formats::isVersion, rule, "write it as 1.0.0");
    String title = values.string(fields.optional("title"));
    String summary = values.string(fields.optional("summary"));
    At tags = fields.optional("tags");
    var _ = values.object(tags);
    At metadata = fields.optional("metadata");
    fields.close();
    return new Document(
        dsl,
        namespace,
        name,
        version,
        title,
        summary,
        SkeinMetadata.orEmpty(tags),
        SkeinMetadata.orEmpty(metadata));
  }

  private String matching(
      @Nullable At at, Predicate<String> format, String rule, @Nullable String hint) {
    String text = values.string(at);
    if (at == null || text == null) {
      return "";
    }
    if (!format.test(text)) {
      String message = "'" + Values.name(at) + "' must be " + rule + ", not '" + shown(text) + "'";
      values.reports().add(Code.FORMAT, at, message, hint);
    }
    return text;
  }

  private static String shown(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }
}
