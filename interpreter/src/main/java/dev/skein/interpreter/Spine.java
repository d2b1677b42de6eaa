package dev.skein.interpreter;

import dev.skein.kernel.Compensation;
import dev.skein.kernel.Context;
import dev.skein.kernel.journal.Payload;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Where a run stands: a frame for each list, loop and `try` it is inside of, outermost first. At
/// every task and iteration that nothing runs beside, the run offers its frames to the kernel as a
/// checkpoint; a run that is restored goes down the same frames again, each telling its list, loop
/// or `try` where to go on. Owned by the run's own thread; branches and compensations have none.
final class Spine {
  private final Undoing undoing;
  private final Vault vault;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Deque<JsonNode> toRestore = new ArrayDeque<>();

  /// One list, loop or `try` that is under way.
  static final class Frame {
    private final @Nullable JsonNode saved;
    private Consumer<ObjectNode> position = _ -> {};

    private Frame(@Nullable JsonNode saved) {
      this.saved = saved;
    }

    /// Where to go on; null at the beginning.
    @Nullable JsonNode saved() {
      return saved;
    }

    /// It now stands where `writer` writes.
    void at(Consumer<ObjectNode> writer) {
      position = writer;
    }
  }

  Spine(Undoing undoing, Vault vault) {
    this.undoing = undoing;
    this.vault = vault;
  }

  /// Takes the run to where its checkpoint left it, if it begins at one.
  void restore(Env env) {
    Payload saved = env.kernel().restored();
    if (saved == null) {
      return;
    }
    JsonNode state = vault.open(saved);
    state.path("frames").forEach(toRestore::add);
    for (JsonNode one : state.path("compensations")) {
      JsonNode output = one.get("output");
      Compensation compensation =
          undoing.restored(
              one.path("name").asString(),
              vault.seal(one.path("memo")),
              output == null ? null : vault.seal(output));
      env.kernel().register(new Context.Registered(one.path("scope").asString(), compensation));
    }
  }

  Frame enter() {
    var frame = new Frame(toRestore.poll());
    frames.addLast(frame);
    return frame;
  }

  void leave() {
    frames.removeLast();
  }

  /// Offers to save the run here; not on the way back to where it was saved, when the frames inside
  /// are not entered again yet and would be forgotten.
  void offer(Context kernel) {
    if (toRestore.isEmpty()) {
      kernel.checkpoint(() -> vault.seal(state(kernel)));
    }
  }

  private JsonNode state(Context kernel) {
    ObjectNode state = Json.NODES.objectNode();
    ArrayNode positions = state.putArray("frames");
    frames.forEach(frame -> frame.position.accept(positions.addObject()));
    ArrayNode compensations = state.putArray("compensations");
    for (Context.Registered registered : kernel.compensations()) {
      Compensation compensation = registered.compensation();
      ObjectNode one = compensations.addObject();
      one.put("scope", registered.scope());
      one.put("name", compensation.name());
      one.set("memo", vault.open(compensation.memo()));
      Payload output = compensation.output();
      if (output != null) {
        one.set("output", vault.open(output));
      }
    }
    return state;
  }
}
