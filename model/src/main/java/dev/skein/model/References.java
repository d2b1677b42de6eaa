package dev.skein.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The shared policies of `use`, and the places that either name one or write one out.
final class References {
  private final Values values;
  private final PolicyReader policies;
  private final AuthenticationReader authenticating;
  private final Named<Timeout> timeouts;
  private final Named<RetryPolicy> retries;
  private final Named<JsonNode> errors;
  private final Named<JsonNode> authentications;
  private final Named<Catalog> catalogs;
  private final Outside outside;

  /// @param use the section `use`, if there is one
  References(
      Values values,
      PolicyReader policies,
      AuthenticationReader authenticating,
      @Nullable Fields use,
      Outside outside) {
    this.outside = outside;
    this.values = values;
    this.policies = policies;
    this.authenticating = authenticating;
    this.timeouts = named("timeout", "timeouts", use, policies::timeout);
    this.retries = named("retry policy", "retries", use, policies::retry);
    this.errors = named("error", "errors", use, policies::error);
    // catalogs may name authentications, not the other way round
    this.authentications =
        named("authentication", "authentications", use, authenticating::sharedAuthentication);
    this.catalogs = named("catalog", "catalogs", use, this::catalog);
  }

  private <T> Named<T> named(
      String kind, String section, @Nullable Fields use, Function<At, @Nullable T> read) {
    At at = use == null ? null : use.optional(section);
    Map<String, Yaml.Entry> written = values.entries(at);
    Map<String, T> entries = new LinkedHashMap<>();
    if (at != null) {
      written.forEach((name, entry) -> {
        T value = read.apply(at.child(name, entry.value()));
        if (value != null) {
          entries.put(name, value);
        }
      });
    }
    return new Named<>(values.reports(), kind, section, written.keySet(), entries);
  }

  Outside outside() {
    return outside;
  }

  Map<String, Timeout> timeouts() {
    return timeouts.entries();
  }

  Map<String, RetryPolicy> retries() {
    return retries.entries();
  }

  Map<String, JsonNode> errors() {
    return errors.entries();
  }

  Map<String, JsonNode> authentications() {
    return authentications.entries();
  }

  Map<String, Catalog> catalogs() {
    return catalogs.entries();
  }

  private @Nullable Catalog catalog(At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    Endpoint endpoint = endpoint(fields.required("endpoint"));
    fields.close();
    return endpoint == null ? null : new Catalog(endpoint.uri, endpoint.authentication);
  }

  /// The default catalog need not be declared; here, it is found in no other way.
  @Nullable Catalog catalog(At at, String name) {
    if (name.equals("default") && !catalogs.declared().contains(name)) {
      values.reports().notRun(at, "a function from a default catalog that is not declared is");
      return null;
    }
    return catalogs.resolve(at, name);
  }

  @Nullable Timeout timeout(@Nullable At at) {
    return byNameOr(at, timeouts, policies::timeout);
  }

  @Nullable RetryPolicy retry(@Nullable At at) {
    return byNameOr(at, retries, policies::retry);
  }

  @Nullable JsonNode error(@Nullable At at) {
    return byNameOr(at, errors, policies::error);
  }

  private static <T> @Nullable T byNameOr(
      @Nullable At at, Named<T> named, Function<At, @Nullable T> writtenOut) {
    if (at == null) {
      return null;
    }
    JsonNode json = at.yaml().json();
    return json.isString() ? named.resolve(at, json.stringValue()) : writtenOut.apply(at);
  }

  /// An authentication is named as `{use: NAME}`.
  @Nullable JsonNode authentication(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null || at == null) {
      return null;
    }
    if (!fields.has("use")) {
      return authenticating.authentication(at);
    }
    At reference = fields.required("use");
    String name = values.string(reference);
    fields.close();
    if (reference == null || name == null) {
      return null;
    }
    if (name.isEmpty()) {
      values.reports().add(Code.FORMAT, reference, "'use' must name an authentication", null);
    }
    return authentications.resolve(reference, name);
  }

  @Nullable ExternalResource resource(@Nullable At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    String name = values.string(fields.optional("name"));
    Endpoint endpoint = endpoint(fields.required("endpoint"));
    fields.close();
    return endpoint == null
        ? null
        : new ExternalResource(name, endpoint.uri, endpoint.authentication);
  }

  /// Where a call goes.
  record Endpoint(JsonNode uri, @Nullable JsonNode authentication) {}

  @Nullable Endpoint endpoint(@Nullable At at) {
    if (at != null && at.yaml().json().isString()) {
      JsonNode uri = values.uriOrExpression(at);
      return uri == null ? null : new Endpoint(uri, null);
    }
    Fields fields = values.fields(at, "a URI or an object");
    if (fields == null) {
      return null;
    }
    JsonNode uri = values.uriOrExpression(fields.required("uri"));
    JsonNode authentication = authentication(fields.optional("authentication"));
    fields.close();
    return uri == null ? null : new Endpoint(uri, authentication);
  }
}
