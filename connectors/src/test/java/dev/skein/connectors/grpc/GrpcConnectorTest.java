package dev.skein.connectors.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import dev.skein.connectors.http.Credentials;
import dev.skein.connectors.http.Egress;
import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpCallException.Reach;
import dev.skein.connectors.http.HttpConnector;
import dev.skein.connectors.http.Reply;
import io.grpc.Metadata;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class GrpcConnectorTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Shop shop;
  private GrpcConnector connector;

  @BeforeEach
  void open() throws Exception {
    shop = new Shop();
    connector = new GrpcConnector(HttpConnector.Settings.defaults(), new ProtoCompiler());
  }

  @AfterEach
  void close() {
    connector.close();
    shop.close();
  }

  private GrpcMethod method(String name) throws HttpCallException {
    return connector.method(Shop.FILES, "shop.v1.Shop", name);
  }

  private HttpCall call(String name, String arguments) {
    return HttpCall.of(
            "POST", URI.create("http://127.0.0.1:%d/shop.v1.Shop/%s".formatted(shop.port(), name)))
        .withBody(json(arguments))
        .withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(20));
  }

  private Reply reply(String name, String arguments) throws Exception {
    return connector.reply(method(name), call(name, arguments));
  }

  private HttpCallException failure(String name, String arguments) throws Exception {
    return failure(name, call(name, arguments));
  }

  private HttpCallException failure(String name, HttpCall call) throws Exception {
    GrpcMethod method = method(name);
    return catchThrowableOfType(HttpCallException.class, () -> connector.reply(method, call));
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }

  @Test
  void aMessageIsAnsweredWithAMessage() throws Exception {
    Reply reply = reply("Buy", "{'item': 'tea', 'count': 2}");
    assertThat(reply.output())
        .isEqualTo(
            json(
                """
                {'text': 'tea', 'total': 2, 'order': {'item': 'tea', 'count': 2, 'prices': {},
                 'size': 'ANY', 'parts': []}}
                """));
    assertThat(reply.headers()).containsEntry("SHOP", "open");
  }

  @Test
  void everyKindOfFieldGoesThereAndBack() throws Exception {
    JsonNode order =
        json(
            """
            {'item': 'é', 'count': -3, 'note': '', 'at': '2026-01-31T12:00:00Z',
             'prices': {'b': '9007199254740993', 'a': '-1'}, 'size': 'LARGE', 'token': 'AQI=',
             'parts': [{'item': '', 'count': 1, 'prices': {}, 'size': 'ANY', 'card': 'x',
                        'parts': []}]}
            """);
    assertThat(reply("Buy", order.toString()).output().path("order")).isEqualTo(order);
  }

  @Test
  void argumentsMayBeLeftOut() throws Exception {
    HttpCall call = call("Buy", "null").withBody(null);
    assertThat(connector.reply(method("Buy"), call).output().path("text").asString()).isEmpty();
  }

  @Test
  void aStreamOfAnswersIsAnArray() throws Exception {
    JsonNode output = reply("Watch", "{'item': 'tea', 'count': 3}").output();
    assertThat(output.size()).isEqualTo(3);
    assertThat(output.valueStream().map(it -> it.path("text").asString()))
        .containsExactly("tea", "tea", "tea");
  }

  @Test
  void aStreamOfMessagesIsGivenAsAnArray() throws Exception {
    JsonNode output = reply("Sum", "{'messages': [{'count': 1}, {'count': 2}]}").output();
    assertThat(output.path("total").asInt()).isEqualTo(3);
    assertThat(reply("Sum", "{'messages': []}").output().path("total").asInt()).isZero();
  }

  @Test
  void streamsGoBothWays() throws Exception {
    JsonNode output =
        reply("Chat", "{'messages': [{'item': 'a'}, {'item': 'b', 'count': 2}]}").output();
    assertThat(output.valueStream().map(it -> it.path("text").asString()))
        .containsExactly("a", "b", "b");
    assertThat(reply("Chat", "{'messages': []}").output()).isEqualTo(json("[]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'messages': {}}", "{'messages': [], 'more': 1}", "[]", "null"})
  void aStreamThatIsNoneIsAConfigurationError(String arguments) throws Exception {
    HttpCallException e = failure("Sum", arguments);
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(e.detail()).contains("shop.v1.Shop/Sum takes a stream of messages");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'itm': 'tea'}                | Cannot find field: itm",
        "{'count': 'two'}              | Not an int32 value",
        "{'count': 3000000000}         | int32",
        "{'size': 'HUGE'}              | HUGE",
        "{'card': 'x', 'token': 'AQ=='}| oneof",
        "[1]                           | Expect message object",
        "1                            | Expect message object"
      })
  void argumentsThatMakeNoMessageAreAConfigurationError(String arguments, String why)
      throws Exception {
    HttpCallException e = failure("Buy", arguments);
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(e.reach()).isEqualTo(Reach.NOT_SENT);
    assertThat(e.detail()).contains("make no shop.v1.Order").contains(why);
  }

  @ParameterizedTest
  @CsvSource({
    "1, CANCELLED, 499, COMMUNICATION",
    "2, UNKNOWN, 500, COMMUNICATION",
    "3, INVALID_ARGUMENT, 400, COMMUNICATION",
    "4, DEADLINE_EXCEEDED, 504, TIMEOUT",
    "5, NOT_FOUND, 404, COMMUNICATION",
    "6, ALREADY_EXISTS, 409, COMMUNICATION",
    "7, PERMISSION_DENIED, 403, AUTHORIZATION",
    "8, RESOURCE_EXHAUSTED, 429, COMMUNICATION",
    "9, FAILED_PRECONDITION, 400, COMMUNICATION",
    "10, ABORTED, 409, COMMUNICATION",
    "11, OUT_OF_RANGE, 400, COMMUNICATION",
    "12, UNIMPLEMENTED, 501, COMMUNICATION",
    "13, INTERNAL, 500, COMMUNICATION",
    "14, UNAVAILABLE, 503, COMMUNICATION",
    "15, DATA_LOSS, 500, COMMUNICATION",
    "16, UNAUTHENTICATED, 401, AUTHENTICATION"
  })
  void everyStatusOfTheServerIsToldAsOneOfHttp(int code, String name, int status, Kind kind)
      throws Exception {
    HttpCallException e = failure("Buy", "{'item': 'fail', 'count': %d}".formatted(code));
    assertThat(e.status()).isEqualTo(status);
    assertThat(e.kind()).isEqualTo(kind);
    assertThat(e.title()).isEqualTo(name);
    assertThat(e.reach()).isEqualTo(Reach.ANSWERED);
    assertThat(e.outcomeUnknown()).isEqualTo(code == 1 || code == 4);
    assertThat(e.detail())
        .isEqualTo(
            "shop.v1.Shop/Buy at http://127.0.0.1:%d answered %s: as asked"
                .formatted(shop.port(), name));
  }

  @Test
  void aStreamThatEndsInAnErrorIsAnError() throws Exception {
    HttpCallException e = failure("Watch", "{'item': 'fail', 'count': 9}");
    assertThat(e.title()).isEqualTo("FAILED_PRECONDITION");
  }

  @Test
  void howLongTheServerWantsToBeLeftAloneIsHeard() throws Exception {
    var delay = com.google.protobuf.Duration.newBuilder().setSeconds(7).setNanos(500_000_000);
    var status =
        com.google.rpc.Status.newBuilder()
            .setCode(14)
            .addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()))
            .build();
    shop.trailers.put(
        Metadata.Key.of("grpc-status-details-bin", ProtoUtils.metadataMarshaller(status)), status);
    assertThat(failure("Buy", "{'item': 'fail', 'count': 14}").retryAfter())
        .isEqualTo(Duration.ofMillis(7500));
  }

  @Test
  void theServersPushbackIsHeardToo() throws Exception {
    Metadata.Key<String> pushback =
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
    shop.trailers.put(pushback, "1500");
    assertThat(failure("Buy", "{'item': 'fail', 'count': 14}").retryAfter())
        .isEqualTo(Duration.ofMillis(1500));
    shop.trailers.removeAll(pushback);
    shop.trailers.put(pushback, "-1");
    assertThat(failure("Buy", "{'item': 'fail', 'count': 14}").retryAfter()).isNull();
  }

  @Test
  void theServerKnowsHowLongSomebodyWaits() throws Exception {
    HttpCallException e =
        failure(
            "Buy",
            call("Buy", "{'item': 'hang'}")
                .withTimeouts(Duration.ofSeconds(10), Duration.ofMillis(700)));
    assertThat(shop.deadlineMillis.take()).isBetween(1L, 700L);
    assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(e.status()).isEqualTo(504);
    assertThat(e.reach()).isEqualTo(Reach.NO_ANSWER);
    assertThat(e.outcomeUnknown()).isTrue();
    assertThat(shop.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theServerHearsWhenNobodyWaitsAnyMore() throws Exception {
    GrpcMethod method = method("Buy");
    var waiting = new FutureTask<>(() -> connector.reply(method, call("Buy", "{'item': 'hang'}")));
    Thread thread = Thread.ofVirtual().start(waiting);
    assertThat(shop.begun.await(20, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    assertThat(catchThrowableOfType(ExecutionException.class, waiting::get).getCause())
        .isInstanceOf(InterruptedException.class);
    assertThat(shop.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nothingIsSentForAThreadThatIsInterruptedAlready() throws Exception {
    GrpcMethod method = method("Buy");
    Thread.currentThread().interrupt();
    catchThrowableOfType(
        InterruptedException.class, () -> connector.reply(method, call("Buy", "{}")));
    assertThat(shop.headers).isEmpty();
  }

  @Test
  void headersAreMetadataAndTheHostIsTheAuthority() throws Exception {
    HttpCall call =
        call("Buy", "{}")
            .withHeaders(
                Map.of("Idempotency-Key", "k1", "Trace-Bin", "AQI=", "Host", "shop.example:1"))
            .withCredentials(new Credentials.Bearer("t0"));
    connector.reply(method("Buy"), call);
    Metadata seen = shop.headers.take();
    assertThat(text(seen, "idempotency-key")).isEqualTo("k1");
    assertThat(text(seen, "authorization")).isEqualTo("Bearer t0");
    assertThat(seen.get(Metadata.Key.of("trace-bin", Metadata.BINARY_BYTE_MARSHALLER)))
        .containsExactly(1, 2);
    assertThat(shop.authorities.take()).isEqualTo("shop.example:1");
  }

  private static String text(Metadata metadata, String name) {
    return metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  @ParameterizedTest
  @CsvSource({
    "grpc-timeout, 1S",
    "Content-Type, text/plain",
    "a b, c",
    "x, ü",
    "'x', 'a\nb'",
    "x-bin, '*'"
  })
  void headersThatGrpcForbidsAreAConfigurationError(String name, String value) throws Exception {
    HttpCallException e = failure("Buy", call("Buy", "{}").withHeaders(Map.of(name, value)));
    assertThat(e.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(shop.headers).isEmpty();
  }

  @Test
  void credentialsProveTheRequestThatIsSent() throws Exception {
    HttpCall call =
        call("Buy", "{'item': 'x'}")
            .withCredentials(request ->
                Credentials.Proof.of(
                    Map.of(
                        "signature", request.method() + request.target() + request.body().length)));
    connector.reply(method("Buy"), call);
    assertThat(text(shop.headers.take(), "signature")).isEqualTo("POST/shop.v1.Shop/Buy8");
  }

  @Test
  void aKeyInTheQueryFitsNoGrpcCall() throws Exception {
    HttpCall call =
        call("Buy", "{}")
            .withCredentials(_ -> new Credentials.Proof(Map.of(), Map.of("key", "s3cr3t")));
    assertThat(failure("Buy", call).kind()).isEqualTo(Kind.CONFIGURATION);
  }

  @Test
  void callsShareAConnection() throws Exception {
    for (int i = 0; i < 5; i++) {
      reply("Buy", "{}");
    }
    assertThat(shop.clients).hasSize(1);
  }

  @Test
  void callsOfAnotherRouteDoNot() throws Exception {
    reply("Buy", "{}");
    var strict = new HttpCall.Route(new Egress(true), null);
    connector.reply(method("Buy"), call("Buy", "{}").withRoute(strict));
    assertThat(shop.clients).hasSize(1); // an equal one is the same
    HttpCall slower =
        call("Buy", "{}").withTimeouts(Duration.ofSeconds(11), Duration.ofSeconds(20));
    connector.reply(method("Buy"), slower);
    assertThat(shop.clients).hasSize(2);
  }

  @Test
  void aServerThatRefusesConnectionsWasSentNothingAndIsTriedAnewByTheNextCall() throws Exception {
    int port = shop.port();
    reply("Buy", "{}");
    shop.close();
    HttpCall call = call("Buy", "{}");
    HttpCallException e = failure("Buy", call);
    // the first calls may still meet the old connection, as long as nobody heard that it ended
    for (int i = 0; i < 100 && !e.detail().toLowerCase(Locale.ROOT).contains("refused"); i++) {
      e = failure("Buy", call);
    }
    assertThat(e.reach()).isEqualTo(Reach.NOT_SENT);
    assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
    assertThat(e.status()).isEqualTo(503);
    assertThat(e.outcomeUnknown()).isFalse();
    assertThat(e.detail()).contains("could not be sent").containsIgnoringCase("refused");
    shop = new Shop(null, port);
    assertThat(connector.reply(method("Buy"), call).status()).isEqualTo(200);
  }

  @Test
  void aHostThatNobodyKnowsWasSentNothing() throws Exception {
    HttpCall call =
        call("Buy", "{}").withUri(URI.create("http://no.such.host.invalid/shop.v1.Shop/Buy"));
    HttpCallException e = failure("Buy", call);
    assertThat(e.reach()).isEqualTo(Reach.NOT_SENT);
    assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
    assertThat(e.detail()).contains("no such host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254", "[fe80::1]", "[::ffff:169.254.1.1]"})
  void addressesThatNobodyMayReachAreRefused(String host) throws Exception {
    HttpCall call =
        call("Buy", "{}").withUri(URI.create("http://" + host + ":80/shop.v1.Shop/Buy"));
    HttpCallException e = failure("Buy", call);
    assertThat(e.kind()).isEqualTo(Kind.AUTHORIZATION);
    assertThat(e.reach()).isEqualTo(Reach.NOT_SENT);
    assertThat(e.detail()).contains("which calls may not reach");
  }

  @Test
  void privateAddressesAreRefusedWhereThePolicySaysSo() throws Exception {
    HttpCall call = call("Buy", "{}").withRoute(new HttpCall.Route(Egress.PUBLIC_ONLY, null));
    assertThat(failure("Buy", call).kind()).isEqualTo(Kind.AUTHORIZATION);
    assertThat(shop.headers).isEmpty();
  }

  @Test
  void aConnectionThatIsLostAfterTheRequestLeavesTheOutcomeUnknown() throws Exception {
    try (var wire = new Wire(shop.port())) {
      URI uri = URI.create("http://127.0.0.1:%d/shop.v1.Shop/Buy".formatted(wire.port()));
      HttpCall call = call("Buy", "{'item': 'hang'}").withUri(uri);
      var waiting = new FutureTask<>(() -> failure("Buy", call));
      Thread.ofVirtual().start(waiting);
      assertThat(shop.begun.await(20, TimeUnit.SECONDS)).isTrue();
      wire.cut();
      HttpCallException e = waiting.get();
      assertThat(e.reach()).isEqualTo(Reach.NO_ANSWER);
      assertThat(e.status()).isEqualTo(503);
      assertThat(e.outcomeUnknown()).isTrue();
      Reply next = connector.reply(method("Buy"), call.withBody(json("{}")));
      assertThat(next.status()).isEqualTo(200);
    }
  }

  @Test
  void aServerThatSpeaksAnotherProtocolIsACommunicationError() throws Exception {
    try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket client = socket.accept()) {
              client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      URI uri = URI.create("http://127.0.0.1:%d/shop.v1.Shop/Buy".formatted(socket.getLocalPort()));
      HttpCallException e = failure("Buy", call("Buy", "{}").withUri(uri));
      assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
    }
  }

  @Test
  void answersAreBounded() throws Exception {
    var small =
        new GrpcConnector(
            HttpConnector.Settings.defaults().maxAnswerBytes(10_000), new ProtoCompiler());
    try (small) {
      assertTooLarge(small, "Buy", "{'item': 'big', 'count': 20000}");
      assertTooLarge(small, "Watch", "{'item': 'tea', 'count': 500}");
      assertTooLarge(small, "Watch", "{'item': 'many'}");
      assertThat(shop.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void assertTooLarge(GrpcConnector small, String name, String arguments)
      throws HttpCallException {
    GrpcMethod method = method(name);
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class, () -> small.reply(method, call(name, arguments)));
    assertThat(e.title()).as(arguments).isEqualTo("Answer too large");
    assertThat(e.kind()).isEqualTo(Kind.RUNTIME);
  }

  @Test
  void anAnswerWithoutAMessageIsInvalid() throws Exception {
    HttpCallException e = failure("Buy", "{'item': 'none'}");
    assertThat(e.kind()).isEqualTo(Kind.COMMUNICATION);
    assertThat(e.outcomeUnknown()).isTrue();
  }

  @Test
  void callsOfAClosedConnectorFail() throws Exception {
    GrpcMethod method = method("Buy");
    var waiting = new FutureTask<>(() -> failure("Buy", "{'item': 'hang'}"));
    Thread.ofVirtual().start(waiting);
    assertThat(shop.begun.await(20, TimeUnit.SECONDS)).isTrue();
    connector.close();
    assertThat(waiting.get().kind()).isEqualTo(Kind.COMMUNICATION);
    HttpCallException e =
        catchThrowableOfType(
            HttpCallException.class, () -> connector.reply(method, call("Buy", "{}")));
    assertThat(e.detail()).contains("closed");
  }

  @Test
  void aMethodThatTheProtoDoesNotHaveIsAConfigurationError() {
    HttpCallException e = catchThrowableOfType(HttpCallException.class, () -> method("Steal"));
    assertThat(e.detail()).contains("no method 'Steal'").contains("Buy, Watch, Sum, Chat");
    e =
        catchThrowableOfType(
            HttpCallException.class, () -> connector.method(Shop.FILES, "Shop", "Buy"));
    assertThat(e.detail()).contains("no service 'Shop'").contains("shop.v1.Shop");
  }
}
