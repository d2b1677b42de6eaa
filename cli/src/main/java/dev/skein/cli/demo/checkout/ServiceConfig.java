package dev.skein.cli.demo.checkout;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the services start with: the catalogue, and the faults they are to show.
///
/// @param stock articles and how many of each there are
/// @param unavailable by service and order, how many times making the effect is answered by 503
public record ServiceConfig(
    Map<String, Integer> stock, Map<String, Map<String, Integer>> unavailable) {
  /// Written `forever` in the file.
  public static final int FOREVER = Integer.MAX_VALUE;

  private static final String RESOURCE = "/demo/checkout/services.json";

  public ServiceConfig {
    stock = Map.copyOf(stock);
    unavailable = Map.copyOf(unavailable);
  }

  /// The demo's own.
  public static ServiceConfig bundled() {
    try (InputStream in = ServiceConfig.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("The resource " + RESOURCE + " is missing; build again");
      }
      return of(JsonMapper.shared().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Read from a file of the same form.
  public static ServiceConfig read(Path file) {
    try {
      return of(JsonMapper.shared().readTree(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("The configuration " + file + " can't be read", e);
    }
  }

  int timesUnavailable(String service, String orderId) {
    return unavailable.getOrDefault(service, Map.of()).getOrDefault(orderId, 0);
  }

  private static ServiceConfig of(JsonNode json) {
    Map<String, Integer> stock = new HashMap<>();
    json.path("stock").properties().forEach(it -> stock.put(it.getKey(), it.getValue().asInt()));
    Map<String, Map<String, Integer>> unavailable = new HashMap<>();
    json.path("unavailable")
        .properties()
        .forEach(service -> unavailable.put(service.getKey(), times(service.getValue())));
    return new ServiceConfig(stock, unavailable);
  }

  private static Map<String, Integer> times(JsonNode orders) {
    Map<String, Integer> times = new HashMap<>();
    orders
        .properties()
        .forEach(it -> {
          JsonNode value = it.getValue();
          times.put(it.getKey(), value.isNumber() ? value.asInt() : FOREVER);
        });
    return times;
  }
}
