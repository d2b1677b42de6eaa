package dev.skein.model;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads calls of operations of OpenAPI documents, and holds them against these if they can be
/// read.
final class OpenApiReader {
  private final Values values;
  private final References references;

  OpenApiReader(Values values, References references) {
    this.values = values;
    this.references = references;
  }

  @Nullable Task call(Draft draft) {
    Fields with = values.fields(draft.fields().required("with"));
    if (with == null) {
      return null;
    }
    with.of("call openapi");
    At documentAt = with.required("document");
    ExternalResource document = references.resource(documentAt);
    At idAt = with.required("operationId");
    JsonNode id = values.templateString(idAt);
    At parametersAt = with.optional("parameters");
    JsonNode parameters = values.objectTemplate(parametersAt);
    JsonNode authentication = references.authentication(with.optional("authentication"));
    String output = values.oneOf(with.optional("output"), CallReader.OUTPUTS, "content");
    boolean redirect = values.bool(with.optional("redirect"), false);
    with.close();
    if (documentAt == null || document == null || idAt == null || id == null) {
      return null;
    }
    ApiFile file = file(documentAt, document);
    if (file != null) {
      check(file, documentAt, idAt, new Given(with.at(), parametersAt));
    }
    var arguments =
        new OpenApiArguments(document, file, id, parameters, authentication, output, redirect);
    return new CallOpenApiTask(draft.base(), arguments);
  }

  private @Nullable ApiFile file(At at, ExternalResource document) {
    ResourceReader resources = references.outside().resources();
    return ApiFile.of(at, resources.read(at, document), resources);
  }

  /// Where the call and its parameters stand.
  private record Given(At call, @Nullable At parameters) {}

  private void check(ApiFile file, At documentAt, At idAt, Given given) {
    switch (references.outside().apis().judge(file)) {
      case ApiSyntax.Judgement.Unread() -> {}
      case ApiSyntax.Judgement.Invalid(String mistake) -> {
        String message = file.uri() + " is no OpenAPI document: " + mistake;
        values.reports().add(Code.RESOURCE, documentAt, message, null);
      }
      case ApiSyntax.Judgement.Valid(ApiSyntax.Operations operations) -> {
        String id = literal(idAt);
        if (id != null) {
          check(operations, id, idAt, given);
        }
      }
    }
  }

  private void check(ApiSyntax.Operations operations, String id, At idAt, Given given) {
    Map<String, Boolean> known = operations.parameters(id);
    if (known == null) {
      String message = "the API has no operation '" + id + "'";
      missing(idAt, message, id, operations.ids());
      return;
    }
    JsonNode written = given.parameters == null ? null : given.parameters.yaml().json();
    if (written != null && !written.isObject()) {
      return; // only a run knows
    }
    known.forEach((name, required) -> {
      if (required && (written == null || !written.has(name))) {
        At at = given.parameters == null ? given.call : given.parameters;
        values.reports().add(Code.RESOURCE, at, id + " needs the parameter '" + name + "'", null);
      }
    });
    if (given.parameters != null && written != null) {
      unknown(id, given.parameters, known.keySet());
    }
  }

  private void unknown(String id, At parameters, Collection<String> known) {
    values
        .entries(parameters)
        .forEach((name, entry) -> {
          if (!known.contains(name)) {
            String message = id + " has no parameter '" + name + "'";
            missing(parameters.child(name, entry.value()), message, name, known);
          }
        });
  }

  private void missing(At at, String message, String written, Collection<String> known) {
    String hint = Suggestions.hint(written, known);
    String all = known.isEmpty() ? null : "there are: " + String.join(", ", known);
    values.reports().add(Code.RESOURCE, at, message, hint == null ? all : hint);
  }

  /// What is known before a run.
  private static @Nullable String literal(At at) {
    return Template.of(at.yaml().json().stringValue()) instanceof Template.Literal(String text)
        ? text
        : null;
  }
}
