package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skein.kernel.journal.EntryCodec;
import dev.skein.kernel.journal.JournalException;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.AuditEntry;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Event;
import dev.skein.kernel.store.Incident;
import dev.skein.kernel.store.Listener;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.Store.Due;
import dev.skein.kernel.store.StoreException;
import dev.skein.kernel.store.StoredDefinition;
import dev.skein.kernel.store.StoredKey;
import dev.skein.kernel.store.StoredSchedule;
import dev.skein.kernel.store.StoredSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every store must do; each adapter's test inherits it.
public abstract class StoreContract {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00.000001Z");
  private static final WorkflowRef WORKFLOW = new WorkflowRef("shop", "checkout", "1.0.0");

  /// A store as it was left by the method before, or a new one.
  protected abstract Store store();

  private static RunRow run(long number, RunStatus status) {
    var wakeAt = status == RunStatus.WAITING ? AT.plusSeconds(number) : null;
    var progress = new RunRow.Progress(status, null, wakeAt, "why", 0);
    return new RunRow(number, "run-" + number, WORKFLOW, AT, 3, null, progress);
  }

  @Test
  void findsRunsByIdAndNumberAsTheyWereSaved() {
    RunRow run = run(7, RunStatus.WAITING);
    store().commit(List.of(new Change.RunCreated(run)));
    assertThat(store().run("run-7")).isEqualTo(run);
    assertThat(store().run(7)).isEqualTo(run);
    assertThat(store().run("nobody")).isNull();
    assertThat(store().run(8)).isNull();
    var ended = new RunRow.Progress(RunStatus.COMPLETED, AT.plusSeconds(9), null, "", 4);
    store().commit(List.of(new Change.RunProgressed(7, ended)));
    assertThat(store().run(7)).isEqualTo(run.with(ended));
  }

  @Test
  void movesARunToAnotherVersionOfItsWorkflow() {
    RunRow run = run(7, RunStatus.SUSPENDED);
    store().commit(List.of(new Change.RunCreated(run)));
    var next = new WorkflowRef(WORKFLOW.namespace(), WORKFLOW.name(), "2.0.0");
    store()
        .commit(List.of(new Change.RunMoved(7, next), new Change.RunProgressed(7, run.progress())));
    assertThat(store().run("run-7")).isEqualTo(run.of(next));
  }

  @Test
  void listsTheNewestFirstPageByPage() {
    for (long n = 1; n <= 5; n++) {
      RunStatus status = n % 2 == 0 ? RunStatus.COMPLETED : RunStatus.RUNNING;
      store().commit(List.of(new Change.RunCreated(run(n, status))));
    }
    assertThat(store().runs(RunFilter.newest(2)))
        .extracting(RunRow::number)
        .containsExactly(5L, 4L);
    var next = new RunFilter(Set.of(), "checkout", 4L, 10);
    assertThat(store().runs(next)).extracting(RunRow::number).containsExactly(3L, 2L, 1L);
    var completed = new RunFilter(Set.of(RunStatus.COMPLETED), null, null, 10);
    assertThat(store().runs(completed)).extracting(RunRow::number).containsExactly(4L, 2L);
    assertThat(store().runs(new RunFilter(Set.of(), "other", null, 10))).isEmpty();
    assertThat(store().interrupted(1, 10)).extracting(RunRow::number).containsExactly(3L, 5L);
  }

  @Test
  void findsByEachFilterWhatAWalkThroughAllRunsFinds() {
    new SearchedRuns(store()).findWhatAWalkFinds();
  }

  @Test
  void keepsFramesInOrderAndEachOfThemOnce() {
    for (int sequence = 1; sequence <= 3; sequence++) {
      store().commit(List.of(frame(1, sequence), frame(2, sequence)));
    }
    assertThat(store().frames(1, 2, 10))
        .containsExactly(Payload.of("frame 2 of 1"), Payload.of("frame 3 of 1"));
    assertThat(store().frames(2, 1, 2)).hasSize(2);
    assertThat(store().frames(3, 1, 10)).isEmpty();
    assertThatThrownBy(() -> store().commit(List.of(frame(1, 3))))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.code()).isEqualTo(StoreException.Code.CONFLICT));
    assertThat(store().frames(1, 1, 10)).hasSize(3);
  }

  private static Change frame(long run, int sequence) {
    return new Change.FrameAppended(run, sequence, Payload.of("frame " + sequence + " of " + run));
  }

  @Test
  void tellsWhatIsDueInOrder() {
    for (long n : new long[] {3, 1, 2}) {
      store().commit(List.of(new Change.RunCreated(run(n, RunStatus.WAITING))));
    }
    var beginning = new Due(Instant.EPOCH, 0);
    assertThat(store().due(beginning, AT.plusSeconds(2), 10))
        .containsExactly(new Due(AT.plusSeconds(1), 1), new Due(AT.plusSeconds(2), 2));
    assertThat(store().due(beginning, AT.plusSeconds(9), 1)).hasSize(1);
    assertThat(store().due(new Due(AT.plusSeconds(2), 2), AT.plusSeconds(9), 10))
        .containsExactly(new Due(AT.plusSeconds(3), 3));
  }

  private static Event event(@Nullable Long run, String id, String type) {
    return new Event(0, run, "source", id, type, Payload.of(id), AT);
  }

  private static Change published(@Nullable Long run, String id, String type) {
    return new Change.EventPublished(event(run, id, type));
  }

  private List<String> eventsFor(long run, @Nullable String type, long after) {
    return store().eventsFor(run, type, after, 10).stream().map(Event::id).toList();
  }

  @Test
  void givesARunTheEventsSentToItAndThosePublishedSinceItWasCreated() {
    store().commit(List.of(published(null, "before", "a"), published(1L, "early", "a")));
    store().commit(List.of(new Change.RunCreated(run(1, RunStatus.RUNNING))));
    store().commit(List.of(published(null, "x", "a"), published(2L, "other's", "a")));
    store().commit(List.of(published(1L, "mine", "b"), published(null, "y", "b")));
    assertThat(eventsFor(1, null, 0)).containsExactly("early", "x", "mine", "y");
    assertThat(eventsFor(1, "a", 0)).containsExactly("early", "x");
    long first = store().eventsFor(1, "b", 0, 1).getFirst().number();
    assertThat(eventsFor(1, "b", first)).containsExactly("y");
    store().commit(List.of(new Change.EventTaken(1, first)));
    assertThat(eventsFor(1, "b", 0)).containsExactly("y");
    assertThat(store().takers(first, 10)).containsExactly(run(1, RunStatus.RUNNING).id());
    assertThat(store().takers(store().lastEvent(), 10)).isEmpty();
    Event last = store().events(store().lastEvent() - 1, 10).getFirst();
    assertThat(last).isEqualTo(event(null, "y", "b").numbered(store().lastEvent()));
  }

  @Test
  void tellsTheHighestNumberOfRunsAndIncidents() {
    assertThat(store().lastNumber()).isZero();
    store().commit(List.of(new Change.RunCreated(run(7, RunStatus.RUNNING))));
    assertThat(store().lastNumber()).isEqualTo(7);
    var incident = new Incident(9, 7, "stuck", "it does not go on", "{}", AT);
    store().commit(List.of(new Change.IncidentOpened(incident)));
    assertThat(store().lastNumber()).isEqualTo(9);
  }

  @Test
  void keepsAnEventThatIsPublishedTwiceOnce() {
    store().commit(List.of(published(null, "x", "a"), published(null, "x", "a")));
    store().commit(List.of(published(null, "x", "b")));
    assertThat(store().events(0, 10)).extracting(Event::type).containsExactly("a");
  }

  @Test
  void findsWhoMustComeBackForAnEvent() {
    store().commit(List.of(new Change.RunCreated(run(1, RunStatus.WAITING))));
    store().commit(List.of(new Change.RunCreated(run(2, RunStatus.WAITING))));
    var typed = new Listener(1, "a", Payload.of("{}"), 0);
    var any = new Listener(2, null, Payload.EMPTY, 0);
    store().commit(List.of(new Change.ListenersSet(1, List.of(typed))));
    store().commit(List.of(new Change.ListenersSet(2, List.of(any))));
    assertThat(store().listeners("a", null)).containsExactlyInAnyOrder(typed, any);
    assertThat(store().listeners("b", null)).containsExactly(any);
    assertThat(store().listeners("a", 1L)).containsExactly(typed);
    assertThat(store().runsWithEvents(0, 10)).isEmpty();
    store().commit(List.of(published(null, "x", "b")));
    assertThat(store().runsWithEvents(0, 10)).containsExactly(2L);
    store().commit(List.of(published(1L, "y", "a")));
    assertThat(store().runsWithEvents(0, 10)).containsExactly(1L, 2L);
    store().commit(List.of(new Change.ListenersSet(1, List.of())));
    assertThat(store().listeners("a", null)).containsExactly(any);
    var seen = new Listener(2, null, Payload.EMPTY, store().lastEvent());
    store().commit(List.of(new Change.ListenersSet(2, List.of(seen))));
    assertThat(store().runsWithEvents(0, 10)).isEmpty();
  }

  @Test
  void knowsTheChildrenOfARunAndThoseItsEndHasOrphaned() {
    store().commit(List.of(new Change.RunCreated(run(1, RunStatus.RUNNING))));
    RunRow kept = child(2, false);
    RunRow abandoned = child(3, true);
    store().commit(List.of(new Change.RunCreated(kept), new Change.RunCreated(abandoned)));
    assertThat(store().children(1)).containsExactly(kept, abandoned);
    assertThat(store().orphans(0, 10)).isEmpty();
    var ended = new RunRow.Progress(RunStatus.COMPLETED, AT, null, "", 0);
    store().commit(List.of(new Change.RunProgressed(1, ended)));
    assertThat(store().orphans(0, 10)).containsExactly(kept);
    store().commit(List.of(new Change.RunProgressed(2, ended)));
    assertThat(store().orphans(0, 10)).isEmpty();
    assertThat(store().children(1)).containsExactly(abandoned);
  }

  private static RunRow child(long number, boolean abandon) {
    RunRow row = run(number, RunStatus.RUNNING);
    var parent = new RunRow.Parent(1, abandon);
    return new RunRow(number, row.id(), WORKFLOW, AT, 3, parent, row.progress());
  }

  @Test
  void keepsBlobsByTheirHash() {
    var content = Payload.of("large");
    String hash = EntryCodec.hash(content);
    store().commit(List.of(new Change.BlobSaved(hash, content)));
    store().commit(List.of(new Change.BlobSaved(hash, content)));
    assertThat(store().read(hash)).isEqualTo(content);
    assertThatThrownBy(() -> store().read("00")).isInstanceOf(JournalException.class);
  }

  @Test
  void keepsIncidentsAttributesAndDefinitions() {
    var incident = new Incident(5, 1, "divergence", "summary", "a\nb", AT);
    var definition = new StoredDefinition(WORKFLOW, "document: {}", Map.of(), AT);
    store()
        .commit(
            List.of(
                new Change.IncidentOpened(incident),
                new Change.AttributesSet(1, Map.of("orderId", "7", "city", "Lisbon")),
                new Change.AttributesSet(1, Map.of("city", "Porto")),
                new Change.DefinitionSaved(definition)));
    assertThat(store().incidents(1)).containsExactly(incident);
    assertThat(store().attributes(1)).isEqualTo(Map.of("orderId", "7", "city", "Porto"));
    assertThat(store().definition(WORKFLOW)).isEqualTo(definition);
    assertThat(store().definitions()).containsExactly(definition);
    store().commit(List.of(new Change.IncidentsClosed(1)));
    assertThat(store().incidents(1)).isEmpty();
  }

  @Test
  void keepsOneScheduleForEachNameWhateverTheVersion() {
    var first = new StoredSchedule(WORKFLOW, AT, AT.plusSeconds(5), 3, null, false, Payload.EMPTY);
    var other =
        new StoredSchedule(
            new WorkflowRef("bank", "audit", "1.0.0"), AT, null, 0, "r-1", true, Payload.of("{}"));
    store().commit(List.of(new Change.ScheduleSaved(first), new Change.ScheduleSaved(other)));
    assertThat(store().schedules()).containsExactly(other, first);
    var newer = new WorkflowRef("shop", "checkout", "2.0.0");
    var second = new StoredSchedule(newer, AT, AT.plusSeconds(9), 4, "r-2", false, Payload.EMPTY);
    store().commit(List.of(new Change.ScheduleSaved(second)));
    store().commit(List.of(new Change.ScheduleRemoved("bank", "audit")));
    assertThat(store().schedules()).containsExactly(second);
  }

  @Test
  void keepsWhatADefinitionIsPinnedToUntilItIsReplaced() {
    var other = new WorkflowRef("shop", "checkout", "2.0.0");
    var first = new StoredDefinition(WORKFLOW, "a", Map.of("a.json", "00", "b.json", "11"), AT);
    var second = new StoredDefinition(other, "b", Map.of("a.json", "22"), AT.plusSeconds(1));
    store().commit(List.of(new Change.DefinitionSaved(first), new Change.DefinitionSaved(second)));
    assertThat(store().definition(WORKFLOW)).isEqualTo(first);
    assertThat(store().definitions()).containsExactly(first, second);
    var replaced = new StoredDefinition(WORKFLOW, "a", Map.of("b.json", "33"), AT.plusSeconds(2));
    store().commit(List.of(new Change.DefinitionSaved(replaced)));
    assertThat(store().definition(WORKFLOW)).isEqualTo(replaced);
    assertThat(store().definition(other)).isEqualTo(second);
  }

  @Test
  void doesAllOfACommitOrNothing() {
    store().commit(List.of(frame(1, 1)));
    var changes = List.<Change>of(new Change.RunCreated(run(9, RunStatus.RUNNING)), frame(1, 1));
    assertThatThrownBy(() -> store().commit(changes)).isInstanceOf(StoreException.class);
    assertThat(store().run(9)).isNull();
    store().commit(List.of(frame(1, 2)));
    assertThat(store().frames(1, 1, 10)).hasSize(2);
  }

  @Test
  void keepsKeysAndNeverTakesARevocationBack() {
    var key = new StoredKey("k1", "ci", "abc", "operator@shop", AT, AT.plusSeconds(60), null, null);
    var other = new StoredKey("k2", "ops", "def", "admin@*", AT.plusSeconds(1), null, null, null);
    store().commit(List.of(new Change.KeySaved(key), new Change.KeySaved(other)));
    assertThat(store().keys()).containsExactly(key, other);
    StoredKey revoked = key.revoked(AT.plusSeconds(5));
    store().commit(List.of(new Change.KeySaved(revoked)));
    store().commit(List.of(new Change.KeySaved(key.used(AT.plusSeconds(9)))));
    assertThat(store().keys()).containsExactly(revoked.used(AT.plusSeconds(9)), other);
  }

  @Test
  void keepsSessionsUntilTheyEnd() {
    var first = new StoredSession("a1", "{\"key\": \"k\"}", AT.plusSeconds(60));
    var second = new StoredSession("b2", "{\"name\": \"ann\"}", AT.plusSeconds(90));
    store().commit(List.of(new Change.SessionBegun(first, AT)));
    store().commit(List.of(new Change.SessionBegun(second, AT.plusSeconds(59))));
    assertThat(store().session("a1")).isEqualTo(first);
    assertThat(store().session("b2")).isEqualTo(second);
    assertThat(store().session("c3")).isNull();
    store().commit(List.of(new Change.SessionEnded("b2")));
    assertThat(store().session("b2")).isNull();
    store().commit(List.of(new Change.SessionBegun(second, AT.plusSeconds(60))));
    assertThat(store().session("a1")).isNull();
  }

  @Test
  void chainsTheAuditLogInTheOrderOfCommits() {
    assertThat(store().audit(0, 10)).isEmpty();
    assertThat(store().auditEnd()).isEqualTo(AuditEntry.NONE);
    store().commit(List.of(new Change.Audited("one"), new Change.Audited("two")));
    store().commit(List.of(new Change.Audited("three")));
    List<AuditEntry> all = store().audit(0, 10);
    assertThat(all).extracting(AuditEntry::text).containsExactly("one", "two", "three");
    AuditEntry before = AuditEntry.NONE;
    for (AuditEntry entry : all) {
      assertThat(entry.follows(before)).isTrue();
      before = entry;
    }
    assertThat(store().audit(1, 1)).containsExactly(all.get(1));
    assertThat(store().auditEnd().hash()).isEqualTo(all.getLast().hash());
    assertThat(store().auditEnd().number()).isEqualTo(3);
  }
}
