package dev.skein.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.skein.runtime.Skein;
import dev.skein.runtime.access.Role;
import dev.skein.runtime.access.Roles;
import dev.skein.server.Server;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console, once somebody has made a key.
class LoginTest {
  private static final String WAITS =
      """
      document: {dsl: 1.0.3, namespace: shop, name: waits, version: 1.0.0}
      do: [{paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}}]
      """;

  @TempDir private Path data;
  private Skein skein;
  private Server server;
  private Chromium chromium;

  @BeforeEach
  void open() {
    skein = Skein.open(data);
    server = new Server(skein, "127.0.0.1", 0);
    chromium = new Chromium();
    skein.deploy(WAITS);
  }

  @AfterEach
  void close() {
    chromium.close();
    server.close();
    skein.close();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  @Test
  void aKeyLogsInAndItsSessionActs() throws Exception {
    skein.start("waits", Map.of(), "r");
    var key = skein.access().keys().make("ann", Roles.everywhere(Role.OPERATOR), null);
    Page page = chromium.page(1280, 900);
    page.navigate(server.url() + "/console/#/runs/r");
    page.getByLabel("Key").fill("sk_wrong");
    page.getByRole(AriaRole.BUTTON, named("Log in")).click();
    page.getByText("this key is wrong").waitFor();
    Chromium.picture(page, "login");
    assertThat(Chromium.barriers(page)).isEmpty();
    page.getByLabel("Key").fill(key.shown());
    page.getByRole(AriaRole.BUTTON, named("Log in")).click();
    page.getByRole(AriaRole.BUTTON, named("Suspend")).click();
    page.getByLabel("Because").fill("lunch");
    page.locator("dialog button:not(.quiet)").click();
    page.locator("header.page .chip.suspended").waitFor();
    page.reload();
    page.locator("header.page .chip.suspended").waitFor();
    skein.access().keys().revoke(key.key().id());
    page.getByRole(AriaRole.BUTTON, named("Resume")).click();
    page.getByLabel("Key").waitFor();
    assertThat(skein.run("r").status()).isEqualTo("suspended");
  }

  @Test
  void whoMayOnlyLookIsToldWhatIsForOthersAndIsAskedAgainOnceLoggedOut() {
    var key = skein.access().keys().make("ann", Roles.everywhere(Role.VIEWER), null);
    Page page = chromium.page(1280, 900);
    page.navigate(server.url() + "/console/");
    page.getByLabel("Key").fill(key.shown());
    page.getByRole(AriaRole.BUTTON, named("Log in")).click();
    page.locator(".tile").first().waitFor();
    page.navigate(server.url() + "/console/#/audit");
    page.getByText("The audit log is for administrators.").waitFor();
    Chromium.picture(page, "audit-denied");
    page.getByRole(AriaRole.BUTTON, named("Log out")).click();
    page.getByLabel("Key").waitFor();
    page.reload();
    page.getByLabel("Key").waitFor();
  }
}
