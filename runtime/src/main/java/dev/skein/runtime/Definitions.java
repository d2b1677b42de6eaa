package dev.skein.runtime;

import dev.skein.connectors.policy.PolicyBook;
import dev.skein.interpreter.Evaluator;
import dev.skein.interpreter.EventConditions;
import dev.skein.interpreter.GrpcPort;
import dev.skein.interpreter.HttpPort;
import dev.skein.interpreter.OpenApiPort;
import dev.skein.interpreter.Policies;
import dev.skein.interpreter.Ports;
import dev.skein.interpreter.ProcessPort;
import dev.skein.interpreter.Schemas;
import dev.skein.interpreter.SecretSource;
import dev.skein.interpreter.YamlWorkflow;
import dev.skein.interpreter.expression.Jq;
import dev.skein.interpreter.expression.Limits;
import dev.skein.kernel.Herald;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.Workflows;
import dev.skein.kernel.journal.EntryCodec;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.Store;
import dev.skein.kernel.store.StoredDefinition;
import dev.skein.model.Definition;
import dev.skein.model.ExpressionSyntax;
import dev.skein.model.ListenTask;
import dev.skein.model.Reader;
import dev.skein.model.Reading;
import dev.skein.model.Resources;
import dev.skein.runtime.resource.FetchLimits;
import dev.skein.runtime.resource.FetchedResources;
import dev.skein.runtime.resource.PinnedResources;
import dev.skein.runtime.resource.WebAccess;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The workflows that can be run here: those registered in Java, and those deployed to the store.
/// Thread-safe.
final class Definitions implements Workflows {
  static final Jq JQ = new Jq(Limits.defaults());
  private static final ExpressionSyntax SYNTAX = Evaluator.syntax(JQ);

  private final Store store;
  private final Ports ports;
  private final EventConditions conditions = new EventConditions(JQ);
  private final Map<WorkflowRef, Workflow> workflows = new ConcurrentHashMap<>();
  private final Map<WorkflowRef, Set<String>> listening = new ConcurrentHashMap<>();
  private final Demand demand = new Demand();
  private final Herald herald;

  /// How runs reach systems and programs.
  record Calls(HttpPort http, GrpcPort grpc, OpenApiPort openApi, ProcessPort processes) {}

  Definitions(Store store, Calls calls, SecretSource secrets) {
    this.store = store;
    this.ports =
        new Ports(
            calls.http(),
            calls.grpc(),
            calls.openApi(),
            calls.processes(),
            secrets,
            (namespace, name) -> newest(namespace + "/" + name));
    this.herald = new Lifecycle(store, demand, this::isListen);
    store.definitions().forEach(this::noteDemand);
  }

  /// Reads a workflow that may want to hear of what happens to runs.
  void noteDemand(StoredDefinition stored) {
    if (Demand.mayBeIn(stored.source())) {
      var _ = find(stored.workflow());
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
    return accepted(reading(text, Resources.UNREAD));
  }

  private static Definition accepted(Reading reading) {
    return switch (reading) {
      case Reading.Read read -> read.definition();
      case Reading.Refused refused -> throw new InvalidDefinition(refused.diagnostics());
    };
  }

  static Reading reading(String text, Resources resources) {
    return new Reader(SYNTAX, Schemas::mistake, GrpcCalls::judge, OpenApiCalls::judge, resources)
        .read(text);
  }

  /// A workflow that is to be deployed.
  ///
  /// @param resources what it refers to outside of itself, by URI
  record Fetched(Definition definition, Map<String, Payload> resources) {
    StoredDefinition stored(String source, Instant now) {
      var hashes = new HashMap<String, String>();
      resources.forEach((uri, content) -> hashes.put(uri, EntryCodec.hash(content)));
      return new StoredDefinition(ref(definition), source, hashes, now);
    }

    /// By hash.
    Map<String, Payload> contents() {
      var contents = new HashMap<String, Payload>();
      resources.values().forEach(content -> contents.put(EntryCodec.hash(content), content));
      return contents;
    }
  }

  /// That version is deployed, and is another.
  static SkeinException conflict(StoredDefinition existing, StoredDefinition wanted) {
    String changed =
        wanted.resources().entrySet().stream()
            .filter(pin -> !pin.getValue().equals(existing.resources().get(pin.getKey())))
            .map(Map.Entry::getKey)
            .sorted()
            .findFirst()
            .orElse(null);
    boolean sameText = existing.source().equals(wanted.source());
    String what =
        sameText && changed != null ? "with another content of " + changed : "with other content";
    return new SkeinException(
        SkeinException.Code.VERSION_EXISTS,
        "%s is deployed already %s; give the changed workflow a new version"
            .formatted(wanted.workflow(), what));
  }

  /// What it takes to fetch what a workflow refers to.
  record Fetching(SecretSource secrets, PolicyBook policies, Instant now) {
    WebAccess access(Definition definition) {
      var credentials = Policies.atDeployment(definition.use().secrets(), secrets, JQ, now);
      return WebAccess.of(ref(definition).qualifiedName(), credentials, policies);
    }
  }

  /// Reads a workflow, and fetches what it refers to; nothing is fetched for one that is wrong.
  ///
  /// @param file it came in; null for none, which may refer to no files
  /// @throws InvalidDefinition with everything that is wrong
  static Fetched fetched(String text, @Nullable Path file, Fetching by) {
    var asked = new AtomicBoolean();
    Resources unread =
        wanted -> {
          asked.set(true);
          return Resources.UNREAD.find(wanted);
        };
    Definition alone = accepted(reading(text, unread));
    if (!asked.get()) {
      return new Fetched(alone, Map.of());
    }
    try (var resources = new FetchedResources(file, by.access(alone), FetchLimits.DEFAULT)) {
      Definition whole = accepted(reading(text, resources));
      return new Fetched(whole, resources.contents());
    }
  }

  /// A deployed workflow with what it was pinned to, which was judged then.
  private Definition pinned(StoredDefinition stored) {
    var resources =
        new PinnedResources(uri -> {
          String hash = stored.resources().get(uri);
          return hash == null ? null : store.read(hash);
        });
    return accepted(new Reader(SYNTAX, _ -> null, resources).read(stored.source()));
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
    return stored == null ? null : workflows.computeIfAbsent(ref, _ -> workflow(pinned(stored)));
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
