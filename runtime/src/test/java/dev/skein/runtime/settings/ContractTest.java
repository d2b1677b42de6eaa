package dev.skein.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCall.Output;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Failure;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpCallException.Reach;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.openapi.ApiDocument;
import dev.skein.connectors.openapi.Contract;
import dev.skein.interpreter.Json;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests and answers held against OpenAPI documents.
class ContractTest {
  private static final String SHOP =
      """
      openapi: 3.0.3
      info: {title: Shop, version: "1"}
      servers: [{url: "https://shop.example/v1/"}]
      paths:
        /orders/{id}:
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
          get:
            operationId: order
            parameters:
              - {name: fields, in: query, explode: false, schema: {type: array, items: {type: string, maxLength: 4}}}
              - {name: page, in: query, schema: {type: array, items: {type: integer}, maxItems: 2}}
              - {name: filter, in: query, style: deepObject, schema: {type: object, properties: {max: {type: integer}}}}
              - {name: flag, in: query, schema: {oneOf: [{type: boolean}, {type: string, enum: [auto]}]}}
              - {name: X-Trace, in: header, schema: {type: string, pattern: "^[0-9a-f]+$"}}
              - {name: session, in: cookie, schema: {type: string, minLength: 3}}
              - {name: where, in: query, content: {application/json: {schema: {type: object}}}}
            responses:
              "200":
                content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
              4XX:
                content: {application/problem+json: {schema: {type: object, required: [title]}}}
          put:
            requestBody:
              required: true
              content:
                application/json; charset=utf-8: {schema: {$ref: "#/components/schemas/Order"}}
                application/x-www-form-urlencoded: {schema: {type: object, required: [total]}}
                text/*: {schema: {type: string}}
            responses: {"204": {description: ok}, default: {description: else}}
        /orders/latest:
          get: {operationId: latest, responses: {"200": {description: ok}}}
      components:
        schemas:
          Order:
            type: object
            required: [id, total, pin]
            additionalProperties: false
            properties:
              id: {type: integer, readOnly: true}
              pin: {type: string, writeOnly: true}
              total: {type: number, minimum: 0, exclusiveMinimum: true}
              note: {type: string, nullable: true}
              kind: {type: string, enum: [a, b], nullable: true}
              parts: {type: array, items: {$ref: "#/components/schemas/Order"}}
      """;

  private final Contract shop = contract(SHOP);

  private static Contract contract(String yaml) {
    Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    try {
      ApiDocument api = ApiDocument.read(JsonMapper.shared().<JsonNode>valueToTree(read));
      return new Contract("shop.yaml", api, new ContractSchemas(api));
    } catch (dev.skein.connectors.openapi.InvalidApi e) {
      throw new AssertionError(e);
    }
  }

  private static HttpCall get(String pathAndQuery) {
    return HttpCall.of("GET", URI.create("https://any.example" + pathAndQuery));
  }

  private static HttpCall put(String json) {
    return HttpCall.of("PUT", URI.create("https://any.example/v1/orders/7"))
        .withBody(Json.parse(json));
  }

  private static Reply reply(int status, String type, String json) {
    return new Reply(status, Map.of("content-type", type), Json.parse(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      nullValues = "fine",
      value = {
        "/v1/orders/7 => fine",
        "/orders/7 => fine",
        "/v1/orders/latest => fine",
        "/v1/orders/0 => the path parameter id: must have a minimum value of 1",
        "/v1/orders/x => the path parameter id: string found, integer expected",
        "/v1/orders/7/parts => shop.yaml has no operation GET /v1/orders/7/parts",
        "/v1/orders/7?fields=a,bb => fine",
        "/v1/orders/7?fields=a,bbbbb => the query parameter fields: /1 must be at most 4 characters long",
        "/v1/orders/7?page=1&page=2 => fine",
        "/v1/orders/7?page=1&page=2&page=3 => the query parameter page: must have at most 2 items but found 3",
        "/v1/orders/7?page=one => the query parameter page: /0 string found, integer expected",
        "/v1/orders/7?filter%5Bmax%5D=9 => fine",
        "/v1/orders/7?filter%5Bmax%5D=much => the query parameter filter: /max string found, integer expected",
        "/v1/orders/7?flag=true => fine",
        "/v1/orders/7?flag=auto => fine",
        "/v1/orders/7?flag=7 => the query parameter flag:",
        "/v1/orders/7?where=%7B%22a%22%3A1%7D => fine",
        "/v1/orders/7?where=a => the query parameter where: string found, object expected",
        "/v1/orders/7?unknown=1&=2 => fine"
      })
  void requestsAreFoundAndTheirParametersRead(String request, String wrong) {
    if (wrong == null) {
      assertThat(shop.inRequest(get(request))).isNull();
    } else {
      assertThat(shop.inRequest(get(request))).contains(wrong);
    }
  }

  @Test
  void parametersOfTheCallItselfCountToo() {
    HttpCall call = get("/v1/orders/7").withQuery(Map.of("page", List.of("1", "two")));
    assertThat(shop.inRequest(call)).contains("query parameter page: /1 string found");
    assertThat(shop.inRequest(call.withQuery(Map.of("page", List.of("1"))))).isNull();
  }

  @Test
  void headersAndCookiesAreHeldAgainstIt() {
    HttpCall call = get("/v1/orders/7");
    assertThat(
            shop.inRequest(
                call.withHeaders(Map.of("x-trace", "ab1", "Cookie", "a=b; session=abc"))))
        .isNull();
    assertThat(shop.inRequest(call.withHeaders(Map.of("x-trace", "ghi", "cookie", "session=ab"))))
        .isEqualTo(
            "the request is not what shop.yaml says of order: the header parameter X-Trace: does not"
                + " match the regex pattern ^[0-9a-f]+$; the cookie parameter session: must be at least"
                + " 3 characters long");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      nullValues = "fine",
      value = {
        "{\"total\": 1.5, \"pin\": \"x\"} => fine",
        "{\"total\": 1.5, \"pin\": \"x\", \"note\": null, \"kind\": null} => fine",
        "{\"total\": 1.5, \"pin\": \"x\", \"parts\": [{\"total\": 1, \"pin\": \"\"}]} => fine",
        "{\"total\": 0, \"pin\": \"x\"} => /total must have an exclusive minimum value of 0",
        "{\"total\": 1} => required property 'pin' not found",
        "{\"total\": 1, \"pin\": \"x\", \"more\": 1} => 'more'",
        "{\"total\": 1, \"pin\": \"x\", \"parts\": [{\"total\": 1}]} => /parts/0 required property 'pin'",
        "{\"total\": 1, \"pin\": null} => /pin null found, string expected",
        "[] => array found, object expected"
      })
  void bodiesAreHeldAgainstTheirSchema(String body, String wrong) {
    String said = shop.inRequest(put(body));
    if (wrong == null) {
      assertThat(said).isNull();
    } else {
      assertThat(said)
          .startsWith("the request is not what shop.yaml says of PUT /orders/{id}")
          .contains(wrong);
    }
  }

  @Test
  void bodiesAreOfADeclaredType() {
    HttpCall order = put("{\"total\": 1}");
    Map<String, String> form = Map.of("content-type", "application/x-www-form-urlencoded");
    assertThat(shop.inRequest(order.withHeaders(form))).isNull();
    assertThat(shop.inRequest(put("{}").withHeaders(form))).contains("'total' not found");
    assertThat(shop.inRequest(put("\"text\""))).isNull();
    assertThat(shop.inRequest(order.withHeaders(Map.of("Content-Type", "application/xml"))))
        .contains(
            "it is application/xml, not application/json or application/x-www-form-urlencoded or"
                + " text/*");
    assertThat(shop.inRequest(order.withBody(null))).endsWith("the body is missing");
    assertThat(shop.inRequest(get("/v1/orders/latest").withBody(Json.parse("1"))))
        .endsWith("it takes no body");
  }

  @Test
  void answersAreHeldAgainstIt() {
    HttpCall call = get("/v1/orders/7");
    String json = "application/json";
    assertThat(shop.inReply(call, reply(200, json, "{\"id\": 7, \"total\": 1}"))).isNull();
    assertThat(shop.inReply(call, reply(200, json, "{\"total\": 1}")))
        .isEqualTo(
            "the answer is not what shop.yaml says of order: required property 'id' not found");
    assertThat(shop.inReply(call, reply(200, json, "{\"id\": 7, \"total\": 1, \"pin\": \"9\"}")))
        .as("what is only written is not shown")
        .contains("/pin");
    assertThat(shop.inReply(call, reply(200, "text/html", "\"<p>\"")))
        .endsWith("it is text/html, not application/json");
    assertThat(shop.inReply(call, reply(201, json, "{}")))
        .endsWith("the status 201 is not declared");
    assertThat(shop.inReply(get("/v1/other"), reply(201, json, "{}"))).isNull();
    assertThat(shop.inReply(put("{}"), reply(299, "text/csv", "\"a,b\""))).isNull();
  }

  @Test
  void answersAreHeldAgainstItWhateverTheCallWantsOfThem() {
    HttpCall raw = get("/v1/orders/7").withOutput(Output.RAW);
    for (String body : List.of("{\"id\": 7}", "{\"id\": 7, \"total\": 1}", "no json")) {
      String base64 = Base64.getEncoder().encodeToString(body.getBytes());
      Reply reply = reply(200, "application/json", Json.text(Json.NODES.stringNode(base64)));
      assertThat(shop.inReply(raw, reply) == null).isEqualTo(body.contains("total"));
    }
    HttpCall whole = get("/v1/orders/7").withOutput(Output.RESPONSE);
    assertThat(shop.inReply(whole, reply(200, "application/json", "{\"content\": {\"id\": 7}}")))
        .contains("'total' not found");
  }

  @Test
  void errorsAreAnswersToo() {
    HttpCall call = get("/v1/orders/7");
    assertThat(shop.inError(call, error(404, "{\"title\": \"gone\"}"))).isNull();
    assertThat(shop.inError(call, error(404, "{\"error\": \"gone\"}")))
        .contains("'title' not found");
    assertThat(shop.inError(call, error(500, "{}"))).endsWith("the status 500 is not declared");
    var lost = new HttpCallException(Failure.of(Kind.COMMUNICATION, 503, "t", "d", true), null);
    assertThat(shop.inError(call, lost)).as("nothing was answered").isNull();
  }

  private static HttpCallException error(int status, String body) {
    var failure =
        new Failure(
            Kind.COMMUNICATION, status, "t", "d", false, null, Json.parse(body), null, null);
    return new HttpCallException(failure, Reach.ANSWERED, null);
  }

  @Test
  void theSchemasOfOpenApi31AreJsonSchema() {
    Contract api =
        contract(
            """
            openapi: 3.1.0
            paths:
              /things:
                post:
                  requestBody:
                    content:
                      application/json:
                        schema:
                          $ref: "#/$defs/none"
                  responses: {"200": {description: ok}}
            """
                    .replace("#/$defs/none", "#/components/schemas/Thing")
                + """
                components:
                  schemas:
                    Thing:
                      $ref: "#/components/schemas/Base"
                      required: [size]
                      unevaluatedProperties: false
                      properties:
                        size: {type: [integer, "null"], exclusiveMinimum: 3}
                    Base: {properties: {id: {const: 1}}}
                """);
    HttpCall call = HttpCall.of("POST", URI.create("http://x/things"));
    assertThat(api.inRequest(call.withBody(Json.parse("{\"size\": 4, \"id\": 1}")))).isNull();
    assertThat(api.inRequest(call.withBody(Json.parse("{\"size\": null}")))).isNull();
    assertThat(api.inRequest(call.withBody(Json.parse("{\"size\": 3}")))).contains("/size");
    assertThat(api.inRequest(call.withBody(Json.parse("{\"size\": 4, \"id\": 2}"))))
        .contains("/id");
    assertThat(api.inRequest(call.withBody(Json.parse("{\"size\": 4, \"x\": 2}")))).contains("'x'");
  }

  @Test
  void swagger2IsReadLikewise() {
    Contract api =
        contract(
            """
            swagger: "2.0"
            basePath: /api
            consumes: [application/json]
            produces: [application/json]
            paths:
              /things/{name}.json:
                post:
                  parameters:
                    - {name: name, in: path, required: true, type: string, maxLength: 3}
                    - {name: tags, in: query, type: array, collectionFormat: pipes, items: {type: integer}}
                    - {name: thing, in: body, required: true, schema: {$ref: "#/definitions/Thing"}}
                  responses: {200: {description: ok, schema: {$ref: "#/definitions/Thing"}}}
            definitions:
              Thing: {type: object, required: [id], properties: {id: {type: integer, x-nullable: true}}}
            """);
    HttpCall call =
        HttpCall.of("POST", URI.create("http://x/api/things/abc.json?tags=1%7C2"))
            .withBody(Json.parse("{\"id\": null}"));
    assertThat(api.inRequest(call)).isNull();
    assertThat(api.inRequest(call.withUri(URI.create("http://x/api/things/abcd.json?tags=1%7Cb"))))
        .contains(
            "path parameter name: must be at most 3", "query parameter tags: /1 string found");
    assertThat(api.inRequest(call.withBody(Json.parse("{}")))).contains("'id' not found");
    assertThat(api.inReply(call, reply(200, "application/json", "{\"id\": \"x\"}")))
        .contains("/id");
  }
}
