package dev.skein.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.skein.interpreter.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/// A browser without a screen, and what is looked for on every page. Owned by one thread.
final class Chromium implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final Path PICTURES = Path.of("target/screenshots");

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new ArrayList<>();

  Chromium() {
    Map<String, String> noDownload = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    this.playwright = Playwright.create(new Playwright.CreateOptions().setEnv(noDownload));
    this.browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(PROGRAM)
                    .setChromiumSandbox(false));
  }

  /// A page of so many pixels; what goes wrong on it is remembered.
  Page page(int width, int height) {
    var size = new Browser.NewPageOptions().setViewportSize(width, height);
    Page page = browser.newPage(size);
    page.setDefaultTimeout(15_000);
    page.onConsoleMessage(said -> {
      if (said.type().equals("error")) {
        complaints.add(said.text());
      }
    });
    page.onPageError(complaints::add);
    return page;
  }

  /// Errors of all pages so far.
  List<String> complaints() {
    return complaints;
  }

  static void picture(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(true));
  }

  /// What keeps people from using the page as it is now, serious or worse.
  static List<String> barriers(Page page) {
    if (page.evaluate("'axe' in window").equals(false)) {
      page.evaluate(axe());
    }
    Object found =
        page.evaluate(
            "async () => JSON.stringify((await axe.run({resultTypes: ['violations']})).violations)");
    var barriers = new ArrayList<String>();
    for (JsonNode violation : Json.parse(String.valueOf(found))) {
      String impact = violation.path("impact").asString("");
      if (impact.equals("serious") || impact.equals("critical")) {
        String where = violation.path("nodes").path(0).path("html").asString("");
        barriers.add(violation.path("id").asString() + ": " + where);
      }
    }
    return barriers;
  }

  private static String axe() {
    String script = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    try (InputStream in = Chromium.class.getResourceAsStream(script)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("axe-core cannot be read", e);
    }
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
