package dev.skein.kernel;

import dev.skein.kernel.store.Incident;

/// The run one waits for stopped before its end, with an incident that needs somebody.
public final class IncidentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Incident incident;

  IncidentException(String run, Incident incident) {
    super(
        "run %s is suspended (%s): %s%n%s"
            .formatted(run, incident.kind(), incident.summary(), incident.details()));
    this.incident = incident;
  }

  public Incident incident() {
    return incident;
  }
}
