package dev.skein.supervision.alert;

import dev.skein.kernel.Context;
import dev.skein.kernel.Workflow;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.journal.WorkflowRef;
import java.time.Duration;
import java.time.Instant;

/// A silence lasts as long as its run, which only waits; to end it sooner the run is cancelled.
final class SilenceWorkflow implements Workflow {
  static final WorkflowRef REF = new WorkflowRef("skein", "silence", "1.0.0");

  @Override
  public Payload run(Context context, Payload input) {
    Instant until = Instant.parse(Payloads.json(input).path("until").asString());
    Duration left = Duration.between(context.now(), until);
    if (left.isPositive()) {
      context.sleep("until", left);
    }
    return input;
  }
}
