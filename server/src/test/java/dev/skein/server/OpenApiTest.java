package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import dev.skein.interpreter.Schemas;
import dev.skein.model.DataSchema;
import dev.skein.server.Served.Got;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The document that tells how published workflows are called, and the page that shows it.
class OpenApiTest {
  private static final String HERE = "urn:openapi";
  private static final Pattern COMPONENT = Pattern.compile("[a-zA-Z0-9._-]+");
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]*)}");

  @TempDir private Path data;
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    served = new Served(data, new TurnedTime());
    Path schemas = Files.createDirectories(data.resolve("given"));
    Files.writeString(
        schemas.resolve("item.json"),
        """
        {"$id": "item.json", "type": "object", "required": ["sku"],
         "properties": {"sku": {"$ref": "#sku"}, "parts": {"type": "array", "items": {"$ref": "#"}}},
         "$defs": {"sku": {"$anchor": "sku", "type": "string", "minLength": 2}}}
        """);
    served.skein.deploy(
        """
        document:
          dsl: 1.0.3
          namespace: shop
          name: order
          version: 1.0.0+b1
          title: Places an order
          summary: One for each cart.
          metadata:
            skein: {api: {path: '/carts/{cart}/orders', version: v1, deprecated: 2026-05-01, limit: 5/s}}
        input:
          schema:
            document:
              type: object
              required: [cart, items, $ref]
              properties:
                cart: {type: integer}
                items: {type: array, items: {$ref: item.json}}
                $ref: {const: {$ref: "#/nowhere"}}
                note: {$ref: "#/$defs/note"}
              $defs: {note: {type: [string, "null"]}}
        output: {schema: {document: {type: object, required: [n]}}}
        do: [{answer: {set: {n: 1}}}]
        """,
        schemas.resolve("order.yaml"));
    served.deploy(
        """
        document:
          dsl: 1.0.3
          namespace: shop
          name: orders
          version: 1.0.0
          metadata: {skein: {api: {path: '/carts/{id}/orders', method: get, deprecated: 2026-07-01}}}
        input:
          schema:
            format: json:draft-07
            document:
              type: object
              required: [limit]
              properties: {id: {type: integer}, limit: {type: integer}, state: {type: string}}
        do: [{answer: {set: {n: 1}}}]
        """);
    served.deploy(
        """
        document:
          dsl: 1.0.3
          namespace: shop
          name: paid
          version: 1.0.0
          metadata:
            skein: {api: {path: /paid, webhook: {secret: s, timestamp: {}, id: X-Id, prefix: v0=}}}
        use: {secrets: [s]}
        do: [{answer: {set: {n: 1}}}]
        """);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private JsonNode document() {
    Got got = served.get("/apis/openapi.json");
    assertThat(got.status()).isEqualTo(200);
    return got.json();
  }

  private static JsonNode resolved(JsonNode document, JsonNode node) {
    String reference = node.path("$ref").asString("");
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }

  private static List<JsonNode> operations(JsonNode document) {
    var all = new ArrayList<JsonNode>();
    document.path("paths").forEach(item -> item.forEach(all::add));
    return all;
  }

  @Test
  void everyEndpointIsAnOperation() {
    JsonNode document = document();
    assertThat(document.path("openapi").asString()).startsWith("3.1.");
    assertThat(document.path("paths").propertyNames())
        .containsExactlyInAnyOrder("/carts/{cart}/orders", "/v1/carts/{cart}/orders", "/paid");
    assertThat(document.at("/paths/~1carts~1{cart}~1orders").propertyNames())
        .containsExactlyInAnyOrder("post", "get");
    assertThat(operations(document).stream().map(o -> o.path("operationId").asString()))
        .containsExactlyInAnyOrder("shop.order", "shop.order.v1", "shop.orders", "shop.paid");
  }

  @Test
  void theDocumentIsWhatOpenApiDemands() {
    JsonNode document = document();
    assertThat(document.at("/info/title").isString()).isTrue();
    assertThat(document.at("/info/version").isString()).isTrue();
    document
        .path("components")
        .forEach(kind ->
            assertThat(kind.propertyNames()).allMatch(name -> COMPONENT.matcher(name).matches()));
    document
        .path("paths")
        .properties()
        .forEach(item -> {
          Set<String> inPath = new HashSet<>();
          PARAMETER.matcher(item.getKey()).results().forEach(found -> inPath.add(found.group(1)));
          item.getValue().forEach(operation -> isOperation(document, operation, inPath));
        });
  }

  private static void isOperation(JsonNode document, JsonNode operation, Set<String> inPath) {
    Set<String> declared = new HashSet<>();
    Set<String> all = new HashSet<>();
    for (JsonNode given : operation.path("parameters")) {
      JsonNode parameter = resolved(document, given);
      String where = parameter.path("in").asString();
      assertThat(all.add(where + " " + parameter.path("name").asString())).isTrue();
      assertThat(where).isIn("path", "query", "header");
      assertThat(parameter.path("schema").isObject()).as(parameter.toString()).isTrue();
      if (where.equals("path")) {
        assertThat(parameter.path("required").asBoolean()).isTrue();
        declared.add(parameter.path("name").asString());
      }
    }
    assertThat(declared).isEqualTo(inPath);
    assertThat(operation.path("responses").propertyNames()).contains("202", "400", "default");
    operation
        .path("responses")
        .forEach(response ->
            assertThat(resolved(document, response).path("description").isString()).isTrue());
    operation
        .path("security")
        .forEach(scheme ->
            assertThat(document.at("/components/securitySchemes").propertyNames())
                .containsAll(scheme.propertyNames()));
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    var document = document();
    var references = new ArrayList<String>();
    document
        .findValues("$ref")
        .forEach(reference -> references.add(reference.isString() ? reference.stringValue() : ""));
    references.removeIf(reference -> reference.isEmpty() || reference.equals("#/nowhere"));
    assertThat(references).hasSizeGreaterThan(20).allMatch(one -> one.startsWith("#/"));
    assertThat(references).allMatch(one -> !document.at(one.substring(1)).isMissingNode());
  }

  private static DataSchema schema(JsonNode document, String place) {
    var documents = new DataSchema.Documents(HERE + "#" + place, Map.of(HERE, document));
    return new DataSchema("json", DataSchema.NEWEST, documents);
  }

  @Test
  void everySchemaIsOneAndMeansWhatTheWorkflowsDoes() {
    JsonNode document = document();
    for (String name : document.at("/components/schemas").propertyNames()) {
      assertThat(Schemas.mistake(schema(document, "/components/schemas/" + name))).isNull();
    }
    String body =
        "/paths/~1carts~1{cart}~1orders/post/requestBody/content/application~1json/schema"
            .replace("{", "%7B")
            .replace("}", "%7D");
    DataSchema input = schema(document, body);
    assertThat(Schemas.mistake(input)).isNull();
    var schemas = new Schemas();
    String right =
        "{\"items\": [{\"sku\": \"A1\", \"parts\": [{\"sku\": \"B2\"}]}], \"note\": null,"
            + " \"$ref\": {\"$ref\": \"#/nowhere\"}}";
    assertThat(schemas.violations(input, Json.parse(right))).isEmpty();
    assertThat(
            schemas.violations(input, Json.parse(right.replace("B2", "B"))).stream()
                .map(Schemas.Violation::pointer))
        .containsExactly("/items/0/parts/0/sku");
    assertThat(schemas.violations(input, Json.parse("{\"items\": []}"))).hasSize(1);
  }

  @Test
  void parametersBodiesAndFlagsAreThoseOfTheWorkflow() {
    JsonNode document = document();
    JsonNode order = document.at("/paths/~1v1~1carts~1{cart}~1orders/post");
    assertThat(order.path("deprecated").asBoolean()).isTrue();
    assertThat(order.path("summary").asString()).isEqualTo("Places an order");
    assertThat(order.path("description").asString()).isEqualTo("One for each cart.");
    assertThat(order.path("responses").propertyNames())
        .containsExactlyInAnyOrder("200", "202", "400", "422", "429", "default");
    JsonNode cart = order.path("parameters").get(0);
    assertThat(resolved(document, cart.path("schema")))
        .isEqualTo(Json.parse("{\"type\": \"integer\"}"));
    assertThat(order.at("/requestBody/content/application~1json/schema/properties").propertyNames())
        .containsExactly("items", "$ref", "note");
    assertThat(order.at("/requestBody/required").asBoolean()).isTrue();

    JsonNode orders = document.at("/paths/~1carts~1{cart}~1orders/get");
    assertThat(orders.has("deprecated")).isFalse();
    assertThat(orders.has("requestBody")).isFalse();
    var given = new ArrayList<String>();
    orders
        .path("parameters")
        .forEach(one ->
            given.add(
                one.path("in").asString("")
                    + " "
                    + one.path("name").asString("")
                    + " "
                    + one.path("required").asBoolean(false)));
    assertThat(given).contains("path cart true", "query limit true", "query state false");
    assertThat(document.at("/components/schemas/shop.orders.1.0.0.input/$schema").asString(""))
        .contains("draft-07");

    JsonNode paid = document.at("/paths/~1paid/post");
    assertThat(paid.path("responses").propertyNames()).contains("401").doesNotContain("200", "422");
    JsonNode scheme = document.at("/components/securitySchemes/shop.paid.1.0.0.signature");
    assertThat(paid.at("/security/0").propertyNames()).containsExactly("shop.paid.1.0.0.signature");
    assertThat(scheme.path("name").asString()).isEqualTo("X-Signature");
    assertThat(scheme.path("description").asString())
        .isEqualTo("HMAC-SHA256 of the timestamp, a dot and the body in hex, after 'v0='");
    assertThat(paid.path("parameters").toString()).contains("X-Id", "X-Timestamp");
  }

  @Test
  void aVersionOfAnApiHasADocumentOfItsOwn() {
    JsonNode v1 = served.get("/apis/v1/openapi.json").json();
    assertThat(v1.path("paths").propertyNames()).containsExactly("/v1/carts/{cart}/orders");
    assertThat(v1.at("/info/version").asString()).isEqualTo("v1");
    assertThat(served.get("/apis/v9/openapi.json").status()).isEqualTo(404);
  }

  @Test
  void thePageAsksNobodyElse() {
    Got page = served.get("/apis");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe", "http");
    assertThat(page.body()).doesNotContain("http:", "https:", "style=", "onload");
    var asked = Pattern.compile("(?:src|href)=\"(/[^\"]*)\"").matcher(page.body()).results();
    List<String> all = asked.map(found -> found.group(1)).toList();
    assertThat(all)
        .containsExactlyInAnyOrder(
            "/apis/swagger-ui.css",
            "/apis/openapi.json",
            "/apis/swagger-ui-bundle.js",
            "/apis/apis.js");
    for (String one : all) {
      Got got = served.get(one);
      assertThat(got.status()).as(one).isEqualTo(200);
      assertThat(got.header("X-Content-Type-Options")).isEqualTo("nosniff");
      Got kept = served.get(one, "If-None-Match", "W/\"x\", " + got.header("ETag"));
      assertThat(kept.status()).as(one).isEqualTo(304);
      assertThat(kept.body()).isEmpty();
      assertThat(served.get(one, "If-None-Match", "\"other\"").status()).isEqualTo(200);
    }
    assertThat(served.get("/apis/apis.js").body()).contains("validatorUrl: null");
  }

  @Test
  void theDocumentChangesWithWhatIsDeployed() {
    String before = served.get("/apis/openapi.json").header("ETag");
    served.deploy(
        """
        document: {dsl: 1.0.3, namespace: shop, name: more, version: 1.0.0, metadata: {skein: {api: {path: /more}}}}
        do: [{answer: {set: {n: 1}}}]
        """);
    assertThat(served.get("/apis/openapi.json", "If-None-Match", before).status()).isEqualTo(200);
  }
}
