package dev.skein.runtime;

import dev.skein.interpreter.CloudEvents;
import dev.skein.interpreter.Json;
import dev.skein.kernel.Clock;
import dev.skein.kernel.Engine;
import dev.skein.kernel.EngineOptions;
import dev.skein.kernel.WakeReason;
import dev.skein.kernel.Watcher;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import dev.skein.runtime.access.Access;
import dev.skein.runtime.endpoint.Endpoints;
import dev.skein.runtime.schedule.Schedules;
import dev.skein.runtime.settings.AlertSettings;
import dev.skein.runtime.settings.Settings;
import dev.skein.runtime.telemetry.Telemetry;
import dev.skein.runtime.view.RunView;
import dev.skein.runtime.view.TaskView;
import dev.skein.supervision.alert.Alerts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Skein inside a program: opens a data directory, runs workflows durably in it, and hands the runs
/// in flight back to it when closed. Thread-safe.
public final class Skein implements AutoCloseable {
  private static final String JAVA_NAMESPACE = "java";
  private static final String JAVA_VERSION = "1.0.0";

  private final JsonMapper mapper = JsonMapper.builder().build();
  private final Clock clock;
  private final HttpCalls http;
  private final GrpcCalls grpc;
  private final ProcessCalls processes = new ProcessCalls();
  private final SecretFiles secrets;
  private final Store store;
  private final Definitions definitions;
  private final Engine engine;
  private final Looking looking;
  private final Nodes nodes;
  private final Live live;
  private final Acting acting;
  private final Access access;
  private final Schedules schedules;
  private final Timetable timetable;
  private final Deployments deployments;
  private final Starts starts;
  private final Telemetry telemetry;
  private final Alerts alerts;
  private final Overview overview;

  private Skein(
      Store store, Location in, EngineOptions options, Settings settings, Outside outside) {
    this.store = store;
    this.clock = outside.clock();
    this.secrets = new SecretFiles(in.data(), System.getenv());
    this.telemetry = Telemetry.of(settings.telemetry(), store, secrets);
    this.http =
        new HttpCalls(
            settings, secrets, outside, new HttpCalls.Reach(in.places(), telemetry.traces()));
    this.grpc = new GrpcCalls(http);
    var calls = new Definitions.Calls(http, grpc, new OpenApiCalls(http), processes);
    this.definitions = new Definitions(store, calls, secrets);
    this.looking = new Looking(store);
    AlertSettings wanted = settings.alerts();
    this.alerts =
        new Alerts(
            new Alerts.Means(this::engine, store, clock),
            new Alerts.Plan(wanted.rules(), wanted.every()));
    var notifier = new Notifications(http, processes, secrets, this::startUnder, wanted.mail());
    alerts.workflows(notifier).forEach(definitions::register);
    this.engine = new Engine(store, clock, definitions, options);
    this.nodes = new Nodes(engine, store, clock.now());
    this.live = new Live(engine, store, clock);
    telemetry.begin(live::add);
    this.acting = new Acting(engine, store, this::start);
    this.access = new Access(engine, store, clock);
    this.starts = new Starts(engine, definitions, access.audit(), mapper);
    var sources = new Schedules.Sources(definitions::definition, Definitions.JQ);
    this.schedules = new Schedules(engine, store, clock, sources);
    this.timetable = new Timetable(looking, schedules);
    this.deployments = new Deployments(store, definitions, engine, schedules);
    var pulse = new Pulse(clock::now);
    this.overview =
        new Overview(engine, new Overview.Rooms(looking, acting, nodes, timetable, http), pulse);
    if (!wanted.rules().isEmpty()) {
      live.add(pulse);
    }
  }

  private Engine engine() {
    return engine;
  }

  private void startUnder(String workflow, JsonNode input, String id) {
    var _ = start(workflow, input, id);
  }

  /// Opens, or makes, the data directory, goes on with every run that was not at an end, and starts
  /// those that are scheduled.
  ///
  /// @throws dev.skein.kernel.store.StoreException `IN_USE` if another process holds it
  public static Skein open(Path data) {
    return open(data, EngineOptions.DEFAULT);
  }

  public static Skein open(Path data, EngineOptions options) {
    return open(data, options, Settings.NONE);
  }

  /// @param settings of the project
  public static Skein open(Path data, EngineOptions options, Settings settings) {
    return open(Location.in(data), options, settings);
  }

  /// The same with a store that may be elsewhere than in the data directory.
  public static Skein open(Location location, EngineOptions options, Settings settings) {
    Skein skein = open(location, options, settings, UnaryOperator.identity(), Outside::real);
    skein.begin();
    return skein;
  }

  /// Looks after schedules and alerts from now on.
  public void begin() {
    schedules.begin();
    alerts.begin(overview, nodes.self(), nodes::living);
  }

  /// Opens it for a moment, to do one thing: nobody looks after schedules and alerts.
  public static Skein visit(Location location, Settings settings) {
    return open(location, EngineOptions.DEFAULT, settings, UnaryOperator.identity(), Outside::real);
  }

  /// The same with something between the engine and its store.
  static Skein open(
      Path data, EngineOptions options, Settings settings, UnaryOperator<Store> around) {
    return open(Location.in(data), options, settings, around, Outside::real);
  }

  /// Opens it for tests: in a time and among systems of their own, and something between the engine
  /// and its store. Nobody looks after schedules and alerts before [#begin].
  public static Skein open(
      Location location,
      EngineOptions options,
      Settings settings,
      UnaryOperator<Store> around,
      Outside outside) {
    return open(location, options, settings, around, _ -> outside);
  }

  private static Skein open(
      Location location,
      EngineOptions options,
      Settings settings,
      UnaryOperator<Store> around,
      Function<Store, Outside> outside) {
    Store store = location.open();
    try {
      return new Skein(around.apply(store), location, options, settings, outside.apply(store));
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /// Deploys a workflow of the language and returns what it is called. What it refers to outside of
  /// itself is fetched now, and kept: its runs use that. The same again changes nothing. If it is
  /// the newest version, its schedule takes the place of the one before.
  ///
  /// @throws InvalidDefinition with everything that is wrong
  /// @throws SkeinException `VERSION_EXISTS` if that version, or what it refers to, has another
  ///   content; `ENDPOINT_TAKEN` if another workflow is published where it would be
  public WorkflowRef deploy(String yaml) {
    return deploy(yaml, null, false, true);
  }

  /// The same for a workflow that came in a file, and may refer to others relative to it.
  public WorkflowRef deploy(String yaml, Path file) {
    return deploy(yaml, file, false, true);
  }

  /// The same, for development: a version that has other content is replaced.
  public WorkflowRef deployOrReplace(String yaml) {
    return deploy(yaml, null, true, true);
  }

  public WorkflowRef deployOrReplace(String yaml, Path file) {
    return deploy(yaml, file, true, true);
  }

  /// Keeps a workflow to be started by hand, like [#deployOrReplace] but for its schedule.
  public WorkflowRef keep(String yaml, Path file) {
    return deploy(yaml, file, true, false);
  }

  private WorkflowRef deploy(String yaml, @Nullable Path file, boolean replace, boolean schedule) {
    var by = new Definitions.Fetching(secrets, http.policies(), clock.now());
    Definitions.Fetched fetched = Definitions.fetched(yaml, file, by);
    var how = new Deployments.How(replace, schedule);
    return deployments.deploy(fetched, fetched.stored(yaml, clock.now()), how);
  }

  /// Where workflows are called by HTTP, as they are deployed now.
  public Endpoints endpoints() {
    return deployments.endpoints();
  }

  /// What the server and those who call it share; null if there is no such secret.
  public @Nullable JsonNode secret(String name) {
    return secrets.secret(name);
  }

  /// When deployed workflows start by themselves.
  public Timetable timetable() {
    return timetable;
  }

  /// Registers a workflow written in Java under a name. Runs of it that were not at an end go on
  /// now.
  public <I extends @Nullable Object> WorkflowRef register(
      String name, Class<I> inputType, JavaWorkflow<I> workflow) {
    return register(
        new WorkflowRef(JAVA_NAMESPACE, name, JAVA_VERSION),
        (context, input) ->
            Payload.of(
                mapper.writeValueAsBytes(
                    workflow.run(
                        new WorkflowContext(context, mapper),
                        mapper.readValue(input.bytes(), inputType)))));
  }

  /// Registers a workflow of the kernel.
  public WorkflowRef register(WorkflowRef ref, Workflow workflow) {
    definitions.register(ref, workflow);
    engine.registered(ref);
    return ref;
  }

  /// Starts the newest version of a workflow; when this returns the run is durable.
  ///
  /// @param name of the workflow, with its namespace (`shop/checkout`) and version
  ///   (`shop/checkout:1.0.0`) where needed
  /// @param input anything Jackson can write as JSON
  /// @return the run's id
  public String start(String name, @Nullable Object input) {
    return start(newest(name), input, null).id();
  }

  /// The same under an id of the caller's; starting that id again returns the run there is.
  public String start(String name, @Nullable Object input, String id) {
    return start(newest(name), input, id).id();
  }

  public RunRow start(WorkflowRef workflow, @Nullable Object input, @Nullable String id) {
    return start(new Begin(workflow, input, id, null, Map.of()));
  }

  public RunRow start(Begin begin) {
    return starts.start(begin);
  }

  /// The newest version of a workflow; null if there is none.
  ///
  /// @param name with its namespace, `shop/checkout`
  public @Nullable WorkflowRef find(String name) {
    return definitions.newest(name);
  }

  private WorkflowRef newest(String name) {
    WorkflowRef ref = definitions.newest(name);
    if (ref == null) {
      throw new SkeinException(
          SkeinException.Code.NO_SUCH_WORKFLOW,
          "there is no workflow '" + name + "'; deploy or register it first");
    }
    return ref;
  }

  /// Waits until the run has ended and returns it; null if it has not ended in time.
  ///
  /// @throws dev.skein.kernel.IncidentException if it stops and needs somebody
  public @Nullable RunView await(String id, Duration patience) throws InterruptedException {
    RunRow row = engine.await(id, patience);
    return row == null ? null : looking.run(row.id());
  }

  /// The output of a completed run as a Java value.
  ///
  /// @throws IllegalStateException if the run did not complete
  public <T> T result(RunView run, Class<T> type) {
    JsonNode output = run.output();
    if (output == null) {
      throw new IllegalStateException(
          "run " + run.id() + " is " + run.status() + ": " + run.error());
    }
    return mapper.treeToValue(output, type);
  }

  /// Sends a signal to a run; it is durable when this returns, and taken once.
  public void signal(String id, String name, @Nullable Object payload) {
    String event = UUID.randomUUID().toString();
    engine.signal(id, CloudEvents.signal(event, name, mapper.valueToTree(payload), clock.now()));
  }

  /// Publishes an event to all runs that listen; it is durable when this returns. The same source
  /// and id again counts for nothing.
  ///
  /// @param event a CloudEvent in its JSON form, with `id`, `source` and `type`
  /// @throws IllegalArgumentException if it is none
  public void publish(JsonNode event) {
    publish(List.of(event));
  }

  /// The same for several, all or none.
  public void publish(List<JsonNode> events) {
    engine.publish(events.stream().map(e -> CloudEvents.checked(e, clock.now())).toList());
  }

  /// Hears from now on what happens to runs and tasks: the CloudEvents that the specification of
  /// the language lists, in order, each at least once. On a thread that others wait for: be quick.
  public void subscribe(Consumer<JsonNode> subscriber) {
    definitions.demand().all();
    engine.onEvent(event -> {
      if (event.type().startsWith(CloudEvents.LIFECYCLE)) {
        subscriber.accept(Json.json(event.payload()));
      }
    });
  }

  /// Asks a run to stop and to undo what it has done.
  public void cancel(String id, String reason) {
    engine.cancel(id, reason);
  }

  /// Holds a run until it is resumed; steps under way finish.
  public void suspend(String id, String reason) {
    engine.suspend(id, reason);
  }

  public void resume(String id) {
    engine.resume(id);
  }

  /// Everything there is to look at.
  public Looking look() {
    return looking;
  }

  /// The newest runs first.
  public List<RunRow> list(RunFilter filter) {
    return looking.list(filter);
  }

  public RunView run(String id) {
    return looking.run(id);
  }

  public List<TaskView> tasks(String id) {
    return looking.tasks(id);
  }

  /// Why an open run waits.
  public List<WakeReason> why(String id) {
    RunRow row = engine.row(id);
    List<WakeReason> live = engine.waitingFor(row.number());
    return live.isEmpty() ? WakeReason.decode(row.progress().wake()) : live;
  }

  /// Shows each entry as it becomes durable, on the committing thread: be quick.
  public void watch(Watcher watcher) {
    live.add(watcher);
  }

  /// What operators do to runs that need them.
  public Acting act() {
    return acting;
  }

  /// Who may come in, and what was done.
  public Access access() {
    return access;
  }

  /// What happens to runs, as it happens.
  public Live live() {
    return live;
  }

  /// The processes that share its store.
  public Nodes nodes() {
    return nodes;
  }

  /// When somebody is told of how everything is.
  public Alerts alerts() {
    return alerts;
  }

  /// How everything is, as alerts see it.
  public Overview overview() {
    return overview;
  }

  /// What is told of runs to other systems.
  public Telemetry telemetry() {
    return telemetry;
  }

  /// Whether its store has failed: nothing more becomes durable until it is opened again.
  public boolean failed() {
    return engine.failed();
  }

  /// Waits until every run in memory only waits; false if that took longer.
  public boolean awaitQuiet(Duration patience) throws InterruptedException {
    return engine.awaitQuiet(patience);
  }

  @Override
  public void close() {
    alerts.close();
    schedules.close();
    engine.close();
    grpc.close();
    telemetry.close();
    http.close();
    processes.close();
    clock.close();
    store.close();
  }
}
