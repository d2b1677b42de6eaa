package dev.skein.cli.demo.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The example's orders against the bundled configuration, by hand what the workflow does: so the
/// stories in orders.json are true whatever runs them.
class CheckoutStoriesTest {
  private static final int ATTEMPTS = 5;

  @TempDir Path directory;

  private LedgerService start(String name) {
    Path ledger = directory.resolve(name + ".jsonl");
    return LedgerService.start(name, new LedgerService.Options(0, ledger, ServiceConfig.bundled()));
  }

  @Test
  void everyOrderOfTheExampleComesToWhatItsStorySays() throws Exception {
    JsonNode orders =
        JsonMapper.shared().readTree(Files.readString(Path.of("../examples/checkout/orders.json")));
    try (var http = HttpClient.newHttpClient();
        var inventory = start("inventory");
        var payment = start("payment");
        var shipping = start("shipping")) {
      Client client = new Client(http);
      for (JsonNode it : orders) {
        checkout(client, inventory, payment, shipping, it.path("order"));
      }
      var table = new LedgersTable(payment.ledger(), inventory.ledger(), shipping.ledger());
      for (JsonNode it : orders) {
        String id = it.at("/order/id").asString();
        assertThat(table.verdict(id)).as(id).hasToString(it.path("expect").asString());
      }
      assertThat(table.orders()).hasSize(8);
    }
  }

  private static void checkout(
      Client client,
      LedgerService inventory,
      LedgerService payment,
      LedgerService shipping,
      JsonNode order)
      throws IOException, InterruptedException {
    String id = order.path("id").asString();
    String body = order.toString().replaceFirst("\"id\"", "\"orderId\"");
    int reserved = client.send(inventory, "POST", "/reservations", id + "/r", body).status();
    if (reserved != 201) {
      return;
    }
    int charged = client.send(payment, "POST", "/charges", id + "/c", body).status();
    int shipped = 0;
    for (int attempt = 0; charged == 201 && shipped != 201 && attempt < ATTEMPTS; attempt++) {
      shipped = client.send(shipping, "POST", "/bookings", id + "/s", body).status();
    }
    if (shipped != 201) {
      client.send(shipping, "DELETE", "/bookings/" + id, id + "/us", "");
      client.send(payment, "POST", "/refunds", id + "/uc", "{\"orderId\": \"" + id + "\"}");
      client.send(inventory, "DELETE", "/reservations/" + id, id + "/ur", "");
    }
  }

  @Test
  void aServiceThatIsKilledKnowsAfterItsRestartWhatItAnswered() throws Exception {
    Process process = process("payment");
    String charge =
        """
        {"orderId": "ORD-1", "amount": 5, "currency": "EUR", "card": "4242424242424242"}\
        """;
    try (var http = HttpClient.newHttpClient();
        BufferedReader out = process.inputReader()) {
      String url = out.readLine();
      assertThat(url).matches("http://127\\.0\\.0\\.1:[0-9]+");
      Client client = new Client(http);
      Client.Reply first = client.send(URI.create(url + "/charges"), "POST", "key", charge);
      process.destroyForcibly().waitFor();
      try (var restarted = start("payment")) {
        assertThat(client.send(restarted, "POST", "/charges", "key", charge)).isEqualTo(first);
        assertThat(restarted.ledger().at("/ORD-1/effects").asInt()).isEqualTo(1);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private Process process(String name) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            CheckoutService.class.getName(),
            name,
            "--ledger",
            directory.resolve(name + ".jsonl").toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
