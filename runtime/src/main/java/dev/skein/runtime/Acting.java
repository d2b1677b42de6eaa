package dev.skein.runtime;

import dev.skein.interpreter.Json;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineException;
import dev.skein.kernel.Forking;
import dev.skein.kernel.Moving;
import dev.skein.kernel.Retrying;
import dev.skein.kernel.journal.Entry;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.StepKey;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.runtime.telemetry.TraceContext;
import dev.skein.runtime.view.TaskKey;
import dev.skein.supervision.alert.Alerts;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// What operators do to runs that need them: retry, fork, start again, deal with incidents.
/// Thread-safe.
public final class Acting {
  private static final Logger LOG = LoggerFactory.getLogger(Acting.class);

  private final Engine engine;
  private final Store store;
  private final Function<Begin, RunRow> starting;
  private final Retrying retrying;
  private final Forking forking;
  private final Moving moving;

  Acting(Engine engine, Store store, Function<Begin, RunRow> starting) {
    this.engine = engine;
    this.store = store;
    this.starting = starting;
    this.retrying = new Retrying(engine);
    this.forking = new Forking(engine);
    this.moving = new Moving(engine);
  }

  /// Lets a faulted run go on from the task that failed; if what it had done could not be undone,
  /// that is tried again instead.
  ///
  /// @throws dev.skein.kernel.EngineException `UNFIT` if it has not faulted, or was undone
  public void retry(String id, String reason) {
    retrying.retry(id, reason);
  }

  /// Starts a run that goes on where a task of another has ended, as if that had put out `data`.
  ///
  /// @param from the task's reference, with `#` and its iteration inside a loop; or its name
  /// @throws dev.skein.kernel.EngineException `UNFIT` if no such task has ended
  public RunRow fork(String id, String from, JsonNode data, String reason) {
    return forking.fork(
        new Forking.Fork(id, key -> isMeant(key, from), Json.payload(data), reason));
  }

  /// What moving an open run to another version of its workflow would say; nothing is changed.
  ///
  /// @throws dev.skein.kernel.EngineException as [Moving#check]
  public Moving.Verdict checkMove(String id, String version) {
    return moving.check(id, version);
  }

  /// Moves an open run to another version of its workflow, if what it has done fits that.
  ///
  /// @throws dev.skein.kernel.EngineException as [Moving#move]
  public Moving.Verdict move(String id, String version, String reason) {
    return moving.move(id, version, reason);
  }

  private static boolean isMeant(StepKey step, String from) {
    TaskKey key = TaskKey.of(step);
    String iteration = key.iteration();
    String whole = iteration == null ? key.reference() : key.reference() + "#" + iteration;
    return from.equals(whole) || from.equals(key.reference()) || from.equals(key.task());
  }

  /// What the last execution of that task has put out; null if it has put out nothing.
  public @Nullable JsonNode output(String id, String from) {
    JsonNode output = null;
    for (Entry entry : Engine.journal(store, engine.row(id).number())) {
      if (entry instanceof Entry.TaskEnded e && isMeant(e.key(), from)) {
        output = e.output() == null ? null : Json.json(e.output());
      }
    }
    return output;
  }

  /// Starts a run of the same version of the same workflow, with the same attributes; it is no part
  /// of the trace that the other came with.
  ///
  /// @param input null for the same
  public RunRow rerun(String id, @Nullable JsonNode input) {
    return rerun(id, input, null);
  }

  /// The same under an id; starting that again returns the run there is.
  public RunRow rerun(String id, @Nullable JsonNode input, @Nullable String as) {
    RunRow row = engine.row(id);
    JsonNode given = input == null ? input(row) : input;
    var attributes = new HashMap<>(store.attributes(row.number()));
    attributes.keySet().removeAll(TraceContext.NAMES);
    return starting.apply(new Begin(row.workflow(), given, as, row.priority(), attributes));
  }

  private JsonNode input(RunRow row) {
    for (Entry entry : Engine.journal(store, row.number())) {
      if (entry instanceof Entry.RunStarted started) {
        return Json.json(started.input());
      }
    }
    return Json.NODES.objectNode();
  }

  /// Open ones, newest first.
  ///
  /// @param below only those with a smaller id; null for all
  public List<Incident> incidents(@Nullable Long below, int limit) {
    return store.openIncidents(below == null ? Long.MAX_VALUE : below, limit);
  }

  /// The run that has it; null if its history is gone.
  public @Nullable RunRow rowOf(Incident incident) {
    return store.run(incident.run());
  }

  /// Who runs it.
  public String runOf(Incident incident) {
    RunRow row = rowOf(incident);
    return row == null ? Long.toString(incident.run()) : row.id();
  }

  /// Says that somebody has dealt with it: the run stays as it is.
  public Incident resolve(long id, String reason) {
    Incident incident = incident(id);
    engine.commit(List.of(new Change.IncidentsClosed(incident.run())));
    LOG.info("incident {} of run {} is resolved: {}", incident.kind(), runOf(incident), reason);
    return incident;
  }

  /// Lets the run try again what it stopped at.
  public Incident retryIncident(long id, String reason) {
    Incident incident = incident(id);
    String run = runOf(incident);
    if (Alerts.isOne(incident)) {
      throw new EngineException(
          EngineException.Code.UNFIT,
          "an alert ends when its condition does not hold any more; it can be silenced");
    }
    if (engine.row(run).status() == RunStatus.FAULTED) {
      retrying.retry(run, reason);
    } else {
      engine.resume(run);
    }
    return incident;
  }

  /// Null if there is no such open one.
  public @Nullable Incident find(long id) {
    List<Incident> found = id == Long.MAX_VALUE ? List.of() : store.openIncidents(id + 1, 1);
    return found.isEmpty() || found.getFirst().id() != id ? null : found.getFirst();
  }

  private Incident incident(long id) {
    Incident found = find(id);
    if (found == null) {
      throw new SkeinException(
          SkeinException.Code.NO_SUCH_INCIDENT, "there is no such open incident");
    }
    return found;
  }
}
