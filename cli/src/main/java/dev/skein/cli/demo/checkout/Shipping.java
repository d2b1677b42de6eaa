package dev.skein.cli.demo.checkout;

import dev.skein.cli.demo.checkout.Service.Decision.Accepted;
import dev.skein.cli.demo.checkout.Service.Decision.Invalid;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Books parcels.
final class Shipping implements Service {
  @Override
  public String name() {
    return "shipping";
  }

  @Override
  public String holdPath() {
    return "/bookings";
  }

  @Override
  public Decision decide(JsonNode request, int number) {
    JsonNode address = request.path("address");
    boolean text = address.isString() && !address.asString().isBlank();
    boolean fields = address.isObject() && !address.isEmpty();
    if (!text && !fields) {
      return new Invalid("address is missing");
    }
    return new Accepted(
        JsonNodeFactory.instance.objectNode().put("trackingId", "T-" + number),
        JsonNodeFactory.instance.nullNode());
  }
}
