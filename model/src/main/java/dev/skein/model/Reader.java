package dev.skein.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a workflow from YAML or JSON. It never throws for what the text holds: whatever is wrong
/// comes back as diagnostics, all at once.
public final class Reader {
  private static final List<String> EXTENDABLE =
      List.of(
          "call",
          "composite",
          "emit",
          "for",
          "listen",
          "raise",
          "run",
          "set",
          "switch",
          "try",
          "wait",
          "all");

  private final ExpressionSyntax syntax;
  private final SchemaSyntax schemas;
  private final ProtoSyntax protos;
  private final Resources resources;

  /// Judges no schemas and no .proto files, and looks at nothing beside the text.
  public Reader(ExpressionSyntax syntax) {
    this(syntax, _ -> null, Resources.UNREAD);
  }

  /// Judges no .proto files.
  public Reader(ExpressionSyntax syntax, SchemaSyntax schemas, Resources resources) {
    this(syntax, schemas, _ -> new ProtoSyntax.Judgement.Unread(), resources);
  }

  public Reader(
      ExpressionSyntax syntax, SchemaSyntax schemas, ProtoSyntax protos, Resources resources) {
    this.syntax = syntax;
    this.schemas = schemas;
    this.protos = protos;
    this.resources = resources;
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
    return definition == null || reports.refuse()
        ? new Reading.Refused(reports.refusal())
        : new Reading.Read(definition, reports.sortedRemarks());
  }

  private @Nullable Definition definition(At root, Reports reports) {
    List<String> secrets = secrets(root.yaml().json());
    Values values =
        new Values(reports, new Expressions(reports, syntax(root.yaml().json()), secrets));
    Fields fields = values.fields(root);
    if (fields == null) {
      return null;
    }
    Fields documentFields = values.fields(fields.required("document"));
    Document document = new DocumentReader(values).document(documentFields);
    Fields useFields = values.fields(fields.optional("use"));
    PolicyReader policies = new PolicyReader(values);
    AuthenticationReader authentications = AuthenticationReader.ofWorkflow(values, secrets);
    Outside outside = new Outside(new ResourceReader(reports, resources), schemas, protos);
    References references = new References(values, policies, authentications, useFields, outside);
    At functions = useFields == null ? null : useFields.optional("functions");
    TaskReader tasks = new TaskReader(values, references, policies, functions);
    Use use = use(values, useFields, references, tasks, secrets);
    At metadata = documentFields == null ? null : documentFields.optional("metadata");
    SkeinMetadata.OfDocument skein = new SkeinMetadata(values, references).document(metadata);
    Data data =
        new DataReader(values, references)
            .data(fields.optional("input"), fields.optional("output"));
    Timeout timeout = references.timeout(fields.optional("timeout"));
    List<Task> list = tasks.list(fields.required("do"));
    Schedule schedule =
        new ScheduleReader(values, tasks.events())
            .schedule(fields.optional("schedule"), skein.schedule());
    ApiOperation api = new ApiReader(values, secrets).operation(skein.api());
    boolean loose = evaluate(values, fields.optional("evaluate"));
    fields.names().stream().filter(Reader::isForeign).forEach(fields::optional);
    fields.closeOpen();
    return new Definition(
        document,
        list,
        use.with(tasks.functions()),
        data,
        timeout,
        skein.saga(),
        schedule,
        api,
        loose,
        skein.attributes(),
        root.yaml().json());
  }

  /// Properties that are there for editors and for YAML anchors.
  private static boolean isForeign(String name) {
    return name.startsWith("x-") || name.equals("$schema");
  }

  /// What is written in another language cannot be checked here.
  private ExpressionSyntax syntax(JsonNode root) {
    JsonNode language = root.path("evaluate").path("language");
    return !language.isString() || language.stringValue().equals("jq")
        ? syntax
        : expression -> null;
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
      TaskReader tasks,
      List<String> secrets) {
    if (fields == null) {
      return Use.NOTHING;
    }
    At secretList = fields.optional("secrets");
    List<Yaml> items = values.items(secretList);
    for (int i = 0; secretList != null && i < items.size(); i++) {
      var _ = values.string(secretList.item(i, items.get(i)));
    }
    List<Extension> extensions = extensions(values, fields.optional("extensions"), tasks);
    fields.close();
    return new Use(
        tasks.functions(),
        references.retries(),
        references.errors(),
        references.timeouts(),
        references.authentications(),
        references.catalogs(),
        extensions,
        secrets);
  }

  private static List<Extension> extensions(Values values, @Nullable At at, TaskReader tasks) {
    List<Yaml> items = values.items(at);
    List<Extension> extensions = new ArrayList<>();
    for (int i = 0; at != null && i < items.size(); i++) {
      At item = at.item(i, items.get(i));
      Map.Entry<String, Yaml.Entry> only = tasks.only(item, "extension");
      Fields fields =
          only == null ? null : values.fields(item.child(only.getKey(), only.getValue().value()));
      if (only != null && fields != null) {
        String extend = values.oneOf(fields.required("extend"), EXTENDABLE, "all");
        String when = values.expression(fields.optional("when"));
        At before = fields.optional("before");
        At after = fields.optional("after");
        extensions.add(
            new Extension(
                only.getKey(),
                extend,
                when,
                before == null ? List.of() : tasks.list(before),
                after == null ? List.of() : tasks.list(after)));
        fields.close();
      }
    }
    return extensions;
  }

  /// Whether the mode is loose.
  private static boolean evaluate(Values values, @Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return false;
    }
    At language = fields.optional("language");
    String name = values.string(language, "jq");
    if (language != null && !name.equals("jq")) {
      values.reports().notRun(language, "expressions in '" + name + "' are");
    }
    String mode = values.oneOf(fields.optional("mode"), List.of("strict", "loose"), "strict");
    fields.close();
    return mode.equals("loose");
  }
}
