package dev.skein.cli.demo.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerServiceTest {
  private static final ServiceConfig CONFIG =
      new ServiceConfig(
          Map.of("A", 3, "B", 1),
          Map.of("shipping", Map.of("twice", 2, "down", ServiceConfig.FOREVER)));
  private static final String CHARGE =
      "{\"orderId\": \"o\", \"amount\": 9.5, \"currency\": \"EUR\", \"card\": \"4242424242424242\"}";

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Client client = new Client(http);

  @AfterEach
  void close() {
    http.close();
  }

  private LedgerService start(String name) {
    return LedgerService.start(
        name, new LedgerService.Options(0, directory.resolve(name + ".jsonl"), CONFIG));
  }

  private static String reservation(String order, String sku, int quantity) {
    return "{\"orderId\": \"%s\", \"items\": [{\"sku\": \"%s\", \"quantity\": %d}]}"
        .formatted(order, sku, quantity);
  }

  private static String booking(String order) {
    return "{\"orderId\": \"%s\", \"address\": {\"city\": \"Bern\"}}".formatted(order);
  }

  @Test
  void inventoryReservesUntilNothingIsLeftAndReleasesByOrder() throws Exception {
    try (var inventory = start("inventory")) {
      var made = client.send(inventory, "POST", "/reservations", "k1", reservation("o1", "A", 2));
      assertThat(made.status()).isEqualTo(201);
      assertThat(made.body().path("reservationId").asString()).isNotEmpty();
      var refused =
          client.send(inventory, "POST", "/reservations", "k2", reservation("o2", "A", 2));
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body().path("detail").asString()).isEqualTo("2 of A wanted, 1 left");
      assertThat(client.send(inventory, "DELETE", "/reservations/o1", "k3", "").status())
          .isEqualTo(200);
      var again = client.send(inventory, "POST", "/reservations", "k4", reservation("o2", "A", 3));
      assertThat(again.status()).isEqualTo(201);
      assertThat(client.ledger(inventory))
          .hasToString(
              "{\"o1\":{\"state\":\"released\",\"effects\":1,\"releases\":1},"
                  + "\"o2\":{\"state\":\"held\",\"effects\":1,\"releases\":0}}");
    }
  }

  @Test
  void inventoryReservesAllItemsOrNone() throws Exception {
    try (var inventory = start("inventory")) {
      String both =
          "{\"orderId\": \"o\", \"items\": [{\"sku\": \"A\", \"quantity\": 3}, {\"sku\": \"B\", \"quantity\": 2}]}";
      assertThat(client.send(inventory, "POST", "/reservations", "k", both).status())
          .isEqualTo(409);
      var rest = client.send(inventory, "POST", "/reservations", "l", reservation("p", "A", 3));
      assertThat(rest.status()).isEqualTo(201);
    }
  }

  @Test
  void paymentChargesRefundsOnceAndKeepsNoCardNumber() throws Exception {
    try (var payment = start("payment")) {
      assertThat(client.send(payment, "POST", "/charges", "k1", CHARGE).status()).isEqualTo(201);
      String order = "{\"orderId\": \"o\"}";
      var first = client.send(payment, "POST", "/refunds", "k2", order);
      var second = client.send(payment, "POST", "/refunds", "k3", order);
      assertThat(first.body().path("released").asBoolean()).isTrue();
      assertThat(second.status()).isEqualTo(200);
      assertThat(second.body().path("released").asBoolean()).isFalse();
      assertThat(payment.ledger().at("/o/releases").asInt()).isEqualTo(1);
    }
    assertThat(Files.readString(directory.resolve("payment.jsonl"))).doesNotContain("42424242");
  }

  @Test
  void aDeclinedCardIsAProblemAndHasNoEffect() throws Exception {
    try (var payment = start("payment")) {
      String declined = CHARGE.replace("4242424242424242", "4000 0000 0000 0002");
      var reply = client.send(payment, "POST", "/charges", "k", declined);
      assertThat(reply.status()).isEqualTo(402);
      assertThat(reply.body().path("title").asString()).isEqualTo("Card declined");
      assertThat(payment.ledger().at("/o/state").asString()).isEqualTo("none");
      assertThat(payment.ledger().at("/o/effects").asInt()).isZero();
    }
  }

  @Test
  void shippingIsUnavailableAsOftenAsConfiguredEvenAcrossARestart() throws Exception {
    try (var shipping = start("shipping")) {
      assertThat(client.send(shipping, "POST", "/bookings", "k", booking("twice")).status())
          .isEqualTo(503);
    }
    try (var shipping = start("shipping")) {
      assertThat(client.send(shipping, "POST", "/bookings", "k", booking("twice")).status())
          .isEqualTo(503);
      assertThat(client.send(shipping, "POST", "/bookings", "k", booking("twice")).status())
          .isEqualTo(201);
      for (int i = 0; i < 5; i++) {
        assertThat(client.send(shipping, "POST", "/bookings", "d", booking("down")).status())
            .isEqualTo(503);
      }
      assertThat(client.send(shipping, "DELETE", "/bookings/twice", "u", "").status())
          .isEqualTo(200);
      assertThat(client.send(shipping, "DELETE", "/bookings/down", "v", "").status())
          .isEqualTo(200);
      assertThat(shipping.ledger().at("/twice/state").asString()).isEqualTo("released");
      assertThat(shipping.ledger().at("/down/state").asString()).isEqualTo("none");
    }
  }

  @Test
  void aKnownKeyGetsTheRecordedAnswerEvenAfterARestart() throws Exception {
    Client.Reply first;
    try (var payment = start("payment")) {
      first = client.send(payment, "POST", "/charges", "k", CHARGE);
      assertThat(client.send(payment, "POST", "/charges", "k", CHARGE)).isEqualTo(first);
    }
    try (var payment = start("payment")) {
      String reordered =
          "{\"card\": \"4242424242424242\", \"currency\": \"EUR\", \"amount\": 9.5, \"orderId\": \"o\"}";
      assertThat(client.send(payment, "POST", "/charges", "k", reordered)).isEqualTo(first);
      assertThat(payment.ledger().at("/o/effects").asInt()).isEqualTo(1);
    }
  }

  @Test
  void aKeyWithAnotherRequestIsRefused() throws Exception {
    try (var payment = start("payment")) {
      client.send(payment, "POST", "/charges", "k", CHARGE);
      String dearer = CHARGE.replace("9.5", "95");
      assertThat(client.send(payment, "POST", "/charges", "k", dearer).status()).isEqualTo(422);
      assertThat(client.send(payment, "POST", "/refunds", "k", CHARGE).status()).isEqualTo(422);
      assertThat(payment.ledger().at("/o/effects").asInt()).isEqualTo(1);
    }
  }

  @Test
  void aSecondKeyIsASecondEffectAndTheLedgerSaysSo() throws Exception {
    try (var payment = start("payment")) {
      client.send(payment, "POST", "/charges", "k1", CHARGE);
      client.send(payment, "POST", "/charges", "k2", CHARGE);
      assertThat(payment.ledger().at("/o/effects").asInt()).isEqualTo(2);
    }
  }

  @Test
  void theSameKeyAtTheSameTimeHasOneEffect() throws Exception {
    try (var payment = start("payment");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Client.Reply>> calls = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        calls.add(() -> client.send(payment, "POST", "/charges", "k", CHARGE));
      }
      Set<Client.Reply> replies = new HashSet<>();
      for (Future<Client.Reply> reply : threads.invokeAll(calls)) {
        replies.add(reply.get());
      }
      assertThat(replies).hasSize(1).allMatch(it -> it.status() == 201);
      assertThat(payment.ledger().at("/o/effects").asInt()).isEqualTo(1);
    }
  }

  @Test
  void aTornLastLineIsCutOffAndTheLedgerGoesOn() throws Exception {
    Path file = directory.resolve("shipping.jsonl");
    try (var shipping = start("shipping")) {
      client.send(shipping, "POST", "/bookings", "k1", booking("o1"));
    }
    Files.writeString(file, "{\"orderId\":\"o2\",\"eve", StandardOpenOption.APPEND);
    try (var shipping = start("shipping")) {
      assertThat(client.send(shipping, "POST", "/bookings", "k2", booking("o2")).status())
          .isEqualTo(201);
    }
    try (var shipping = start("shipping")) {
      assertThat(shipping.ledger().propertyNames()).containsExactly("o1", "o2");
      assertThat(Files.readAllLines(file)).hasSize(2);
    }
  }

  @Test
  void aDamagedLineInTheMiddleIsNotPassedOver() throws IOException {
    Files.writeString(directory.resolve("payment.jsonl"), "nonsense\n");
    assertThatThrownBy(() -> start("payment")).rootCause().isNotNull();
    assertThatThrownBy(() -> start("payment")).hasStackTraceContaining("Line 1 of");
  }

  @Test
  void aLedgerIsOpenedOnlyOnce() {
    try (var first = start("payment")) {
      assertThat(first.url()).hasHost("127.0.0.1");
      assertThatThrownBy(() -> start("payment")).hasStackTraceContaining("open already");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json",
        "{}",
        "{\"orderId\": \"o\"}",
        "{\"orderId\": \"o\", \"items\": []}",
        "{\"orderId\": \"o\", \"items\": [{\"sku\": \"A\", \"quantity\": 0}]}",
        "{\"orderId\": \"o\", \"items\": [{\"sku\": \"Z\", \"quantity\": 1}]}"
      })
  void aRequestThatMakesNoSenseIsRefusedAndNotRecorded(String body) throws Exception {
    try (var inventory = start("inventory")) {
      assertThat(client.send(inventory, "POST", "/reservations", "k", body).status())
          .isEqualTo(400);
      assertThat(inventory.ledger()).isEmpty();
    }
  }

  @Test
  void whatIsNotServedIsNotFound() throws Exception {
    try (var payment = start("payment")) {
      assertThat(client.send(payment, "DELETE", "/charges/o", null, "").status()).isEqualTo(404);
      assertThat(client.send(payment, "POST", "/bookings", null, "{}").status()).isEqualTo(404);
    }
  }
}
