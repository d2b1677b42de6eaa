package dev.skein.model;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the authentications of settings: those of the language, and those that only settings know.
final class SchemeReader {
  private static final List<String> OWN = List.of("apiKey", "hmac", "sigv4", "mtls");
  private static final String CERTIFICATE = "mtls";
  private static final List<String> PLACES = List.of("header", "query", "cookie");
  private static final List<String> ALGORITHMS = List.of("sha256", "sha512");
  private static final List<String> FORMATS = List.of("hex", "base64");
  private static final Set<String> SIGNED =
      Set.of("method", "path", "query", "timestamp", "date", "body");
  private static final Pattern SIGNED_HEADER =
      Pattern.compile("header:[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Values values;
  private final AuthenticationReader language;

  SchemeReader(Values values, AuthenticationReader language) {
    this.values = values;
    this.language = language;
  }

  /// @return the policy as written: one scheme, and a certificate beside it if there is one
  @Nullable JsonNode authentication(At at) {
    Fields fields = values.fields(at);
    if (fields == null) {
      return null;
    }
    for (String scheme : AuthenticationReader.SCHEMES) {
      At configuration = fields.optional(scheme);
      if (configuration != null) {
        language.scheme(scheme, configuration);
      }
    }
    for (String scheme : OWN) {
      At configuration = fields.optional(scheme);
      if (configuration != null) {
        language.scheme(configuration, inside -> own(scheme, inside));
      }
    }
    fields.close();
    long proofs = fields.names().stream().filter(name -> !name.equals(CERTIFICATE)).count();
    if (proofs > 1) {
      String message = "an authentication must have one scheme, and may have 'mtls' beside it";
      values.reports().add(Code.SHAPE, at, message, null);
    } else if (fields.names().isEmpty()) {
      String known =
          String.join(", ", AuthenticationReader.SCHEMES) + ", " + String.join(", ", OWN);
      String message = "an authentication must have a scheme";
      values.reports().add(Code.SHAPE, at, message, "write one of " + known);
    }
    return at.yaml().json();
  }

  private void own(String scheme, Fields fields) {
    switch (scheme) {
      case "apiKey" -> {
        var _ = values.oneOf(fields.optional("in"), PLACES, PLACES.getFirst());
        texts(fields, List.of("name", "value"), List.of());
      }
      case "hmac" -> {
        var _ = values.oneOf(fields.optional("algorithm"), ALGORITHMS, ALGORITHMS.getFirst());
        var _ = values.oneOf(fields.optional("format"), FORMATS, FORMATS.getFirst());
        texts(
            fields, List.of("secret"), List.of("header", "prefix", "separator", "timestampHeader"));
        signed(fields.optional("signed"));
      }
      case "sigv4" ->
          texts(
              fields,
              List.of("accessKey", "secretKey", "region", "service"),
              List.of("sessionToken"));
      default -> texts(fields, List.of("certificate", "key"), List.of("ca"));
    }
  }

  private void texts(Fields fields, List<String> required, List<String> optional) {
    for (String name : required) {
      var _ = values.templateString(fields.required(name));
    }
    for (String name : optional) {
      var _ = values.templateString(fields.optional(name));
    }
  }

  private void signed(@Nullable At at) {
    List<Yaml> items = values.items(at);
    for (int i = 0; at != null && i < items.size(); i++) {
      At item = at.item(i, items.get(i));
      String part = values.string(item);
      if (part != null && !SIGNED.contains(part) && !SIGNED_HEADER.matcher(part).matches()) {
        values
            .reports()
            .add(
                Code.VALUE,
                item,
                "'" + part + "' is nothing that can be signed",
                "write method, path, query, timestamp, date, body or header:NAME");
      }
    }
  }
}
