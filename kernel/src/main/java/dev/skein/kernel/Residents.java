package dev.skein.kernel;

import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The runs in memory: brings them there when they are needed and lets them go when they only wait.
/// At most one [Residence] for each run; the map's own locking decides races between a request and
/// a run that leaves.
final class Residents {
  private static final Logger LOG = LoggerFactory.getLogger(Residents.class);

  private final Tenure tenure;
  private final Workflows workflows;
  private final Map<Long, Residence> residences = new ConcurrentHashMap<>();
  private final Map<Long, WorkflowRef> orphans = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Residents(Tenure tenure, Workflows workflows) {
    this.tenure = tenure;
    this.workflows = workflows;
  }

  int size() {
    return residences.size();
  }

  /// A run that begins its life here.
  void settle(ActiveRun run, Workflow workflow, Payload input) {
    var residence = new Residence();
    tenure.activity().begin();
    residences.put(run.row().number(), residence);
    Thread.ofVirtual().name(run.row().id()).start(() -> live(run, residence, workflow, input));
  }

  /// Hands a request to a run, bringing it into memory first if need be.
  void bring(long number, Request request) {
    if (closed || tenure.failed()) {
      request.refuse(tenure.failure());
      return;
    }
    var fresh = new Residence();
    Residence residence =
        residences.compute(
            number,
            (_, current) -> {
              if (current != null && current.accept(request)) {
                return current;
              }
              fresh.accept(request);
              return fresh;
            });
    if (residence == fresh) {
      tenure.activity().begin();
      Thread.ofVirtual().name("skein-load-" + number).start(() -> load(number, fresh));
    } else {
      residence.handle();
    }
  }

  private void load(long number, Residence residence) {
    RunRow row = null;
    try {
      row = tenure.store().run(number);
      if (row == null || row.status().ended()) {
        residence.refuse(new EngineException(EngineException.Code.ENDED, "the run has ended"));
        leave(number, residence, null);
      } else if (!tenure.owns(number)) {
        passOn(number, residence.takePending());
        leave(number, residence, null);
      } else if (row.status() == RunStatus.SUSPENDED && !residence.wantsToRun()) {
        residence.answerSuspended();
        leave(number, residence, null);
      } else {
        admit(row, residence);
      }
    } catch (JournalException | StoreException damage) {
      setAside(number, row, residence, damage);
    }
  }

  /// The run is another node's, or nobody's yet: what somebody waits to hear of is left for who has
  /// it; of the rest, its timers and events, that one knows.
  private void passOn(long number, List<Request> requests) {
    for (Request request : requests) {
      if (request instanceof Request.Answered asked) {
        try {
          tenure.ask(number, asked.kind(), asked.reason());
          asked.answer().complete(null);
        } catch (StoreException e) {
          asked.refuse(e);
        }
      }
    }
  }

  private void admit(RunRow row, Residence residence) {
    Workflow workflow = workflows.find(row.workflow());
    if (workflow == null) {
      workflow = adopt(row, residence);
      if (workflow == null) {
        leave(row.number(), residence, null);
        return;
      }
    }
    int checkpoint = row.progress().checkpoint();
    Recorded recorded = Recorded.read(tenure.store(), row.number(), checkpoint);
    var run = new ActiveRun(tenure, row, recorded);
    if (row.status() != RunStatus.RUNNING) {
      run.locked(() -> {
        run.progress(RunLife.running(checkpoint));
        run.add(new Change.IncidentsClosed(row.number()));
        if (WakeReason.decode(row.progress().wake()).stream().anyMatch(WakeReason::isEvent)) {
          run.add(new Change.ListenersSet(row.number(), List.of()));
        }
      });
    }
    live(run, residence, workflow, recorded.input());
  }

  /// Leaves word that the run's code is missing; returns the code if it has come meanwhile and
  /// nobody else brings the run for it.
  private @Nullable Workflow adopt(RunRow row, Residence residence) {
    // First, since it forgets what was asked, and from the next line on that may be to come back.
    residence.refuse(
        new EngineException(
            EngineException.Code.NO_SUCH_WORKFLOW,
            "workflow " + row.workflow() + " is not registered in this process"));
    orphans.put(row.number(), row.workflow());
    Workflow late = workflows.find(row.workflow());
    return late != null && orphans.remove(row.number(), row.workflow()) ? late : null;
  }

  private void live(ActiveRun run, Residence residence, Workflow workflow, Payload input) {
    LogContext.run(run.row().id());
    var life = new RunLife(tenure, run);
    residence.begin(run, life.root());
    life.live(workflow, input);
    leave(run.row().number(), residence, run);
  }

  /// The run's threads are gone: takes it out of memory, and brings it back at once if somebody
  /// asked meanwhile.
  private void leave(long number, Residence residence, @Nullable ActiveRun run) {
    var unheard = new ArrayList<Request>();
    if (run != null) {
      // while nobody else can be the run: the next to be it listens for itself
      tenure.events().listening().remove(number, run.mailbox().filters());
    }
    residences.compute(
        number,
        (_, current) -> {
          unheard.addAll(residence.close());
          return current == residence ? null : current;
        });
    if (run != null) {
      tenure.left(run);
    }
    unheard.forEach(request -> bring(number, request));
    tenure.activity().end();
  }

  /// A run that cannot be read becomes an incident; the others go on.
  private void setAside(
      long number, @Nullable RunRow row, Residence residence, RuntimeException damage) {
    LOG.debug("run number {} cannot be read and is set aside", number, damage);
    String id = row == null ? RunNumbers.id(number) : row.id();
    var wake = new WakeReason(WakeReason.Kind.INCIDENT, "journal-damaged", null);
    var progress =
        new RunRow.Progress(
            RunStatus.SUSPENDED,
            null,
            null,
            WakeReason.encode(List.of(wake)),
            row == null ? 0 : row.progress().checkpoint());
    var incident =
        tenure.incident(
            number,
            "journal-damaged",
            "the journal of run " + id + " cannot be read",
            String.valueOf(damage.getMessage()));
    try {
      tenure.commit(
          List.of(
              new Change.RunProgressed(number, progress),
              new Change.IncidentsClosed(number),
              new Change.IncidentOpened(incident)));
    } catch (StoreException e) {
      LOG.error("could not set run {} aside", id, e);
    }
    residence.refuse(damage);
    leave(number, residence, null);
    tenure.stopped(number, damage);
  }

  /// Brings back the runs that found no code for this workflow.
  void registered(WorkflowRef ref) {
    orphans.forEach((number, missing) -> {
      if (missing.equals(ref) && orphans.remove(number, missing)) {
        bring(number, new Request.Wake());
      }
    });
  }

  @Nullable ActiveRun find(long number) {
    Residence residence = residences.get(number);
    return residence == null ? null : residence.run();
  }

  /// Lets nobody in from now on, and makes all who are here leave.
  void evict(boolean interrupting) {
    closed = true;
    residences.values().forEach(residence -> residence.evict(interrupting));
  }
}
