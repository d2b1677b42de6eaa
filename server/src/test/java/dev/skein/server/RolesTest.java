package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.http.Operation;
import dev.skein.server.http.Operation.Reach;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Every operation there is, asked for in every role there is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesTest {
  private final Map<Role, String> everywhere = new EnumMap<>(Role.class);
  private final Map<Role, String> inShop = new EnumMap<>(Role.class);
  private Served served;

  @BeforeAll
  void serve(@TempDir Path data) {
    served = new Served(data);
    for (Role role : Role.values()) {
      everywhere.put(role, key(role, List.of()));
      inShop.put(role, key(role, List.of("shop")));
    }
  }

  private String key(Role role, List<String> namespaces) {
    var keys = served.skein.access().keys();
    return keys.make("test", Roles.of(role, namespaces), null).shown();
  }

  @AfterAll
  void close() {
    served.close();
  }

  @Test
  void everyOperationSaysWhoMayAskForIt() {
    assertThat(served.server.operations())
        .extracting(Operation::name, Operation::needs)
        .noneMatch(one -> one.toList().get(1) == Operation.Needs.UNSAID);
  }

  @Test
  void onlyWhatTellsNothingIsOpenToAll() {
    assertThat(served.server.operations())
        .filteredOn(operation -> operation.needs().reach() == Reach.OPEN)
        .extracting(Operation::name)
        .containsExactlyInAnyOrder(
            "isLive", "isReady", "describe", "readSession", "listLogins", "login", "logout");
  }

  @TestFactory
  List<DynamicTest> eachRoleMayAskForWhatIsDeclaredAndNothingElse() {
    var tests = new ArrayList<DynamicTest>();
    for (Operation operation : served.server.operations()) {
      if (operation.needs().reach() == Reach.OPEN) {
        continue;
      }
      tests.add(test(operation, "nobody", () -> assertThat(ask(operation)).isEqualTo(401)));
      for (Role role : Role.values()) {
        boolean allowed = role.includes(operation.needs().least());
        tests.add(
            test(operation, "a " + role, () -> check(operation, everywhere.get(role), allowed)));
        boolean here = allowed && operation.needs().reach() != Reach.EVERYWHERE;
        tests.add(
            test(
                operation,
                "a " + role + " of one namespace",
                () -> check(operation, inShop.get(role), here)));
      }
    }
    return tests;
  }

  private static DynamicTest test(Operation operation, String who, Runnable check) {
    return DynamicTest.dynamicTest(who + " asks for " + operation.name(), check::run);
  }

  private void check(Operation operation, String key, boolean allowed) {
    int status = ask(operation, "Authorization", "Bearer " + key);
    if (allowed) {
      assertThat(status).isNotIn(401, 403);
    } else {
      assertThat(status).isEqualTo(403);
    }
  }

  /// HEAD is served as GET is, but never streams.
  private int ask(Operation operation, String... headers) {
    String path = operation.path().replace("{namespace}", "shop").replaceAll("\\{[a-z]+}", "none");
    String method = operation.method().equals("GET") ? "HEAD" : operation.method();
    return served.send(method, path, "", headers).status();
  }
}
