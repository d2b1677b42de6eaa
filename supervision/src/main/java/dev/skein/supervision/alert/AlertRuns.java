package dev.skein.supervision.alert;

import dev.skein.kernel.Engine;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.RunStatus;
import dev.skein.kernel.journal.WorkflowRef;
import dev.skein.kernel.store.RunFilter;
import dev.skein.kernel.store.RunRow;
import dev.skein.kernel.store.Store;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the runs that alerts and silences are. Thread-safe.
final class AlertRuns {
  /// The attribute that says of which rule a run is.
  static final String ALERT = "alert";

  /// The attribute of an alert that does not fire any more.
  static final String OVER = "over";

  private static final int FIRST = 1;
  private static final int MOST = 1_000;
  private static final Set<RunStatus> OPEN = open();

  private final Store store;

  AlertRuns(Store store) {
    this.store = store;
  }

  private static Set<RunStatus> open() {
    var open = EnumSet.allOf(RunStatus.class);
    open.removeIf(RunStatus::ended);
    return open;
  }

  /// @param id null for one made here
  static Engine.Start start(
      WorkflowRef workflow, Payload input, @Nullable String id, Map<String, String> attributes) {
    return new Engine.Start(workflow, input, id, FIRST, attributes);
  }

  /// @param alert null for those of all rules
  List<RunRow> open(WorkflowRef workflow, @Nullable String alert) {
    Map<String, String> attributes = alert == null ? Map.of() : Map.of(ALERT, alert);
    return store.runs(
        new RunFilter(
            OPEN,
            Set.of(workflow.namespace()),
            workflow.name(),
            attributes,
            null,
            null,
            null,
            null,
            MOST));
  }

  String attribute(RunRow run, String name) {
    return store.attributes(run.number()).getOrDefault(name, "");
  }
}
