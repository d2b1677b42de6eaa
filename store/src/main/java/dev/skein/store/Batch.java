package dev.skein.store;

import dev.skein.kernel.store.Ask;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.Listener;
import dev.skein.kernel.store.RunNumbers;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoreException.Code;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The changes of one commit, sorted by table. A statement that writes to many tables sees none of
/// its own rows, so changes to the same row are put together here.
final class Batch {
  /// @param eventsBefore how many events the commit publishes before it creates the run
  record Created(RunRow run, int eventsBefore) {}

  record AttributeKey(long run, String name) {}

  /// @param open whether the same commit leaves it open
  record Opened(Incident incident, boolean open) {}

  final Map<Long, Created> created = new LinkedHashMap<>();
  final Map<Long, RunRow.Progress> progressed = new LinkedHashMap<>();
  final List<Change.FrameAppended> frames = new ArrayList<>();
  final List<Change.BlobSaved> blobs = new ArrayList<>();
  final List<Event> events = new ArrayList<>();
  final List<Change.EventTaken> taken = new ArrayList<>();
  final Map<Long, List<Listener>> listeners = new LinkedHashMap<>();
  final Map<AttributeKey, String> attributes = new LinkedHashMap<>();
  final List<Opened> incidents = new ArrayList<>();
  final Set<Long> incidentsClosed = new HashSet<>();
  final List<Ask> asks = new ArrayList<>();
  final Set<Long> answered = new HashSet<>();

  private boolean redeployed;

  private final List<String> audited = new ArrayList<>();

  /// What is written by statements of its own, after all else.
  final List<Consumer<Sql>> rare = new ArrayList<>();

  Batch(List<Change> changes) {
    changes.forEach(this::add);
  }

  private void add(Change change) {
    switch (change) {
      case Change.RunCreated c -> create(c.run());
      case Change.RunProgressed c -> progress(c.run(), c.progress());
      case Change.RunMoved c -> rare.add(sql -> RunTable.move(sql, c.run(), c.workflow()));
      case Change.FrameAppended c -> frames.add(c);
      case Change.BlobSaved c -> blobs.add(c);
      case Change.EventPublished c -> events.add(c.event());
      case Change.EventTaken c -> taken.add(c);
      case Change.ListenersSet c -> listeners.put(c.run(), c.listeners());
      case Change.AttributesSet c ->
          c.attributes()
              .forEach((name, value) -> attributes.put(new AttributeKey(c.run(), name), value));
      case Change.IncidentOpened c -> incidents.add(new Opened(c.incident(), true));
      case Change.IncidentsClosed c -> closeIncidents(c.run());
      case Change.Asked c -> asks.add(c.ask());
      case Change.AskAnswered c -> answered.add(c.ask());
      case Change.DefinitionSaved c -> rare.add(sql -> DefinitionTable.save(sql, c.definition()));
      case Change.ScheduleSaved c -> rare.add(sql -> ScheduleTable.save(sql, c.schedule()));
      case Change.ScheduleMoved c -> rare.add(sql -> ScheduleTable.move(sql, c.schedule()));
      case Change.Redeployed _ -> {
        redeployed = true;
        rare.add(sql -> sql.execute("UPDATE @deployment SET number = number + 1"));
      }
      case Change.ScheduleRemoved c ->
          rare.add(sql -> ScheduleTable.remove(sql, c.namespace(), c.name()));
      case Change.KeySaved c -> rare.add(sql -> KeyTable.save(sql, c.key()));
      case Change.SessionBegun c -> rare.add(sql -> SessionTable.begin(sql, c.session(), c.now()));
      case Change.SessionEnded c -> rare.add(sql -> SessionTable.end(sql, c.hash()));
      case Change.Audited c -> audit(c.text());
    }
  }

  private void audit(String text) {
    if (audited.isEmpty()) {
      rare.add(sql -> AuditTable.appendTogether(sql, audited));
    }
    audited.add(text);
  }

  private void create(RunRow run) {
    if (created.put(run.number(), new Created(run, events.size())) != null) {
      throw new StoreException(Code.CONFLICT, "the run " + run.id() + " is created twice");
    }
  }

  private void progress(long run, RunRow.Progress progress) {
    Created here = created.get(run);
    if (here == null) {
      progressed.put(run, progress);
    } else {
      created.put(run, new Created(here.run.with(progress), here.eventsBefore));
    }
  }

  private void closeIncidents(long run) {
    incidentsClosed.add(run);
    incidents.replaceAll(
        opened -> opened.incident.run() == run ? new Opened(opened.incident, false) : opened);
  }

  /// Whether other nodes may have to do something now.
  boolean concernsOthers() {
    return redeployed || !events.isEmpty() || !asks.isEmpty();
  }

  /// Every run that gets a row in a partition.
  Set<Long> runs() {
    var runs = new HashSet<>(created.keySet());
    frames.forEach(frame -> runs.add(frame.run()));
    taken.forEach(one -> runs.add(one.run()));
    attributes.keySet().forEach(key -> runs.add(key.run));
    incidents.forEach(opened -> runs.add(opened.incident.run()));
    return runs;
  }

  /// Whether an index over one week cannot tell that another node takes the same id just now.
  boolean choosesIdsAtTheTurn() {
    return created.keySet().stream().anyMatch(Periods::isTurn) && !chosenIds().isEmpty();
  }

  /// Ids that somebody has chosen: only these can be there already.
  List<String> chosenIds() {
    return created.values().stream()
        .map(Created::run)
        .filter(run -> !run.id().equals(RunNumbers.id(run.number())))
        .map(RunRow::id)
        .toList();
  }
}
