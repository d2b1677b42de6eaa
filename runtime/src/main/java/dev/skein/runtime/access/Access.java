package dev.skein.runtime.access;

import dev.skein.kernel.Clock;
import dev.skein.kernel.Engine;
import dev.skein.kernel.store.Store;

/// Who may come in, and what was done. Thread-safe.
public final class Access {
  private final Keys keys;
  private final Logins logins;
  private final AuditWriter audit;
  private final AuditTrail trail;

  public Access(Engine engine, Store store, Clock clock) {
    this.keys = new Keys(engine, store, clock);
    this.logins = new Logins(engine, store, clock, keys);
    this.audit = new AuditWriter(engine, clock);
    this.trail = new AuditTrail(store);
  }

  public Keys keys() {
    return keys;
  }

  public Logins logins() {
    return logins;
  }

  public AuditWriter audit() {
    return audit;
  }

  public AuditTrail trail() {
    return trail;
  }
}
