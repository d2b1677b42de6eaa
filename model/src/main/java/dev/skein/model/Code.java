package dev.skein.model;

/// The rule that a document breaks. Codes are stable: tools may rely on them.
public enum Code {
  SYNTAX("syntax", Origin.TEXT),
  DUPLICATE_KEY("duplicate-key", Origin.TEXT),
  LIMIT("limit", Origin.TEXT),

  TYPE("type", Origin.SCHEMA),
  MISSING("missing", Origin.SCHEMA),
  UNKNOWN_PROPERTY("unknown-property", Origin.SCHEMA),
  VALUE("value", Origin.SCHEMA),
  FORMAT("format", Origin.SCHEMA),
  SHAPE("shape", Origin.SCHEMA),

  DSL_VERSION("dsl-version", Origin.SKEIN),
  DUPLICATE_NAME("duplicate-name", Origin.SKEIN),
  EMPTY("empty", Origin.SKEIN),
  FLOW("flow", Origin.SKEIN),
  REFERENCE("reference", Origin.SKEIN),
  RECURSION("recursion", Origin.SKEIN),
  EXPRESSION("expression", Origin.SKEIN),
  VARIABLE("variable", Origin.SKEIN),
  DURATION("duration", Origin.SKEIN),
  RANGE("range", Origin.SKEIN),
  BACKOFF("backoff", Origin.SKEIN),
  AUTHENTICATION("authentication", Origin.SKEIN),
  CRON("cron", Origin.SKEIN),
  SCHEDULE("schedule", Origin.SKEIN),
  A2A("a2a", Origin.SKEIN),
  METADATA("metadata", Origin.SKEIN),
  UNREACHABLE("unreachable", Origin.SKEIN),
  NOT_RUN("not-run", Origin.SKEIN),
  RESOURCE("resource", Origin.SKEIN),
  JSON_SCHEMA("json-schema", Origin.SKEIN),
  CARRIER("carrier", Origin.SKEIN),
  CONFLICT("conflict", Origin.SKEIN);

  /// Who made the rule.
  public enum Origin {
    /// The text is no document that could be judged.
    TEXT,
    /// The official schema of the language.
    SCHEMA,
    /// Skein: what the schema accepts and a run could not follow.
    SKEIN
  }

  private final String id;
  private final Origin origin;

  Code(String id, Origin origin) {
    this.id = id;
    this.origin = origin;
  }

  public String id() {
    return id;
  }

  public Origin origin() {
    return origin;
  }
}
