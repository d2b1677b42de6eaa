package dev.skein.cli.demo.checkout;

import dev.skein.interpreter.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The checkout demo: three services with ledgers of their own, orders through them, and the
/// ledgers side by side.
public final class CheckoutDemo {
  private static final int KILL_AFTER_STEPS = 6;
  private static final int KILLED = 137;

  private final Path data;
  private final PrintWriter out;

  /// What the demo shows in the end.
  ///
  /// @param consistent whether for each order all three parts hold or none does, each made once at
  ///   the most, as its story says
  public record Result(LedgersTable ledgers, boolean consistent) {}

  public CheckoutDemo(Path data, PrintWriter out) {
    this.data = data;
    this.out = out;
  }

  /// @param crash whether the coordinator is killed in the middle and started again
  public Result run(boolean crash) throws IOException, InterruptedException {
    ServiceConfig config = ServiceConfig.bundled();
    try (LedgerService payment = start("payment", config);
        LedgerService inventory = start("inventory", config);
        LedgerService shipping = start("shipping", config)) {
      ObjectNode urls = Json.NODES.objectNode();
      for (var service : List.of(payment, inventory, shipping)) {
        urls.put(name(service, payment, inventory), service.url().toString());
      }
      out.println("three services: " + Json.text(urls));
      coordinate(urls, crash);
      var ledgers = new LedgersTable(payment.ledger(), inventory.ledger(), shipping.ledger());
      return new Result(ledgers, consistent(ledgers));
    }
  }

  private static String name(
      LedgerService service, LedgerService payment, LedgerService inventory) {
    return service == payment ? "payment" : service == inventory ? "inventory" : "shipping";
  }

  private LedgerService start(String name, ServiceConfig config) {
    var options = new LedgerService.Options(0, data.resolve(name + ".ledger"), config);
    return LedgerService.start(name, options);
  }

  private void coordinate(JsonNode urls, boolean crash) throws IOException, InterruptedException {
    Path store = data.resolve("skein");
    if (!crash) {
      out.println("the coordinator takes the orders");
      new CheckoutCoordinator(store, urls, out).run(0);
      return;
    }
    out.println("the coordinator takes the orders, in a process of its own");
    out.flush();
    int exit = coordinator(store, urls, KILL_AFTER_STEPS);
    if (exit != KILLED) {
      throw new IllegalStateException(
          "the coordinator should have been killed, but ended with " + exit);
    }
    out.println("the coordinator was killed (kill -9) in the middle; it is started again");
    out.flush();
    if (coordinator(store, urls, 0) != 0) {
      throw new IllegalStateException("the second coordinator failed");
    }
  }

  private static int coordinator(Path store, JsonNode urls, int killAfter)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CoordinatorProcess.class.getName());
    command.addAll(List.of(store.toString(), Json.text(urls), Integer.toString(killAfter)));
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private static boolean consistent(LedgersTable ledgers) {
    for (JsonNode order : CheckoutCoordinator.orders()) {
      String id = order.path("order").path("id").asString();
      if (!ledgers.verdict(id).toString().equals(order.path("expect").asString())) {
        return false;
      }
    }
    return true;
  }
}
