package dev.skein.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the section `document`.
final class DocumentReader {
  private static final int MAX_NAME = 63;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?");
  private static final String NUMBER = "(?:0|[1-9][0-9]*)";
  private static final String IDENTIFIERS = "[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*+";
  private static final Pattern VERSION =
      Pattern.compile(
          NUMBER
              + "\\."
              + NUMBER
              + "\\."
              + NUMBER
              + "(?:-"
              + IDENTIFIERS
              + ")?+(?:\\+"
              + IDENTIFIERS
              + ")?+");
  private static final Pattern LANGUAGE = Pattern.compile("1\\.0\\." + NUMBER);

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
    String dsl = matching(fields.required("dsl"), LANGUAGE, "1.0.x", "write 1.0.3");
    String nameRule = "at most 63 letters, digits and inner hyphens";
    String namespace = matching(fields.required("namespace"), NAME, nameRule, null);
    String name = matching(fields.required("name"), NAME, nameRule, null);
    String version =
        matching(fields.required("version"), VERSION, "a semantic version", "write it as 1.0.0");
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

  private String matching(@Nullable At at, Pattern pattern, String rule, @Nullable String hint) {
    String text = values.string(at);
    if (at == null || text == null) {
      return "";
    }
    boolean tooLong = pattern == NAME && text.length() > MAX_NAME;
    if (tooLong || !pattern.matcher(text).matches()) {
      String shown = text.length() > MAX_NAME ? text.substring(0, MAX_NAME) + "…" : text;
      String message = "'" + Values.name(at) + "' must be " + rule + ", not '" + shown + "'";
      values.reports().add(at, message, hint);
    }
    return text;
  }
}
