package dev.skein.runtime;

import dev.skein.kernel.Engine;
import dev.skein.kernel.store.Node;
import dev.skein.kernel.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The processes that share a store, this one among them. Thread-safe.
public final class Nodes {
  private final Engine engine;
  private final Store store;
  private final Instant since;

  /// @param since when this process opened the store
  Nodes(Engine engine, Store store, Instant since) {
    this.engine = engine;
    this.store = store;
    this.since = since;
  }

  /// @param self whether it is this process
  /// @param leaseExpiresAt null where there is nobody to share with
  public record View(Node node, boolean self, @Nullable Instant leaseExpiresAt) {}

  /// Those that live first.
  public List<View> all() {
    if (!store.membership().shared()) {
      return List.of(new View(alone(), true, null));
    }
    long mine = engine.epoch();
    return store.nodes().stream()
        .map(node -> new View(now(node, mine), node.epoch() == mine, node.leaseExpiresAt()))
        .toList();
  }

  /// The name of this process.
  String self() {
    return all().stream().filter(View::self).map(view -> view.node().name()).findFirst().orElse("");
  }

  /// The names of all that live.
  Set<String> living() {
    return all().stream()
        .map(View::node)
        .filter(Node::alive)
        .map(Node::name)
        .collect(Collectors.toSet());
  }

  private Node alone() {
    return new Node(
        engine.epoch(),
        "process " + ProcessHandle.current().pid(),
        since,
        Instant.MAX,
        true,
        true,
        store.openRuns(),
        engine.condition());
  }

  /// Of itself it knows better than what it told last.
  private Node now(Node node, long mine) {
    return node.epoch() == mine ? node.with(engine.condition()) : node;
  }
}
