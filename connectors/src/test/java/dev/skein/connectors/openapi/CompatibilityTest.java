package dev.skein.connectors.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CompatibilityTest {
  private static final String API =
      """
      openapi: 3.1.0
      info: {title: Shop, version: "1"}
      servers: [{url: "https://api.example"}]
      security: [{key: []}, {oauth: [read]}]
      paths:
        /orders/{id}:
          parameters: [{name: id, in: path, required: true, schema: {type: string}}]
          put:
            operationId: put
            parameters: [{name: size, in: query, schema: {type: integer, minimum: 1, maximum: 9}}]
            requestBody:
              content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
            responses:
              "200": {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
              "404": {description: gone}
      components:
        schemas:
          Order:
            type: object
            required: [id]
            properties:
              id: {type: string, maxLength: 9}
              state: {type: string, enum: [new, paid]}
              parts: {type: array, items: {$ref: "#/components/schemas/Order"}}
      """;

  private static ApiDocument api(String yaml) throws InvalidApi {
    Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    JsonNode json = JsonMapper.shared().valueToTree(read);
    return ApiDocument.read(json);
  }

  private static List<String> changes(String next) throws InvalidApi {
    return Compatibility.between(api(API), api(next)).stream()
        .map(it -> it.level() + " " + it.toString().replace("PUT /orders/{id}", "PUT"))
        .toList();
  }

  @Test
  void anApiIsCompatibleWithItself() throws Exception {
    assertThat(changes(API)).isEmpty();
    assertThat(changes(API.replace("{id}", "{order}").replace("name: id,", "name: order,")))
        .as("the name of a part of the path is that of a parameter")
        .containsExactly(
            "BREAKING PUT: path parameter id is gone",
            "BREAKING PUT: path parameter order is new and must be given");
  }

  /// What is changed, into what, and all that is said of it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "operationId: put | operationId: place | BREAKING PUT: operationId is place and was put",
        "put: | post: | BREAKING PUT: is gone; COMPATIBLE POST /orders/{id}: is new",
        "operationId: put | deprecated: true, operationId: put | RISKY PUT: is deprecated",
        "//api.example | //new.example | RISKY PUT: is served at [https://new.example] and was at"
            + " [https://api.example]",
        "minimum: 1 | minimum: 2 | BREAKING PUT: query parameter size minimum is 2 and was 1",
        "minimum: 1 | minimum: 0 | COMPATIBLE PUT: query parameter size minimum is 0 and was 1",
        "maximum: 9 | maximum: 8 | BREAKING PUT: query parameter size maximum is 8 and was 9",
        "{type: integer, | {type: number, | COMPATIBLE PUT: query parameter size is number and was"
            + " integer",
        "{type: integer, | {type: string, | BREAKING PUT: query parameter size is string and was"
            + " integer",
        "in: query, schema | in: query, required: true, schema | BREAKING PUT: query parameter size"
            + " must be given",
        "in: query, schema | in: query, explode: false, schema | BREAKING PUT: query parameter size"
            + " is written in another way",
        "[{key: []}, {oauth: [read]}] | [{key: []}] | BREAKING PUT: security {`oauth`:[`read`]} is"
            + " no longer enough",
        "[{key: []}, {oauth: [read]}] | [{key: []}, {oauth: [read, write]}] | BREAKING PUT:"
            + " security {`oauth`:[`read`]} is no longer enough",
        "[{key: []}, {oauth: [read]}] | [{key: []}, {oauth: []}] | -",
        "`404` | `410` | RISKY PUT: response 404 is gone; COMPATIBLE PUT: response 410 is new",
        "`200` | `201` | BREAKING PUT: response 200 is gone; RISKY PUT: response 201 is new"
      })
  void changesOfOperations(String from, String to, String expected) throws Exception {
    assertThat(changed(from, to)).isEqualTo(expected.replace('`', '"'));
  }

  /// Both what is sent and what is answered is an order: the two see a change from two sides.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "required: [id] | required: [id, state] | BREAKING PUT: body .state must be there;"
            + " COMPATIBLE PUT: response 200 .state must be there",
        "required: [id] | required: [] | BREAKING PUT: response 200 .id may be missing; COMPATIBLE"
            + " PUT: body .id may be missing",
        "[new, paid] | [new, paid, sent] | RISKY PUT: response 200 .state has a new value `sent`;"
            + " COMPATIBLE PUT: body .state has a new value `sent`",
        "[new, paid] | [new] | BREAKING PUT: body .state has no value `paid` any more; COMPATIBLE"
            + " PUT: response 200 .state has no value `paid` any more",
        "maxLength: 9 | maxLength: 10 | BREAKING PUT: response 200 .id maxLength is 10 and was 9;"
            + " COMPATIBLE PUT: body .id maxLength is 10 and was 9",
        "parts: {type: array | pieces: {type: array | BREAKING PUT: response 200 .parts is gone;"
            + " RISKY PUT: body .parts is gone; COMPATIBLE PUT: body .pieces is new; COMPATIBLE"
            + " PUT: response 200 .pieces is new",
        "{type: string, maxLength: 9} | {type: [string, `null`], maxLength: 9} | BREAKING PUT:"
            + " response 200 .id is null or string and was string; COMPATIBLE PUT: body .id is"
            + " null or string and was string",
        "type: object | type: object, additionalProperties: false | BREAKING PUT: body takes no"
            + " further properties; COMPATIBLE PUT: response 200 takes no further properties"
      })
  void changesOfSchemas(String from, String to, String expected) throws Exception {
    assertThat(changed(from, to)).isEqualTo(expected.replace('`', '"'));
  }

  private static String changed(String from, String to) throws InvalidApi {
    String was = from.replace('`', '"');
    assertThat(API).contains(was);
    String next =
        API.replace(
            was,
            to.replace('`', '"')
                .replace(", operationId", "\n      operationId")
                .replace(", additional", "\n      additional"));
    String said = String.join("; ", changes(next));
    return said.isEmpty() ? "-" : said;
  }

  /// What a change of a schema means where it is sent, and where it is answered.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: array} | {type: array, uniqueItems: true} | BREAKING | COMPATIBLE",
        "{type: array} | {type: array, items: {type: integer}} | BREAKING | COMPATIBLE",
        "{type: array, items: {type: integer}} | {type: array} | COMPATIBLE | BREAKING",
        "{additionalProperties: {type: string}} | {additionalProperties: {type: integer}} |"
            + " BREAKING | BREAKING",
        "{additionalProperties: true} | {additionalProperties: {type: integer}} | BREAKING |"
            + " COMPATIBLE",
        "{additionalProperties: {type: integer}} | {} | COMPATIBLE | BREAKING",
        "{oneOf: [{type: string}, {type: integer}]} | {oneOf: [{type: string}, {type: boolean}]} |"
            + " BREAKING | BREAKING",
        "{oneOf: [{type: string}, {type: integer}]} | {oneOf: [{type: integer}, {type: string}]} |"
            + " - | -",
        "{oneOf: [{type: string}]} | {oneOf: [{type: integer}, {type: string}]} | COMPATIBLE |"
            + " BREAKING",
        "{anyOf: [{type: integer}, {type: string}]} | {anyOf: [{type: integer}]} | BREAKING |"
            + " COMPATIBLE",
        "{type: string} | {oneOf: [{type: string, title: T}, {type: integer}]} | COMPATIBLE |"
            + " BREAKING",
        "{type: string} | {oneOf: [{type: boolean}, {type: integer}]} | BREAKING | BREAKING",
        "{oneOf: [{type: string}, {type: integer}]} | {type: string} | BREAKING | COMPATIBLE",
        "{const: a} | {const: b} | BREAKING | BREAKING",
        "{const: a} | {enum: [a, b]} | COMPATIBLE | RISKY",
        "{minimum: 1} | {minimum: 1, exclusiveMinimum: true} | BREAKING | COMPATIBLE",
        "{minimum: 1, exclusiveMinimum: true} | {minimum: 1} | COMPATIBLE | BREAKING",
        "{minimum: 1, exclusiveMinimum: true} | {exclusiveMinimum: 1} | - | -",
        "{exclusiveMaximum: 5} | {maximum: 4} | BREAKING | COMPATIBLE",
        "{maximum: 9.0} | {maximum: 9} | - | -",
        "{type: string} | {type: string, readOnly: true} | RISKY | -",
        "{type: string} | {type: string, writeOnly: true} | - | BREAKING",
        "{type: integer, default: 5} | {type: integer, default: 50} | RISKY | -",
        "{pattern: a} | {pattern: b} | RISKY | RISKY",
        "{type: string, nullable: true} | {type: string} | BREAKING | COMPATIBLE"
      })
  void changesOfASchemaSeenFromBothSides(String was, String is, String sent, String answered)
      throws Exception {
    assertThat(worst(SENT.formatted(was), SENT.formatted(is))).isEqualTo(sent);
    assertThat(worst(ANSWERED.formatted(was), ANSWERED.formatted(is))).isEqualTo(answered);
  }

  private static final String SENT =
      "requestBody: {content: {application/json: {schema: %s}}}, responses: {}";
  private static final String ANSWERED =
      "responses: {'200': {description: d, content: {application/json: {schema: %s}}}}";

  @Test
  void headersOfAnswersAreMissedToo() throws Exception {
    String plain = "responses: {'200': {description: d}}";
    String header = "responses: {'200': {description: d, headers: {ETag: {required: %s}}}}";
    assertThat(worst(header.formatted("true"), plain)).isEqualTo("BREAKING");
    assertThat(worst(header.formatted("true"), header.formatted("false"))).isEqualTo("BREAKING");
    assertThat(worst(header.formatted("false"), plain)).isEqualTo("RISKY");
    assertThat(worst(header.formatted("true"), header.formatted("true").replace("ETag", "etag")))
        .isEqualTo("-");
  }

  /// Of all changes from one operation to another.
  private static String worst(String was, String is) throws InvalidApi {
    String document =
        "{openapi: 3.1.0, servers: [{url: 'https://x.example'}], paths: {/p: {post: {%s}}}}";
    return Compatibility.between(api(document.formatted(was)), api(document.formatted(is))).stream()
        .findFirst()
        .map(change -> change.level().name())
        .orElse("-");
  }
}
