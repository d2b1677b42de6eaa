package dev.skein.runtime;

import dev.skein.kernel.Engine;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Change;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoredDefinition;
import dev.skein.model.ApiOperation;
import dev.skein.model.Definition;
import dev.skein.runtime.endpoint.Endpoint;
import dev.skein.runtime.endpoint.Endpoints;
import dev.skein.runtime.schedule.Schedules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts workflows into the store, one after the other, with their schedules and endpoints.
/// Thread-safe.
final class Deployments {
  private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

  private final Store store;
  private final Definitions definitions;
  private final Engine engine;
  private final Schedules schedules;

  /// Null until somebody asks; written under this object's lock.
  private volatile @Nullable Endpoints endpoints;

  Deployments(Store store, Definitions definitions, Engine engine, Schedules schedules) {
    this.store = store;
    this.definitions = definitions;
    this.engine = engine;
    this.schedules = schedules;
    engine.onRedeployed(this::readAgain);
  }

  /// @param replace whether a version that has other content is replaced
  /// @param schedule whether its schedule takes the place of the one before
  record How(boolean replace, boolean schedule) {}

  synchronized WorkflowRef deploy(Definitions.Fetched fetched, StoredDefinition wanted, How how) {
    Definition definition = fetched.definition();
    WorkflowRef ref = wanted.workflow();
    StoredDefinition existing = store.definition(ref);
    boolean same = existing != null && existing.sameAs(wanted);
    if (existing != null && !same && !how.replace) {
      throw Definitions.conflict(existing, wanted);
    }
    var changes = new ArrayList<Change>();
    if (!same) {
      refuseTaken(wanted, definition);
      fetched
          .contents()
          .forEach((hash, content) -> changes.add(new Change.BlobSaved(hash, content)));
      changes.add(new Change.DefinitionSaved(wanted));
    }
    if (how.schedule && definitions.isNewest(ref) && !(same && schedules.has(ref))) {
      schedules.deploy(ref, definition, more -> save(ref, changes, more));
    } else {
      save(ref, changes, List.of());
    }
    return ref;
  }

  private void save(WorkflowRef ref, List<Change> definition, List<Change> schedule) {
    var all = new ArrayList<>(definition);
    all.addAll(schedule);
    if (!all.isEmpty()) {
      all.add(new Change.Redeployed());
      engine.commit(all);
    }
    if (!definition.isEmpty()) {
      endpoints = null;
      definitions.forget(ref);
      engine.registered(ref);
    }
  }

  /// Another node has deployed something.
  private void readAgain() {
    endpoints = null;
    for (StoredDefinition stored : store.definitions()) {
      definitions.noteDemand(stored);
      engine.registered(stored.workflow());
    }
  }

  /// All endpoints as they are now.
  Endpoints endpoints() {
    Endpoints known = endpoints;
    return known == null ? read() : known;
  }

  private synchronized Endpoints read() {
    Endpoints fresh = Endpoints.of(deployed(), Versions::compare);
    for (Endpoints.Clash clash : fresh.clashes()) {
      LOG.warn("{}", taken(clash, clash.refused().workflow()));
    }
    endpoints = fresh;
    return fresh;
  }

  private List<Endpoints.Deployed> deployed() {
    var deployed = new ArrayList<Endpoints.Deployed>();
    for (StoredDefinition stored : store.definitions()) {
      Definition definition = mayBePublished(stored) ? readable(stored.workflow()) : null;
      deployed.add(deployed(stored, definition));
    }
    return deployed;
  }

  /// Reading all workflows would take long where there are many.
  private static boolean mayBePublished(StoredDefinition stored) {
    return stored.source().contains("skein") && stored.source().contains("api");
  }

  private @Nullable Definition readable(WorkflowRef ref) {
    try {
      return definitions.definition(ref);
    } catch (InvalidDefinition e) {
      LOG.warn("{} cannot be read any more and is not published: {}", ref, e.getMessage());
      return null;
    }
  }

  private static Endpoints.Deployed deployed(
      StoredDefinition stored, @Nullable Definition definition) {
    ApiOperation operation = definition == null ? null : definition.api();
    Endpoint.Published published =
        definition == null || operation == null
            ? null
            : new Endpoint.Published(stored.workflow(), definition, operation, stored.deployedAt());
    return new Endpoints.Deployed(stored.workflow(), stored.deployedAt(), published);
  }

  private void refuseTaken(StoredDefinition wanted, Definition definition) {
    if (definition.api() == null) {
      return;
    }
    WorkflowRef ref = wanted.workflow();
    List<Endpoints.Deployed> all = deployed();
    all.removeIf(one -> one.workflow().equals(ref));
    all.add(deployed(wanted, definition));
    for (Endpoints.Clash clash : Endpoints.of(all, Versions::compare).clashes()) {
      if (clash.isAbout(ref)) {
        throw new SkeinException(SkeinException.Code.ENDPOINT_TAKEN, taken(clash, ref));
      }
    }
  }

  private static String taken(Endpoints.Clash clash, WorkflowRef late) {
    Endpoint other = clash.other(late);
    return "%s is published at %s already, where %s would be; give one of them another path"
        .formatted(other.workflow(), other, late);
  }
}
