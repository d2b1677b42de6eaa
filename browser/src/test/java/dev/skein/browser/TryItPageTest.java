package dev.skein.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.skein.runtime.Skein;
import dev.skein.server.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page on which people try published workflows.
class TryItPageTest {
  @TempDir private Path data;

  @Test
  void aPublishedWorkflowIsTriedOnThePage() throws Exception {
    try (Skein skein = Skein.open(data);
        Server server = new Server(skein, "127.0.0.1", 0);
        Chromium chromium = new Chromium()) {
      skein.deploy(Files.readString(Path.of("../examples/quote/quote.yaml")));
      Page page = chromium.page(1280, 900);
      page.navigate(server.url() + "/apis");
      page.getByText("/v1/quotes/{item}").first().click();
      page.getByPlaceholder("item").fill("apples");
      page.locator("textarea").first().fill("{\"count\": 3}");
      page.getByText("Execute").first().click();
      Locator answer = page.locator(".live-responses-table .response").first();
      answer.waitFor();
      Chromium.picture(page, "apis");
      assertThat(answer.innerText()).contains("200", "\"item\": \"apples\"", "\"total\": 15");
      assertThat(chromium.complaints()).isEmpty();
    }
  }
}
