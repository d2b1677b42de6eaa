package dev.skein.runtime;

import dev.skein.kernel.Along;
import dev.skein.kernel.Engine;
import dev.skein.kernel.journal.Payload;
import dev.skein.kernel.store.RunRow;
import dev.skein.runtime.access.AuditWriter;
import dev.skein.runtime.access.AuditWriter.Act;
import tools.jackson.databind.json.JsonMapper;

/// Starts runs, and writes down for whom, where nobody else does. Thread-safe.
final class Starts {
  private final Engine engine;
  private final Definitions definitions;
  private final AuditWriter audit;
  private final JsonMapper mapper;

  Starts(Engine engine, Definitions definitions, AuditWriter audit, JsonMapper mapper) {
    this.engine = engine;
    this.definitions = definitions;
    this.audit = audit;
    this.mapper = mapper;
  }

  RunRow start(Begin begin) {
    Integer priority = begin.priority();
    var start =
        new Engine.Start(
            begin.workflow(),
            Payload.of(mapper.writeValueAsBytes(begin.input())),
            begin.id(),
            priority == null ? definitions.priority(begin.workflow()) : priority,
            begin.attributes());
    Act call = begin.call();
    return call == null
        ? engine.start(start)
        : engine.start(start, Along.created(row -> audit.done(call, "/api/v1/runs/" + row.id())));
  }
}
