package dev.skein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Location;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Keys;
import dev.skein.runtime.access.Logins;
import dev.skein.runtime.access.Logins.Holder;
import dev.skein.runtime.access.Principal;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.runtime.bulk.Action;
import dev.skein.runtime.bulk.Bulk;
import dev.skein.runtime.bulk.Bulks;
import dev.skein.runtime.settings.Settings;
import dev.skein.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people have begun at one node, seen at another.
class SharedLoginsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final String url = PostgresServer.shared().newStore();

  private Skein node(String name) {
    return Skein.open(
        new Location(folder.resolve(name), url), EngineOptions.DEFAULT, Settings.NONE);
  }

  private static void eventually(BooleanSupplier condition) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean() && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void aLoginCountsAtEveryNodeUntilItEndsAtOne() throws Exception {
    try (Skein first = node("first");
        Skein second = node("second")) {
      var ann = new Principal("ann", Roles.everywhere(Role.OPERATOR));
      Logins there = second.access().logins();
      String hash =
          first
              .access()
              .logins()
              .begin("shown", new Holder(null, ann), Instant.now(), Duration.ofHours(1))
              .hash();
      Logins.Login login = Objects.requireNonNull(there.find(hash));
      assertThat(there.who(login)).isEqualTo(ann);
      first.access().logins().end(hash);
      eventually(() -> there.find(hash) == null);
    }
  }

  @Test
  void aLoginByAKeyEndsWithItsKeyAtEveryNode() throws Exception {
    try (Skein first = node("first");
        Skein second = node("second")) {
      Keys.Made key = first.access().keys().make("bob", Roles.everywhere(Role.VIEWER), null);
      String id = key.key().id();
      var bob = new Principal("bob", Roles.everywhere(Role.VIEWER));
      String hash =
          first
              .access()
              .logins()
              .begin("shown", new Holder(id, bob), Instant.now(), Duration.ofHours(1))
              .hash();
      Logins there = second.access().logins();
      Logins.Login login = Objects.requireNonNull(there.find(hash));
      eventually(() -> there.who(login) != null);
      var _ = first.access().keys().revoke(id);
      eventually(() -> there.who(login) == null);
    }
  }

  @Test
  void aBulkIsSeenAndTakenBackAtAnotherNode() throws Exception {
    try (Skein first = node("first");
        Skein second = node("second")) {
      var here = new Bulks(first);
      var there = new Bulks(second);
      first.deploy(
          """
          document: {dsl: 1.0.3, namespace: shop, name: waits, version: 1.0.0}
          do: [{hear: {listen: {to: {one: {with: {type: com.example.never}}}}}}]
          """);
      List<String> runs =
          List.of(
              first.start("shop/waits", Map.of(), "a"), second.start("shop/waits", Map.of(), "b"));
      String id = here.begin(new Bulk.Order(Action.SUSPEND, "x", "ann"), runs).id();
      eventually(() -> Objects.requireNonNull(there.find(id)).over());
      Bulk bulk = Objects.requireNonNull(there.find(id));
      assertThat(bulk.done()).containsExactlyInAnyOrder("a", "b");
      Bulk undone = Objects.requireNonNull(there.undo(bulk, "y", "bob"));
      eventually(() -> Objects.requireNonNull(here.find(undone.id())).over());
      assertThat(Objects.requireNonNull(here.find(undone.id())).done()).hasSize(2);
    }
  }
}
