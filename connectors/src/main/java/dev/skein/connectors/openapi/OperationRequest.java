package dev.skein.connectors.openapi;

import dev.skein.connectors.http.HttpCallException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The request that calls an operation.
///
/// @param headers with the `Content-Type` of the body, if there is one
public record OperationRequest(
    String method, URI uri, Map<String, String> headers, @Nullable JsonNode body) {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  /// @param document where it lies, for servers that are relative to it
  /// @param parameters by their names, an object; the body by the name it has
  /// @throws HttpCallException `CONFIGURATION` for what the operation does not take, or lacks
  public static OperationRequest of(Operation operation, URI document, JsonNode parameters)
      throws HttpCallException {
    return new Building(operation, parameters).request(server(operation, document));
  }

  private static String server(Operation operation, URI document) throws HttpCallException {
    String written = operation.servers().getFirst();
    URI server;
    try {
      server = document.resolve(new URI(written));
    } catch (URISyntaxException e) {
      throw wrong(operation, "its server '" + written + "' is no URL");
    }
    if (server.getHost() == null && server.getRawAuthority() == null) {
      throw wrong(
          operation,
          "its server '%s' is relative to a document that is not on the web; write it out"
              .formatted(written));
    }
    String text = server.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /// The one of several media types that a body is written in: JSON where it may be.
  public static String mediaType(Set<String> offered) {
    for (String type : offered) {
      if (type.startsWith(JSON) || type.endsWith("+json")) {
        return type;
      }
    }
    if (offered.isEmpty() || offered.contains("*/*") || offered.contains("application/*")) {
      return JSON;
    }
    String first = offered.contains(FORM) ? FORM : offered.iterator().next();
    return first.equals("text/*") ? "text/plain" : first;
  }

  private static HttpCallException wrong(Operation operation, String why) {
    return HttpCallException.configuration(
        "The operation %s cannot be called: %s".formatted(operation, why));
  }

  /// A segment that whoever gets the path resolves, encoded or not (RFC 3986, 5.2.4).
  private static final Pattern UP_OR_HERE = Pattern.compile("/\\.{1,2}(?=/|$)");

  private static final Pattern UP = Pattern.compile("/\\.{2}(?=/|$)");

  /// Used once.
  private static final class Building {
    private final Operation operation;
    private final JsonNode given;
    private final Set<String> used = new TreeSet<>();
    private final List<String> query = new ArrayList<>();
    private final List<String> cookies = new ArrayList<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String path;

    Building(Operation operation, JsonNode given) {
      this.operation = operation;
      this.given = given;
      this.path = operation.path();
    }

    OperationRequest request(String server) throws HttpCallException {
      for (Parameter parameter : operation.parameters()) {
        add(parameter);
      }
      for (Parameter key : operation.keys()) {
        add(key);
      }
      JsonNode body = operation.body() == null ? null : body(operation.body());
      refuseOthers();
      if (!cookies.isEmpty()) {
        headers.put("Cookie", String.join("; ", cookies));
      }
      String target = server + path + (query.isEmpty() ? "" : "?" + String.join("&", query));
      try {
        return new OperationRequest(operation.method(), new URI(target), headers, body);
      } catch (URISyntaxException e) {
        throw wrong(operation, "'" + target + "' is no URL: " + e.getReason());
      }
    }

    private void add(Parameter parameter) throws HttpCallException {
      JsonNode value = given.path(parameter.name());
      used.add(parameter.name());
      if (value.isMissingNode() || (value.isNull() && !parameter.required())) {
        if (parameter.required()) {
          throw wrong(operation, "the parameter '" + parameter.name() + "' is missing");
        }
        return;
      }
      if (parameter.mediaType() != null) {
        value = JsonNodeFactory.instance.stringNode(value.toString());
      }
      switch (parameter.in()) {
        case PATH -> {
          String written = Styles.inPath(parameter, value);
          if (written.isEmpty()) {
            throw wrong(operation, "the parameter '" + parameter.name() + "' is empty");
          }
          path = path.replace("{" + parameter.name() + "}", written);
          // that of an empty value is a dot alone (3.1.1, 4.8.12.4)
          boolean label = parameter.style() == Parameter.Style.LABEL;
          if ((label ? UP : UP_OR_HERE).matcher(path).find()) {
            throw wrong(
                operation,
                "the parameter '%s' makes its path lead elsewhere: %s"
                    .formatted(parameter.name(), path));
          }
        }
        case QUERY -> query.addAll(Styles.named(parameter, value));
        case HEADER -> headers.put(parameter.name(), Styles.inHeader(parameter, value));
        case COOKIE -> cookies.addAll(Styles.named(parameter, value));
      }
    }

    private @Nullable JsonNode body(Operation.Body body) throws HttpCallException {
      JsonNode value = body.name().isEmpty() ? fields() : given.path(body.name());
      used.add(body.name());
      if (value.isMissingNode() || (body.name().isEmpty() && value.isEmpty())) {
        if (body.required()) {
          throw wrong(operation, "its body, '" + body.name() + "', is missing");
        }
        return null;
      }
      headers.put("Content-Type", mediaType(body.content().keySet()));
      return value;
    }

    /// The form fields of Swagger 2 are given one by one.
    private JsonNode fields() throws HttpCallException {
      ObjectNode fields = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, Boolean> field : operation.inBody().entrySet()) {
        used.add(field.getKey());
        if (given.has(field.getKey())) {
          fields.set(field.getKey(), given.path(field.getKey()));
        } else if (field.getValue()) {
          throw wrong(operation, "the parameter '" + field.getKey() + "' is missing");
        }
      }
      return fields;
    }

    private void refuseOthers() throws HttpCallException {
      for (String name : given.propertyNames()) {
        if (!used.contains(name)) {
          used.remove("");
          throw wrong(
              operation,
              "it has no parameter '%s'; it has %s"
                  .formatted(name, used.isEmpty() ? "none" : String.join(", ", used)));
        }
      }
    }
  }
}
