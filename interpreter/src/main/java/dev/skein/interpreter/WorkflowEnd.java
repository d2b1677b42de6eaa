package dev.skein.interpreter;

import tools.jackson.databind.JsonNode;

/// `then: end`, on its way from a task to the end of the workflow.
final class WorkflowEnd extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient JsonNode output;

  WorkflowEnd(JsonNode output) {
    super("end", null, false, false);
    this.output = output;
  }

  JsonNode output() {
    return output;
  }
}
