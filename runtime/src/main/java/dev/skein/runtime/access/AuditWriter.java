package dev.skein.runtime.access;

import dev.skein.interpreter.Json;
import dev.skein.kernel.Clock;
import dev.skein.kernel.Engine;
import dev.skein.kernel.store.Change;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Writes down who asks for what, before it is done, and then what came of it.
///
/// Entries ride in front of the next commit, whatever that is for: so that something was asked for
/// is durable no later than what it has changed, mostly without a sync of its own. Thread-safe.
public final class AuditWriter {
  private final Engine engine;
  private final Clock clock;

  /// Something that somebody asks for.
  ///
  /// @param who the name of a principal
  /// @param from the address they ask from, or `command line`
  /// @param what a stable name: `cancelRun`
  /// @param on what it is about; null if `details` say so
  /// @param details what else is worth knowing
  public record Act(
      String who, String from, String what, @Nullable String on, ObjectNode details) {}

  /// @param status as HTTP has it
  /// @param code of the refusal; null if it was done
  /// @param made what there is now that was not there before; null for nothing
  public record Outcome(int status, @Nullable String code, @Nullable String made) {}

  AuditWriter(Engine engine, Clock clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /// Writes down that it is asked for, and returns what the entry of its outcome refers to.
  ///
  /// @param isNew whether all that it will change comes behind it by itself, as what is created
  ///   does; else this waits until the entry is durable, since the change may ride in a commit that
  ///   is being gathered already
  public String asked(Act act, boolean isNew) {
    String id = UUID.randomUUID().toString();
    ObjectNode entry = entry(id, act);
    if (!act.details().isEmpty()) {
      entry.set("details", act.details());
    }
    List<Change> change = List.of(new Change.Audited(Json.text(entry)));
    if (isNew) {
      engine.commitSoon(change);
    } else {
      engine.commit(change);
    }
    return id;
  }

  /// Writes down what came of it; nobody waits for that.
  ///
  /// @param act what [#asked] has returned
  public void answered(String act, Act of, Outcome outcome) {
    ObjectNode entry = entry(act, of);
    entry.put("outcome", outcome.code == null ? "done" : "refused");
    entry.put("status", outcome.status);
    if (outcome.code != null) {
      entry.put("code", outcome.code);
    }
    if (outcome.made != null) {
      entry.put("made", outcome.made);
    }
    engine.commitSoon(List.of(new Change.Audited(Json.text(entry))));
  }

  /// The one entry of what is done as soon as it is durable: for the commit that does it, which it
  /// costs no sync of its own.
  ///
  /// @param made what there is then that was not there before
  public Change done(Act act, String made) {
    ObjectNode entry = entry(UUID.randomUUID().toString(), act);
    if (!act.details().isEmpty()) {
      entry.set("details", act.details());
    }
    entry.put("outcome", "done").put("made", made);
    return new Change.Audited(Json.text(entry));
  }

  private ObjectNode entry(String id, Act act) {
    ObjectNode entry =
        Json.NODES
            .objectNode()
            .put("at", clock.now().toString())
            .put("act", id)
            .put("who", act.who)
            .put("from", act.from)
            .put("what", act.what);
    return act.on == null ? entry : entry.put("on", act.on);
  }
}
