package dev.skein.cli.demo.checkout;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.runtime.Skein;
import dev.skein.runtime.view.RunView;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs the checkout workflow for every order of the demo, all at a time. Each run's id is its
/// order's, so doing it again goes on where it stopped.
public final class CheckoutCoordinator {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path data;
  private final JsonNode services;
  private final PrintWriter out;

  /// @param services base URLs: `{payment, inventory, shipping}`
  public CheckoutCoordinator(Path data, JsonNode services, PrintWriter out) {
    this.data = data;
    this.services = services;
    this.out = out;
  }

  /// @param killAfter steps after which this process kills itself; 0 for never
  public void run(int killAfter) throws InterruptedException {
    try (Skein skein = Skein.open(data)) {
      if (killAfter > 0) {
        killAfter(skein, killAfter);
      }
      WorkflowRef checkout = skein.deployOrReplace(resource("checkout.yaml"));
      var runs = new ArrayList<String>();
      List<JsonNode> orders = orders();
      for (JsonNode order : orders) {
        ObjectNode input = Json.NODES.objectNode();
        input.set("order", order.path("order"));
        input.set("services", services);
        String id = order.path("order").path("id").asString();
        runs.add(skein.start(checkout, input, id).id());
      }
      for (int i = 0; i < orders.size(); i++) {
        RunView run = skein.await(runs.get(i), PATIENCE);
        report(runs.get(i), orders.get(i).path("story").asString(), run);
      }
      out.flush();
    }
  }

  private void report(String id, String story, @Nullable RunView run) {
    String status = run == null ? "not ended after " + PATIENCE : run.status();
    String error = "";
    if (run != null && run.error() != null) {
      error = "  " + run.error().path("title").asString("");
    }
    out.println(
        "  %s  %-9s  %s%s".formatted(id, status, story, error.isBlank() ? "" : " →" + error));
  }

  /// As hard as a crash can be: the kernel of the operating system takes the process away.
  private static void killAfter(Skein skein, int steps) {
    var done = new AtomicInteger();
    skein.watch((_, entries) -> {
      for (Entry entry : entries) {
        if (entry instanceof Entry.StepCompleted && done.incrementAndGet() == steps) {
          kill();
        }
      }
    });
  }

  private static void kill() {
    long pid = ProcessHandle.current().pid();
    try {
      new ProcessBuilder("kill", "-9", Long.toString(pid)).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("there is no kill command here", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static List<JsonNode> orders() {
    var orders = new ArrayList<JsonNode>();
    Json.parse(resource("orders.json")).forEach(orders::add);
    return orders;
  }

  private static String resource(String name) {
    try (InputStream in = CheckoutCoordinator.class.getResourceAsStream("/demo/checkout/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the demo's " + name + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
