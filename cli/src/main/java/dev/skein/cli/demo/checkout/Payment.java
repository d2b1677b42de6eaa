package dev.skein.cli.demo.checkout;

import dev.skein.cli.demo.checkout.Service.Decision.Accepted;
import dev.skein.cli.demo.checkout.Service.Decision.Invalid;
import dev.skein.cli.demo.checkout.Service.Decision.Refused;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Charges cards. Cards that end in 0002 are declined, as test cards of real providers are.
final class Payment implements Service {
  private static final Pattern CARD = Pattern.compile("[0-9]{12,19}");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  @Override
  public String name() {
    return "payment";
  }

  @Override
  public String holdPath() {
    return "/charges";
  }

  @Override
  public String releasePath() {
    return "/refunds";
  }

  @Override
  public Decision decide(JsonNode request, int number) {
    JsonNode amount = request.path("amount");
    if (!amount.isNumber() || amount.asDouble() <= 0) {
      return new Invalid("amount must be a positive number");
    }
    if (!CURRENCY.matcher(request.path("currency").asString("")).matches()) {
      return new Invalid("currency must be three capital letters");
    }
    String card = request.path("card").asString("").replace(" ", "");
    if (!CARD.matcher(card).matches()) {
      return new Invalid("card must be a card number");
    }
    String lastFour = card.substring(card.length() - 4);
    if (lastFour.equals("0002")) {
      return new Refused(402, "Card declined", "The card ending in 0002 was declined");
    }
    return new Accepted(
        JsonNodeFactory.instance.objectNode().put("chargeId", "C-" + number),
        JsonNodeFactory.instance.objectNode().set("amount", amount));
  }
}
