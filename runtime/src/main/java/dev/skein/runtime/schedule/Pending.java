package dev.skein.runtime.schedule;

import dev.skein.interpreter.Json;
import dev.skein.kernel.journal.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a schedule must remember beside its times, as its row keeps it:
/// `{"waiting":[{"due":…,"events":[…]}],"gathered":[[…]]}`.
///
/// @param waiting starts held until the run under way has ended
/// @param gathered the numbers of events that do not yet suffice for a start, a list a start
record Pending(List<Fire> waiting, List<List<Long>> gathered) {
  static final Pending NOTHING = new Pending(List.of(), List.of());

  Pending {
    waiting = List.copyOf(waiting);
    gathered = List.copyOf(gathered);
  }

  Payload payload() {
    ObjectNode json = Json.NODES.objectNode();
    ArrayNode held = json.putArray("waiting");
    for (Fire fire : waiting) {
      ObjectNode one = held.addObject();
      if (fire.due() != null) {
        one.put("due", fire.due().toString());
      }
      fire.events().forEach(one.putArray("events")::add);
    }
    ArrayNode sets = json.putArray("gathered");
    gathered.forEach(numbers -> numbers.forEach(sets.addArray()::add));
    return Json.payload(json);
  }

  static Pending of(Payload payload) {
    JsonNode json = Json.json(payload);
    var waiting = new ArrayList<Fire>();
    for (JsonNode one : json.path("waiting")) {
      waiting.add(new Fire(instant(one.get("due")), numbers(one.path("events"))));
    }
    var gathered = new ArrayList<List<Long>>();
    json.path("gathered").forEach(set -> gathered.add(numbers(set)));
    return new Pending(waiting, gathered);
  }

  private static @Nullable Instant instant(@Nullable JsonNode text) {
    return text == null ? null : Instant.parse(text.asString());
  }

  private static List<Long> numbers(JsonNode array) {
    var numbers = new ArrayList<Long>();
    array.forEach(number -> numbers.add(number.asLong()));
    return numbers;
  }

  Pending waiting(List<Fire> fires) {
    return new Pending(fires, gathered);
  }

  Pending gathered(List<List<Long>> sets) {
    return new Pending(waiting, sets);
  }
}
