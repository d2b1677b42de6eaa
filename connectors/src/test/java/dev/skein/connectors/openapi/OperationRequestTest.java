package dev.skein.connectors.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Kind;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OperationRequestTest {
  private static final URI DOCUMENT = URI.create("https://docs.example/apis/shop.yaml");

  private static JsonNode yaml(String text) {
    return JsonMapper.shared()
        .valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  private static OperationRequest request(String document, String id, String parameters)
      throws Exception {
    Operation operation = ApiDocument.read(yaml(document)).operation(id);
    assertThat(operation).isNotNull();
    return OperationRequest.of(operation, DOCUMENT, yaml(parameters));
  }

  /// An operation with one parameter `color`.
  private static OperationRequest colored(String in, String style, boolean explode, String value)
      throws Exception {
    String path = in.equals("path") ? "/x/{color}" : "/x";
    return request(
        """
        openapi: 3.1.0
        info: {title: t, version: "1"}
        servers: [{url: "https://api.example"}]
        paths:
          %s:
            get:
              operationId: op
              parameters: [{name: color, in: %s, required: true, style: %s, explode: %s}]
        """
            .formatted(path, in, style, explode),
        "op",
        "{color: " + value + "}");
  }

  private static final String ARRAY = "[blue, black, brown]";
  private static final String OBJECT = "{R: 100, G: 200, B: 150}";

  /// The examples of the specification (3.1.1, 4.8.12.4).
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "matrix | false | ;color         | ;color=blue | ;color=blue,black,brown"
            + " | ;color=R,100,G,200,B,150",
        "matrix | true  | ;color         | ;color=blue | ;color=blue;color=black;color=brown"
            + " | ;R=100;G=200;B=150",
        "label  | false | .              | .blue       | .blue,black,brown | .R,100,G,200,B,150",
        "label  | true  | .              | .blue       | .blue.black.brown | .R=100.G=200.B=150",
        "simple | false | -              | blue        | blue,black,brown  | R,100,G,200,B,150",
        "simple | true  | -              | blue        | blue,black,brown  | R=100,G=200,B=150"
      })
  void partsOfPathsAreWrittenByStyle(
      String style, boolean explode, String empty, String text, String array, String object)
      throws Exception {
    String x = "https://api.example/x/";
    if (empty != null) {
      assertThat(colored("path", style, explode, "''").uri()).hasToString(x + empty);
    }
    assertThat(colored("path", style, explode, "blue").uri()).hasToString(x + text);
    assertThat(colored("path", style, explode, ARRAY).uri()).hasToString(x + array);
    assertThat(colored("path", style, explode, OBJECT).uri()).hasToString(x + object);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "form           | false | color=blue,black,brown             | color=R,100,G,200,B,150",
        "form           | true  | color=blue&color=black&color=brown | R=100&G=200&B=150",
        "spaceDelimited | false | color=blue%20black%20brown"
            + " | color=R%20100%20G%20200%20B%20150",
        "pipeDelimited  | false | color=blue%7Cblack%7Cbrown"
            + " | color=R%7C100%7CG%7C200%7CB%7C150",
        "deepObject     | true  | color=blue&color=black&color=brown"
            + " | color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"
      })
  void queriesAreWrittenByStyle(String style, boolean explode, String array, String object)
      throws Exception {
    assertThat(colored("query", style, explode, "''").uri().getRawQuery()).isEqualTo("color=");
    assertThat(colored("query", style, explode, "blue").uri().getRawQuery())
        .isEqualTo("color=blue");
    assertThat(colored("query", style, explode, ARRAY).uri().getRawQuery()).isEqualTo(array);
    assertThat(colored("query", style, explode, OBJECT).uri().getRawQuery()).isEqualTo(object);
  }

  @Test
  void headersAndCookiesAreWrittenByStyleToo() throws Exception {
    assertThat(colored("header", "simple", false, OBJECT).headers())
        .containsExactly(Map.entry("color", "R,100,G,200,B,150"));
    assertThat(colored("header", "simple", true, OBJECT).headers())
        .containsExactly(Map.entry("color", "R=100,G=200,B=150"));
    assertThat(colored("cookie", "form", false, ARRAY).headers())
        .containsExactly(Map.entry("Cookie", "color=blue,black,brown"));
  }

  @Test
  void whatHasAMeaningInUrisIsEncoded() throws Exception {
    assertThat(colored("path", "simple", false, "'a/b?ä c'").uri())
        .hasToString("https://api.example/x/a%2Fb%3F%C3%A4%20c");
    assertThat(colored("query", "form", true, "'a&b=c'").uri().getRawQuery())
        .isEqualTo("color=a%26b%3Dc");
    assertThat(
            request(SHOP, "getOrder", "{id: 7, depth: 1, reserved: '/a?b=c&d#e[0]'}")
                .uri()
                .getRawQuery())
        .isEqualTo("depth=1&reserved=/a?b=c&d%23e%5B0%5D");
  }

  private static final String SHOP =
      """
      openapi: 3.0.3
      info: {title: Shop, version: "1"}
      servers:
        - url: "/{base}"
          variables: {base: {default: v2}}
      security: [{key: []}]
      paths:
        /orders/{id}:
          parameters:
            - {$ref: "#/components/parameters/id"}
            - {name: depth, in: query, schema: {type: integer}}
          get:
            operationId: getOrder
            security: []
            parameters:
              - {name: depth, in: query, required: true, schema: {type: integer}}
              - {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
              - {name: reserved, in: query, allowReserved: true, schema: {type: string}}
          put:
            operationId: putOrder
            servers: [{url: "https://write.example/api/"}]
            requestBody: {$ref: "#/components/requestBodies/order"}
      components:
        parameters:
          id: {name: id, in: path, required: true, schema: {type: string}}
        requestBodies:
          order:
            required: true
            content:
              text/plain: {schema: {type: string}}
              application/merge-patch+json: {schema: {type: object}}
        securitySchemes:
          key: {type: apiKey, name: X-Key, in: header}
      """;

  @Test
  void theOperationsParameterStandsForThatOfItsPath() throws Exception {
    HttpCallException e =
        catchThrowableOfType(HttpCallException.class, () -> request(SHOP, "getOrder", "{id: '7'}"));
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(e.detail())
        .isEqualTo("The operation getOrder cannot be called: the parameter 'depth' is missing");
  }

  @Test
  void serversAreFilledAndRelativeToTheDocument() throws Exception {
    OperationRequest request =
        request(SHOP, "getOrder", "{id: '7', depth: 2, filter: {a: 1}, reserved: 'a/b'}");
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.uri())
        .hasToString(
            "https://docs.example/v2/orders/7" + "?depth=2&filter=%7B%22a%22%3A1%7D&reserved=a/b");
    assertThat(request.body()).isNull();
  }

  @Test
  void aRelativeServerOfAFileCannotBeCalled() throws Exception {
    Operation operation = ApiDocument.read(yaml(SHOP)).operation("getOrder");
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class,
            () -> OperationRequest.of(operation, URI.create("apis/shop.yaml"), yaml("{}")));
    assertThat(e.detail()).contains("'/v2' is relative to a document that is not on the web");
  }

  @Test
  void theBodyIsGivenByItsNameAndIsJsonWhereItMayBe() throws Exception {
    OperationRequest request = request(SHOP, "putOrder", "{id: '7', body: {a: 1}, X-Key: k}");
    assertThat(request.uri()).hasToString("https://write.example/api/orders/7");
    assertThat(request.headers())
        .isEqualTo(Map.of("Content-Type", "application/merge-patch+json", "X-Key", "k"));
    assertThat(request.body()).isEqualTo(yaml("{a: 1}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{id: '7'}                       | its body, 'body', is missing",
        "{body: {}}                      | the parameter 'id' is missing",
        "{id: '', body: {}}              | the parameter 'id' is empty",
        "{id: '..', body: {}}            | the parameter 'id' makes its path lead elsewhere:"
            + " /orders/..",
        "{id: '.', body: {}}             | the parameter 'id' makes its path lead elsewhere:"
            + " /orders/.",
        "{id: '7', body: {}, extra: 1}   | it has no parameter 'extra'; it has X-Key, body, depth,"
            + " id"
      })
  void whatIsMissingOrTooMuchIsTold(String parameters, String why) {
    HttpCallException e =
        catchThrowableOfType(HttpCallException.class, () -> request(SHOP, "putOrder", parameters));
    assertThat(e.detail()).isEqualTo("The operation putOrder cannot be called: " + why);
  }

  private static final String SWAGGER =
      """
      swagger: "2.0"
      info: {title: Pets, version: "1"}
      host: pets.example
      basePath: /api
      schemes: [http, https]
      consumes: [application/json]
      parameters:
        page: {name: page, in: query, type: integer}
      paths:
        /pets:
          parameters: [{$ref: "#/parameters/page"}]
          get:
            operationId: listPets
            parameters:
              - {name: tags, in: query, type: array, items: {type: string}, collectionFormat: pipes}
              - {name: ids, in: query, type: array, items: {type: string}, collectionFormat: multi}
              - {name: csv, in: query, type: array, items: {type: string}}
              - {name: tabs, in: query, type: array, items: {type: string}, collectionFormat: tsv}
          post:
            operationId: addPet
            parameters:
              - {name: pet, in: body, required: true, schema: {$ref: "#/definitions/Pet"}}
        /pets/{id}:
          post:
            operationId: renamePet
            consumes: [application/x-www-form-urlencoded]
            parameters:
              - {name: id, in: path, required: true, type: integer}
              - {name: name, in: formData, required: true, type: string}
              - {name: status, in: formData, type: string}
      definitions:
        Pet: {type: object, properties: {name: {type: string}, mother: {$ref: "#/definitions/Pet"}}}
      """;

  @Test
  void collectionsOfSwagger2AreWrittenByTheirFormat() throws Exception {
    OperationRequest request =
        request(
            SWAGGER, "listPets", "{tags: [a, b], ids: [1, 2], csv: [x, y], tabs: [t, u], page: 3}");
    assertThat(request.uri())
        .hasToString(
            "http://pets.example/api/pets?page=3&tags=a%7Cb&ids=1&ids=2&csv=x,y&tabs=t%09u");
  }

  @Test
  void aBodyOfSwagger2IsGivenByItsOwnName() throws Exception {
    OperationRequest request = request(SWAGGER, "addPet", "{pet: {name: Rex}}");
    assertThat(request.body()).isEqualTo(yaml("{name: Rex}"));
    assertThat(request.headers()).containsEntry("Content-Type", "application/json");
  }

  @Test
  void formFieldsOfSwagger2AreGivenOneByOne() throws Exception {
    OperationRequest request = request(SWAGGER, "renamePet", "{id: 3, name: Rex}");
    assertThat(request.uri()).hasToString("http://pets.example/api/pets/3");
    assertThat(request.body()).isEqualTo(yaml("{name: Rex}"));
    assertThat(request.headers())
        .containsEntry("Content-Type", "application/x-www-form-urlencoded");
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class, () -> request(SWAGGER, "renamePet", "{id: 3}"));
    assertThat(e.detail()).endsWith("the parameter 'name' is missing");
  }

  @Test
  void schemasOfSwagger2StandWhereOpenApi3HasThem() throws Exception {
    ApiDocument api = ApiDocument.read(yaml(SWAGGER));
    assertThat(api.root().at("/components/schemas/Pet/properties/mother/$ref").asString())
        .isEqualTo("#/components/schemas/Pet");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                     | it has neither 'openapi' nor 'swagger'",
        "{openapi: 4.0.0}                       | its version is 4.0.0; Swagger 2.0, OpenAPI 3.0"
            + " and 3.1 are read",
        "{openapi: 3.0.0}                       | it has no 'paths'",
        "{openapi: 3.0.0, paths: {/a: {$ref: '#/x'}}} | '#/x' leads to nothing",
        "{openapi: 3.0.0, paths: {/a: {$ref: 'other.yaml'}}} | 'other.yaml' lies outside of the"
            + " document; bundle it",
        "{openapi: 3.0.0, paths: {/a: {$ref: '#/paths/~1a'}}} | '#/paths/~1a' leads in a circle",
        "{openapi: 3.0.0, paths: {/a: {get: {parameters: [{name: x, in: body}]}}}} | the parameter"
            + " 'x' is in 'body'",
        "{openapi: 3.0.0, paths: {/a: {get: {parameters: [{name: x, in: query, style: odd}]}}}}"
            + " | the parameter 'x' has the style 'odd'"
      })
  void whatIsNoApiIsTold(String document, String why) {
    InvalidApi e = catchThrowableOfType(InvalidApi.class, () -> ApiDocument.read(yaml(document)));
    assertThat(e).hasMessage(why);
  }
}
