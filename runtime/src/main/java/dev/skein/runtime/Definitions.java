package dev.skein.runtime;

import dev.skein.interpreter.HttpPort;
import dev.skein.interpreter.YamlWorkflow;
import dev.skein.interpreter.expression.ExpressionException;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoredDefinition;
import dev.skein.model.Definition;
import dev.skein.model.ExpressionSyntax;
import dev.skein.model.Reader;
import dev.skein.model.Reading;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The workflows that can be run here: those registered in Java, and those deployed to the store.
/// Thread-safe.
final class Definitions {
  private static final Jq JQ = new Jq(Limits.defaults());

  private final Store store;
  private final HttpPort http;
  private final Map<WorkflowRef, Workflow> workflows = new ConcurrentHashMap<>();

  Definitions(Store store, HttpPort http) {
    this.store = store;
    this.http = http;
  }

  /// @throws InvalidDefinition with everything that is wrong
  static Definition read(String text) {
    return switch (new Reader(Definitions::check).read(text)) {
      case Reading.Read read -> read.definition();
      case Reading.Refused refused -> throw new InvalidDefinition(refused.diagnostics());
    };
  }

  private static ExpressionSyntax.@Nullable SyntaxError check(String expression) {
    try {
      JQ.compile(expression);
      return null;
    } catch (ExpressionException e) {
      return new ExpressionSyntax.SyntaxError(String.valueOf(e.getMessage()), e.offset());
    }
  }

  static WorkflowRef ref(Definition definition) {
    return new WorkflowRef(
        definition.document().namespace(),
        definition.document().name(),
        definition.document().version());
  }

  void register(WorkflowRef ref, Workflow workflow) {
    workflows.put(ref, workflow);
  }

  /// The stored definition has changed.
  void forget(WorkflowRef ref) {
    workflows.remove(ref);
  }

  @Nullable Workflow find(WorkflowRef ref) {
    Workflow known = workflows.get(ref);
    if (known != null) {
      return known;
    }
    StoredDefinition stored = store.definition(ref);
    return stored == null
        ? null
        : workflows.computeIfAbsent(ref, _ -> new YamlWorkflow(read(stored.source()), JQ, http));
  }

  /// The newest deployed, or registered, version of a name; the name may have a namespace before it
  /// and a version behind.
  @Nullable WorkflowRef newest(String name) {
    WorkflowRef best = null;
    for (WorkflowRef ref : workflows.keySet()) {
      best = newer(best, ref, name);
    }
    for (StoredDefinition stored : store.definitions()) {
      best = newer(best, stored.workflow(), name);
    }
    return best;
  }

  private static @Nullable WorkflowRef newer(
      @Nullable WorkflowRef best, WorkflowRef candidate, String name) {
    boolean named =
        name.equals(candidate.name())
            || name.equals(candidate.namespace() + "/" + candidate.name())
            || name.equals(candidate.toString());
    if (!named) {
      return best;
    }
    return best == null || Versions.compare(candidate.version(), best.version()) > 0
        ? candidate
        : best;
  }
}
