package dev.skein.runtime;

import dev.skein.interpreter.EventConditions;
import dev.skein.interpreter.HttpPort;
import dev.skein.interpreter.Ports;
import dev.skein.interpreter.ProcessPort;
import dev.skein.interpreter.SecretSource;
import dev.skein.interpreter.YamlWorkflow;
import dev.skein.interpreter.expression.ExpressionException;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.kernel.Herald;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.Workflows;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoredDefinition;
import dev.skein.model.Definition;
import dev.skein.model.ExpressionSyntax;
import dev.skein.model.ListenTask;
import dev.skein.model.Reader;
import dev.skein.model.Reading;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The workflows that can be run here: those registered in Java, and those deployed to the store.
/// Thread-safe.
final class Definitions implements Workflows {
  static final Jq JQ = new Jq(Limits.defaults());

  private final Store store;
  private final Ports ports;
  private final EventConditions conditions = new EventConditions(JQ);
  private final Map<WorkflowRef, Workflow> workflows = new ConcurrentHashMap<>();
  private final Map<WorkflowRef, Set<String>> listening = new ConcurrentHashMap<>();
  private final Demand demand = new Demand();
  private final Herald herald;

  Definitions(Store store, HttpPort http, ProcessPort processes, SecretSource secrets) {
    this.store = store;
    this.ports =
        new Ports(http, processes, secrets, (namespace, name) -> newest(namespace + "/" + name));
    this.herald = new Lifecycle(store, demand, this::isListen);
    for (StoredDefinition stored : store.definitions()) {
      if (Demand.mayBeIn(stored.source())) {
        var _ = find(stored.workflow());
      }
    }
  }

  @Override
  public Herald herald() {
    return herald;
  }

  /// Which events about runs are wanted.
  Demand demand() {
    return demand;
  }

  private boolean isListen(WorkflowRef ref, String reference) {
    return listening.computeIfAbsent(ref, this::listens).contains(reference);
  }

  private Set<String> listens(WorkflowRef ref) {
    Set<String> references = new HashSet<>();
    if (find(ref) instanceof YamlWorkflow yaml) {
      yaml.definition()
          .everyTask(task -> {
            if (task instanceof ListenTask) {
              references.add(task.reference());
            }
          });
    }
    return references;
  }

  /// @throws InvalidDefinition with everything that is wrong
  static Definition read(String text) {
    return switch (reading(text)) {
      case Reading.Read read -> read.definition();
      case Reading.Refused refused -> throw new InvalidDefinition(refused.diagnostics());
    };
  }

  static Reading reading(String text) {
    return new Reader(Definitions::check).read(text);
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
    listening.remove(ref);
  }

  @Override
  public boolean passes(Payload condition, Payload event) {
    return conditions.passes(condition, event);
  }

  @Override
  public @Nullable Workflow find(WorkflowRef ref) {
    Workflow known = workflows.get(ref);
    if (known != null) {
      return known;
    }
    StoredDefinition stored = store.definition(ref);
    return stored == null
        ? null
        : workflows.computeIfAbsent(ref, _ -> workflow(read(stored.source())));
  }

  private Workflow workflow(Definition definition) {
    demand.of(definition);
    return new YamlWorkflow(definition, JQ, ports);
  }

  /// How soon the runs of a workflow come, from 1 (first) to 5, if they are started without that.
  int priority(WorkflowRef ref) {
    return find(ref) instanceof YamlWorkflow yaml ? yaml.definition().priority() : 3;
  }

  /// A deployed workflow of the language.
  ///
  /// @throws IllegalStateException if there is none
  Definition definition(WorkflowRef ref) {
    if (find(ref) instanceof YamlWorkflow yaml) {
      return yaml.definition();
    }
    throw new IllegalStateException(ref + " is not deployed");
  }

  /// Whether no higher version of this workflow is there.
  boolean isNewest(WorkflowRef ref) {
    WorkflowRef newest = newest(ref.qualifiedName());
    return newest == null || Versions.compare(ref.version(), newest.version()) >= 0;
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
