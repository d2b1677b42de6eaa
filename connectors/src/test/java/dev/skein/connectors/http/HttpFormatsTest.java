package dev.skein.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.openapi.ApiDocument;
import dev.skein.connectors.openapi.OperationRequest;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Formats of bodies, as they go over the wire.
class HttpFormatsTest {
  private final HttpConnector connector = new HttpConnector();

  @AfterEach
  void close() {
    connector.close();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static HttpCall post(EchoServer server, String type, String body) {
    return HttpCall.of("POST", server.uri("/"))
        .withHeaders(Map.of("content-type", type))
        .withBody(json(body));
  }

  @Test
  void aFormOfPartsTellsItsBoundaryAndIsTheSameWhenSentAgain() throws Exception {
    try (var server = EchoServer.answering(200, "application/json", "{}")) {
      HttpCall call =
          post(server, "multipart/form-data", "{\"a\": \"1\", \"f\": {\"content\": \"x\"}}");
      connector.send(call);
      connector.send(call);
      EchoServer.Seen first = server.seen.getFirst();
      String boundary = first.header("Content-Type").replace("multipart/form-data; boundary=", "");
      assertThat(first.body()).startsWith("--" + boundary + "\r\n").endsWith(boundary + "--\r\n");
      assertThat(server.seen).hasSize(2);
      assertThat(new HashSet<>(server.seen.stream().map(EchoServer.Seen::body).toList()))
          .hasSize(1);
      assertThat(server.seen.getLast().header("Content-Type"))
          .isEqualTo(first.header("Content-Type"));
    }
  }

  @Test
  void theProofOfWhoSendsItIsOverTheBodyThatGoesOut() throws Exception {
    var signed = new StringBuilder();
    Credentials proving =
        draft -> {
          signed.append(new String(draft.body(), java.nio.charset.StandardCharsets.UTF_8));
          return Credentials.Proof.NONE;
        };
    try (var server = EchoServer.answering(200, "application/json", "{}")) {
      connector.send(post(server, "multipart/form-data", "{\"a\": 1}").withCredentials(proving));
      assertThat(signed.toString()).isEqualTo(server.seen.getFirst().body()).contains("name=\"a\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/xml | <a><b>1</b></a> | {\"a\": {\"b\": \"1\"}}",
        "application/atom+xml; charset=utf-8 | <a/> | {\"a\": \"\"}",
        "text/csv | 'a,b\n1,2' | [{\"a\": \"1\", \"b\": \"2\"}]",
        "application/x-www-form-urlencoded | a=1&b=%20 | {\"a\": \"1\", \"b\": \" \"}",
        "text/html | <p> | \"<p>\"",
        "application/octet-stream | abc | \"abc\"",
      })
  void anAnswerIsReadByItsType(String type, String body, String wanted) throws Exception {
    try (var server = EchoServer.answering(200, type, body)) {
      assertThat(connector.send(HttpCall.of("GET", server.uri("/")))).isEqualTo(json(wanted));
    }
  }

  @Test
  void anAnswerThatIsNotOfItsTypeIsACommunicationErrorWithItsReason() throws Exception {
    String bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
    try (var server = EchoServer.answering(200, "application/xml", bomb)) {
      HttpCall call = HttpCall.of("GET", server.uri("/"));
      var error = catchThrowableOfType(HttpCallException.class, () -> connector.send(call));
      assertThat(error.kind()).isEqualTo(Kind.COMMUNICATION);
      assertThat(error.detail())
          .contains("an answer that is not valid application/xml: it declares a document type");
    }
  }

  @Test
  void anAnswerWithoutEndIsTooLarge() throws Exception {
    var settings = HttpConnector.Settings.defaults().maxAnswerBytes(10_000);
    try (var server = EchoServer.answering(200, "text/csv", "a\n" + "1\n".repeat(10_000));
        var small = new HttpConnector(settings)) {
      assertThatThrownBy(() -> small.send(HttpCall.of("GET", server.uri("/"))))
          .hasMessageContaining("larger than 10000 bytes");
    }
  }

  @Test
  void anErrorStaysOneWhateverItsBodyIs() throws Exception {
    try (var good = EchoServer.answering(422, "application/xml", "<no><why>x</why></no>");
        var bad = EchoServer.answering(422, "application/xml", "<no>")) {
      var told =
          catchThrowableOfType(
              HttpCallException.class, () -> connector.send(HttpCall.of("GET", good.uri("/"))));
      assertThat(told.status()).isEqualTo(422);
      assertThat(told.body()).isEqualTo(json("{\"no\": {\"why\": \"x\"}}"));
      var torn =
          catchThrowableOfType(
              HttpCallException.class, () -> connector.send(HttpCall.of("GET", bad.uri("/"))));
      assertThat(torn.status()).isEqualTo(422);
      assertThat(torn.body()).isEqualTo(json("\"<no>\""));
    }
  }

  @Test
  void aBodyThatDoesNotFitIsAConfigurationErrorAndIsNotSent() throws Exception {
    try (var server = EchoServer.answering(200, "application/json", "{}")) {
      HttpCall call = post(server, "text/csv", "5");
      var error = catchThrowableOfType(HttpCallException.class, () -> connector.send(call));
      assertThat(error.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(error.detail())
          .isEqualTo(
              "The body cannot be sent as text/csv: CSV is written from an array of objects or of"
                  + " arrays, not from a number");
      assertThat(server.seen).isEmpty();
    }
  }

  @Test
  void anOperationIsCalledInTheTypeThatItTakes() throws Exception {
    String api =
        """
        {"openapi": "3.1.0", "paths": {"/photos": {"post": {"operationId": "add", "requestBody":
          {"content": {"multipart/form-data": {"schema": {"type": "object"}}}}}}}}\
        """;
    try (var server = EchoServer.answering(200, "application/json", "{}")) {
      URI document = server.uri("/openapi.json");
      var operation = ApiDocument.read(json(api)).operation("add");
      assertThat(operation).isNotNull();
      OperationRequest request =
          OperationRequest.of(
              operation, document, json("{\"body\": {\"photo\": {\"base64\": \"eA==\"}}}"));
      connector.send(
          HttpCall.of(request.method(), request.uri())
              .withHeaders(request.headers())
              .withBody(request.body()));
      assertThat(server.seen.getFirst().body())
          .contains("name=\"photo\"\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n");
    }
  }
}
