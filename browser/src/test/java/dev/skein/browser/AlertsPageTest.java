package dev.skein.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.skein.kernel.EngineOptions;
import dev.skein.runtime.Skein;
import dev.skein.runtime.settings.Settings;
import dev.skein.server.Server;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Alerts on the page of incidents.
class AlertsPageTest {
  private static final String SETTINGS =
      """
      alerts:
        every: {milliseconds: 100}
        rules:
          waiting:
            when: ${ .runs.open.waiting > 0 }
            severity: critical
            summary: somebody waits
          quiet: {when: '${ .runs.open.all > 100 }'}
      """;

  @TempDir private Path data;

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  @Test
  void anAlertIsSeenAndSilenced() throws Exception {
    Settings settings = Objects.requireNonNull(Settings.read(SETTINGS).result());
    try (Skein skein = Skein.open(data, EngineOptions.DEFAULT, settings);
        Server server = new Server(skein, "127.0.0.1", 0);
        Chromium chromium = new Chromium()) {
      skein.deploy(
          """
          document: {dsl: 1.0.3, namespace: shop, name: waits, version: 1.0.0}
          do: [{hear: {listen: {to: {one: {with: {type: com.example.never}}}}}}]
          """);
      skein.start("shop/waits", Map.of());
      Page page = chromium.page(1280, 900);
      page.navigate(server.url() + "/console/#/incidents");
      page.getByText("waiting: somebody waits").waitFor();
      page.locator("td .chip.faulted").waitFor();
      Chromium.picture(page, "alerts");
      assertThat(Chromium.barriers(page)).isEmpty();
      page.locator(".card").getByRole(AriaRole.BUTTON).getByText("Silence…").click();
      page.getByLabel("Because").fill("we know");
      Chromium.picture(page, "alert-silence");
      assertThat(Chromium.barriers(page)).isEmpty();
      page.locator("dialog button:not(.quiet)").click();
      page.getByText("silenced", new Page.GetByTextOptions().setExact(true)).waitFor();
      page.getByRole(AriaRole.BUTTON, named("End silence")).click();
      page.locator("dialog button:not(.quiet)").click();
      page.getByRole(AriaRole.BUTTON, named("End silence"))
          .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
      assertThat(chromium.complaints()).isEmpty();
    }
  }
}
