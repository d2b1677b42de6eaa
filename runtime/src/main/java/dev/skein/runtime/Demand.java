package dev.skein.runtime;

import dev.skein.interpreter.CloudEvents;
import dev.skein.interpreter.EventConditions;
import dev.skein.model.Definition;
import dev.skein.model.EventStrategy;
import dev.skein.model.ListenTask;
import dev.skein.model.Schedule;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// Which events about runs and tasks somebody would hear: only those are published. Thread-safe.
final class Demand {
  private final Set<String> types = ConcurrentHashMap.newKeySet();
  private volatile boolean all;

  /// Somebody hears every one of them.
  void all() {
    all = true;
  }

  /// The workflow may be run here: what its tasks listen to, and what starts it, is wanted.
  void of(Definition definition) {
    Schedule schedule = definition.schedule();
    if (schedule != null && schedule.on() != null) {
      of(schedule.on());
    }
    definition.everyTask(task -> {
      if (task instanceof ListenTask listen) {
        of(listen.to());
      }
    });
  }

  private void of(EventStrategy strategy) {
    strategy.everyFilter().forEach(filter -> type(filter.with().path("type")));
  }

  private void type(JsonNode type) {
    if (EventConditions.namesLifecycle(type)) {
      if (EventConditions.isPlain(type.asString())) {
        types.add(type.asString().substring(CloudEvents.LIFECYCLE.length()));
      } else {
        all = true;
      }
    }
  }

  boolean isEmpty() {
    return !all && types.isEmpty();
  }

  /// @param type what follows [CloudEvents#LIFECYCLE]
  boolean includes(String type) {
    return all || types.contains(type);
  }

  /// Whether a definition that is not read yet is worth reading for what it listens to.
  static boolean mayBeIn(String source) {
    return source.contains("serverlessworkflow");
  }
}
