package dev.skein.model;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the authentication schemes that the language has no words for.
record OwnSchemes(Values values) {
  /// The one that may stand beside another.
  static final String BESIDE = "mtls";

  static final List<String> NAMES = List.of("apiKey", "hmac", "sigv4", BESIDE);

  private static final Pattern SIGNED =
      Pattern.compile("method|path|query|timestamp|date|body|header:.+|\\$\\{.*}");

  void read(String scheme, Fields fields) {
    switch (scheme) {
      case "apiKey" -> {
        choice(fields, "in", "header", "query", "cookie");
        required(fields, "name", "value");
      }
      case "hmac" -> hmac(fields);
      case "sigv4" -> {
        required(fields, "accessKey", "secretKey", "region", "service");
        optional(fields, "sessionToken");
      }
      case BESIDE -> {
        required(fields, "certificate", "key");
        optional(fields, "ca");
      }
      default -> throw new IllegalArgumentException(scheme);
    }
  }

  private void hmac(Fields fields) {
    required(fields, "secret");
    choice(fields, "algorithm", "sha256", "sha512");
    choice(fields, "format", "hex", "base64");
    optional(fields, "header", "prefix", "separator", "timestampHeader");
    At signed = fields.optional("signed");
    JsonNode parts = values.strings(signed);
    if (signed == null || parts == null) {
      return;
    }
    for (JsonNode part : parts) {
      if (part.isString() && !SIGNED.matcher(part.asString()).matches()) {
        values
            .reports()
            .add(
                Code.VALUE,
                signed,
                "'" + part.asString() + "' can't be signed",
                "write method, path, query, timestamp, date, body or header:NAME");
      }
    }
  }

  private void choice(Fields fields, String name, String... allowed) {
    At at = fields.optional(name);
    var _ = values.oneOf(at, List.of(allowed), allowed[0]);
  }

  private void required(Fields fields, String... names) {
    for (String name : names) {
      text(fields.required(name));
    }
  }

  private void optional(Fields fields, String... names) {
    for (String name : names) {
      text(fields.optional(name));
    }
  }

  private void text(@Nullable At at) {
    var _ = values.templateString(at);
  }
}
