package dev.skein.server.http;

import dev.skein.runtime.access.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a route takes and gives: what its requests are held to, and what the OpenAPI document says
/// of it.
///
/// @param path `/api/v1/runs/{id}`
/// @param name unique, in camel case
/// @param query parameters behind the question mark; a name that ends in `*` stands for all that
///   begin so
/// @param takes what its body may be; null for none
/// @param answers by status
/// @param problems statuses of refusals, besides those that any request may get
/// @param needs who may ask for it
public record Operation(
    String method,
    String path,
    String name,
    String summary,
    List<Parameter> query,
    @Nullable Body takes,
    Map<Integer, Reply> answers,
    List<Integer> problems,
    Needs needs) {
  public static final String JSON = "application/json";
  public static final String EVENTS = "text/event-stream";

  /// @param schema what its value is, as JSON Schema
  public record Parameter(String name, String schema, String summary) {}

  /// @param types media types, the first is the usual one
  /// @param schema the name of a schema, or empty for anything
  public record Body(List<String> types, String schema, boolean required) {}

  /// @param types media types; none for an answer without a body
  /// @param schema the name of a schema, or empty for anything
  public record Reply(String summary, List<String> types, String schema) {}

  /// Where a role must be had.
  public enum Reach {
    /// Nowhere.
    OPEN,
    /// In one namespace at least; what is told or done is confined to those by who serves it.
    SOMEWHERE,
    /// In the namespace that the path names.
    NAMESPACE,
    /// In the namespace of the workflow of the run that the path names.
    RUN,
    /// The same for the run that has the incident that the path names.
    INCIDENT,
    /// In all namespaces.
    EVERYWHERE
  }

  /// Who may ask.
  ///
  /// @param isNew whether all it changes comes into being by it, so that nobody needs to wait for
  ///   what the audit log says of it beforehand
  public record Needs(Role least, Reach reach, boolean isNew) {
    static final Needs NOTHING = new Needs(Role.VIEWER, Reach.OPEN, false);

    /// What nobody has thought about is only for those who may do everything.
    public static final Needs UNSAID = new Needs(Role.ADMIN, Reach.EVERYWHERE, false);
  }

  public static Operation of(String method, String path, String name, String summary) {
    return new Operation(
        method, path, name, summary, List.of(), null, Map.of(), List.of(), Needs.UNSAID);
  }

  /// @param schema as JSON Schema
  public Operation query(String parameter, String schema, String says) {
    var all = new ArrayList<>(query);
    all.add(new Parameter(parameter, schema, says));
    return new Operation(
        method, path, name, summary, List.copyOf(all), takes, answers, problems, needs);
  }

  /// A body of JSON.
  public Operation takes(String schema, boolean required) {
    return takes(new Body(List.of(JSON), schema, required));
  }

  public Operation takes(Body body) {
    return new Operation(method, path, name, summary, query, body, answers, problems, needs);
  }

  /// An answer in JSON.
  public Operation gives(int status, String schema, String says) {
    return gives(status, new Reply(says, List.of(JSON), schema));
  }

  public Operation gives(int status, Reply reply) {
    var all = new TreeMap<>(answers);
    all.put(status, reply);
    return new Operation(
        method, path, name, summary, query, takes, new LinkedHashMap<>(all), problems, needs);
  }

  public Operation refuses(Integer... statuses) {
    return new Operation(
        method, path, name, summary, query, takes, answers, List.of(statuses), needs);
  }

  /// Without login.
  public Operation open() {
    return needing(Needs.NOTHING);
  }

  /// @param least the role, at the place that is asked for
  public Operation needs(Role least, Reach reach) {
    return needing(new Needs(least, reach, needs.isNew));
  }

  /// What it makes is new, see [Needs].
  public Operation makes() {
    return needing(new Needs(needs.least, needs.reach, true));
  }

  private Operation needing(Needs now) {
    return new Operation(method, path, name, summary, query, takes, answers, problems, now);
  }

  /// Whether it may change anything.
  public boolean changes() {
    return !method.equals("GET");
  }

  /// @throws Refusal 415 for a body of another type, 406 if none of its answers would be accepted
  void check(Request request) {
    String type = request.mediaType();
    if (type != null && takes != null && request.body().length > 0 && !isTaken(type)) {
      throw Refusal.of(
          415,
          "unsupported-media-type",
          "a body is taken as %s, not as %s".formatted(String.join(", ", takes.types), type));
    }
    String accepted = request.header("Accept");
    if (accepted != null && !accepted.isBlank() && !isGiven(accepted)) {
      throw Refusal.of(
          406,
          "not-acceptable",
          "it is answered as %s, none of which is accepted".formatted(String.join(", ", given())));
    }
  }

  private boolean isTaken(String type) {
    return takes != null && takes.types.stream().anyMatch(one -> fits(one, type));
  }

  private boolean isGiven(String accepted) {
    List<String> given = given();
    if (given.isEmpty()) {
      return true;
    }
    for (String range : accepted.split(",", -1)) {
      String wanted = range.split(";", 2)[0].strip().toLowerCase(java.util.Locale.ROOT);
      if (given.stream().anyMatch(type -> fits(wanted, type))) {
        return true;
      }
    }
    return false;
  }

  private List<String> given() {
    return answers.values().stream().flatMap(reply -> reply.types.stream()).distinct().toList();
  }

  private static boolean fits(String range, String type) {
    return range.equals("*/*")
        || range.equals("*")
        || range.equals(type)
        || (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1)));
  }
}
