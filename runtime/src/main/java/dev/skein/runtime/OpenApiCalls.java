package dev.skein.runtime;

import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.openapi.ApiDocument;
import dev.skein.connectors.openapi.InvalidApi;
import dev.skein.connectors.openapi.Operation;
import dev.skein.connectors.openapi.OperationRequest;
import dev.skein.interpreter.HttpPort;
import dev.skein.interpreter.OpenApiPort;
import dev.skein.interpreter.Problems;
import dev.skein.model.ApiFile;
import dev.skein.model.ApiSyntax;
import dev.skein.model.Problem;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The interpreter's calls of operations, made as HTTP calls under the policies of these.
/// Thread-safe.
final class OpenApiCalls implements OpenApiPort {
  private static final int MOST_KEPT = 500;

  private final HttpCalls calls;

  /// A document is read once for each definition that holds it.
  private final Map<ApiFile, ApiDocument> read =
      Collections.synchronizedMap(new IdentityHashMap<>());

  OpenApiCalls(HttpCalls calls) {
    this.calls = calls;
  }

  /// What an OpenAPI document describes, or what is wrong with it.
  static ApiSyntax.Judgement judge(ApiFile file) {
    try {
      return new ApiSyntax.Judgement.Valid(operations(ApiDocument.read(file.content())));
    } catch (InvalidApi e) {
      return new ApiSyntax.Judgement.Invalid(String.valueOf(e.getMessage()));
    }
  }

  private static ApiSyntax.Operations operations(ApiDocument api) {
    return new ApiSyntax.Operations() {
      @Override
      public Collection<String> ids() {
        return api.operations().stream().map(Operation::id).filter(Objects::nonNull).toList();
      }

      @Override
      public @Nullable Map<String, Boolean> parameters(String id) {
        Operation operation = api.operation(id);
        if (operation == null) {
          return null;
        }
        var names = new LinkedHashMap<String, Boolean>();
        operation.keys().forEach(it -> names.put(it.name(), false));
        operation
            .parameters()
            .forEach(it -> names.merge(it.name(), it.required(), Boolean::logicalOr));
        names.putAll(operation.inBody());
        return names;
      }
    };
  }

  @Override
  public JsonNode call(Request request, HttpPort.Site site) throws InterruptedException {
    Operation operation = document(request.document()).operation(request.operationId());
    if (operation == null) {
      throw Problems.fault(
          Problem.Kind.CONFIGURATION.problem(
              "%s has no operation '%s'"
                  .formatted(request.document().uri(), request.operationId())));
    }
    OperationRequest built;
    try {
      built = OperationRequest.of(operation, request.document().uri(), request.parameters());
    } catch (HttpCallException e) {
      throw HttpCalls.fault(e);
    }
    var made =
        new HttpPort.Request(
            built.method(),
            built.uri(),
            built.headers(),
            Map.of(),
            built.body(),
            request.authentication(),
            request.output(),
            request.redirect());
    return calls.call(made, operation.toString(), site);
  }

  private ApiDocument document(ApiFile file) {
    ApiDocument known = read.get(file);
    if (known == null) {
      try {
        known = ApiDocument.read(file.content());
      } catch (InvalidApi e) {
        throw Problems.fault(
            Problem.Kind.CONFIGURATION.problem(
                file.uri() + " is no OpenAPI document: " + e.getMessage()));
      }
      if (read.size() >= MOST_KEPT) {
        read.clear();
      }
      read.put(file, known);
    }
    return known;
  }
}
