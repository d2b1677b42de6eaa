package dev.skein.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a workflow from YAML or JSON. It never throws for what the text holds: whatever is wrong
/// comes back as diagnostics, all at once.
public final class Reader {
  private final ExpressionSyntax syntax;

  public Reader(ExpressionSyntax syntax) {
    this.syntax = syntax;
  }

  public Reading read(String text) {
    Reports reports = new Reports();
    Definition definition = null;
    try {
      Yaml root = YamlTree.read(text, reports);
      definition = root == null ? null : definition(new At(root, ""), reports);
    } catch (Reports.TooMany _) {
      // what was found until then is more than is returned
    }
    return definition == null || !reports.isEmpty()
        ? new Reading.Refused(reports.sorted())
        : new Reading.Read(definition);
  }

  private @Nullable Definition definition(At root, Reports reports) {
    List<String> secrets = secrets(root.yaml().json());
    Values values = new Values(reports, new Expressions(reports, syntax, secrets));
    Fields fields = values.fields(root);
    if (fields == null) {
      return null;
    }
    Fields documentFields = values.fields(fields.required("document"));
    Document document = new DocumentReader(values).document(documentFields);
    Fields useFields = values.fields(fields.optional("use"));
    PolicyReader policies = new PolicyReader(values);
    References references = new References(values, policies, useFields);
    At functions = useFields == null ? null : useFields.optional("functions");
    TaskReader tasks = new TaskReader(values, references, policies, functions);
    Use use = use(values, useFields, references, tasks.functions(), secrets);
    At metadata = documentFields == null ? null : documentFields.optional("metadata");
    SkeinMetadata.OfDocument skein = new SkeinMetadata(values, references).document(metadata);
    Data data = new DataReader(values).data(fields.optional("input"), fields.optional("output"));
    Timeout timeout = references.timeout(fields.optional("timeout"));
    List<Task> list = tasks.list(fields.required("do"));
    fields.unsupported("schedule", "a schedule");
    evaluate(values, fields.optional("evaluate"));
    fields.names().stream().filter(Reader::isForeign).forEach(fields::optional);
    fields.close();
    return new Definition(
        document, list, use, data, timeout, skein.saga(), skein.attributes(), root.yaml().json());
  }

  /// Properties that are there for editors and for YAML anchors.
  private static boolean isForeign(String name) {
    return name.startsWith("x-") || name.equals("$schema");
  }

  /// The names of secrets, before anything is checked: expressions need them.
  private static List<String> secrets(JsonNode root) {
    List<String> names = new ArrayList<>();
    for (JsonNode name : root.path("use").path("secrets")) {
      if (name.isString()) {
        names.add(name.stringValue());
      }
    }
    return List.copyOf(names);
  }

  private static Use use(
      Values values,
      @Nullable Fields fields,
      References references,
      Map<String, Task> functions,
      List<String> secrets) {
    if (fields == null) {
      return Use.NOTHING;
    }
    At secretList = fields.optional("secrets");
    List<Yaml> items = values.items(secretList);
    for (int i = 0; secretList != null && i < items.size(); i++) {
      var _ = values.string(secretList.item(i, items.get(i)));
    }
    fields.unsupported("extensions", "'use.extensions'");
    fields.unsupported("catalogs", "'use.catalogs'");
    fields.close();
    return new Use(
        functions,
        references.retries(),
        references.errors(),
        references.timeouts(),
        references.authentications(),
        secrets);
  }

  private static void evaluate(Values values, @Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return;
    }
    At language = fields.optional("language");
    String name = values.string(language, "jq");
    if (language != null && !name.equals("jq")) {
      values
          .reports()
          .unsupported(language.position(), language.path(), "the language '" + name + "'");
    }
    At mode = fields.optional("mode");
    if (mode != null && values.oneOf(mode, List.of("strict", "loose"), "strict").equals("loose")) {
      values.reports().unsupported(mode.position(), mode.path(), "the mode 'loose'");
    }
    fields.close();
  }
}
