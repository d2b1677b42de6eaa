package dev.skein.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import dev.skein.runtime.Skein;
import dev.skein.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every page of the console, and every sheet of it, is for everybody: in light and dark, on wide
/// and on narrow screens, with and without a mouse.
class EveryPageTest {
  /// @param tab empty for the first
  /// @param shows what is there once the page is
  private record Sheet(String name, String place, String tab, String shows) {}

  private static final List<Sheet> SHEETS =
      List.of(
          new Sheet("overview", "/", "", ".chart"),
          new Sheet("runs", "/runs", "", "tbody tr"),
          new Sheet("run", "/runs/refused", "", ".timeline li"),
          new Sheet("run-graph", "/runs/refused", "graph", ".canvas svg"),
          new Sheet("run-journal", "/runs/refused", "journal", ".journal li"),
          new Sheet("run-data", "/runs/refused", "data", ".code"),
          new Sheet("run-open", "/runs/held", "", ".note.why"),
          new Sheet("workflows", "/workflows", "", "tbody tr"),
          new Sheet("workflow", "/workflows/shop/order", "", "form.start"),
          new Sheet("workflow-graph", "/workflows/shop/order", "graph", ".canvas svg"),
          new Sheet("workflow-source", "/workflows/shop/order", "source", ".code"),
          new Sheet("workflow-versions", "/workflows/shop/order", "versions", "tbody tr"),
          new Sheet("workflow-runs", "/workflows/shop/order", "runs", "tbody tr"),
          new Sheet("schedules", "/schedules", "", "tbody tr"),
          new Sheet("events", "/events", "", ".empty"),
          new Sheet("events-log", "/events", "log", ".acts-list li"),
          new Sheet("integrations", "/integrations", "", ".card"),
          new Sheet("incidents", "/incidents", "", ".card"),
          new Sheet("nodes", "/nodes", "", "tbody tr"),
          new Sheet("audit", "/audit", "", ".acts-list li"));

  private static final String ORDER =
      """
      document: {dsl: 1.0.3, namespace: shop, name: order, version: %s, title: An order}
      input:
        schema:
          document:
            type: object
            required: [item]
            properties: {item: {type: string, description: what is ordered}, count: {type: integer, default: 2}}
      do:
        - pack:
            for: {each: n, in: "${ [range(.count // 2)] }"}
            do: [{box: {set: {boxed: "${ $n }"}}}]
        - ask:
            try: [{stock: {call: http, with: {method: get, endpoint: "%s"}}}]
            catch: {retry: {delay: PT0.01S, limit: {attempt: {count: 2}}}}
        - paid: {listen: {to: {one: {with: {type: com.example.paid}}}}}
      """;

  private static final String STUCK =
      """
      document:
        {dsl: 1.0.3, namespace: shop, name: stuck, version: 1.0.0,
         metadata: {skein: {saga: {retry: {delay: PT0.01S, limit: {attempt: {count: 1}}}}}}}
      do:
        - book:
            set: {booked: true}
            metadata: {skein: {compensate: [{unbook: {raise: {error: {type: "https://shop.example/gone", status: 500, title: Gone}}}}]}}
        - fail: {raise: {error: {type: "https://shop.example/no", status: 500, title: No}}}
      """;

  private static final String HOURLY =
      """
      document: {dsl: 1.0.3, namespace: shop, name: the-nightly-reconciliation-of-all-ledgers, version: 1.0.0}
      schedule: {every: {hours: 1}}
      do: [{count: {set: {n: 1}}}]
      """;

  @TempDir private Path data;
  private HttpServer shop;
  private Skein skein;
  private Server server;
  private Chromium chromium;

  @BeforeEach
  void open() throws Exception {
    shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shop.createContext("/well", exchange -> answer(exchange, 200));
    shop.createContext("/unwell", exchange -> answer(exchange, 503));
    shop.start();
    String at = "http://127.0.0.1:" + shop.getAddress().getPort();
    skein = Skein.open(data);
    server = new Server(skein, "127.0.0.1", 0);
    chromium = new Chromium();
    skein.deploy(ORDER.formatted("1.0.0", at + "/unwell"));
    skein.start("order", Map.of("item", "a pot"), "refused");
    skein.await("refused", Duration.ofSeconds(20));
    skein.deploy(ORDER.formatted("1.1.0", at + "/well"));
    skein.deploy(STUCK);
    skein.deploy(HOURLY);
    skein.start("order", Map.of("item", "a kettle"), "held");
    skein.start(
        "order", Map.of("item", "a pan"), "an-order-with-a-long-name-of-its-own-2026-11-23");
    skein.start("stuck", Map.of(), "stuck-1");
    skein.signal("held", "hello", Map.of("by", "hand"));
    skein.awaitQuiet(Duration.ofSeconds(20));
    Page page = chromium.page(1280, 900);
    page.navigate(server.url() + "/console/#/runs/held");
    for (String way : List.of("suspend", "resume", "nothing")) {
      page.evaluate(
          "way => fetch(`/api/v1/runs/held/${way}`, {method: 'POST', body: JSON.stringify({reason: 'lunch'}),"
              + " headers: {'Content-Type': 'application/json'}})",
          way);
    }
    page.close();
  }

  private static void answer(com.sun.net.httpserver.HttpExchange exchange, int status)
      throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @AfterEach
  void close() {
    chromium.close();
    server.close();
    skein.close();
    shop.stop(0);
  }

  private void show(Page page, Sheet sheet) {
    page.navigate(server.url() + "/console/#" + sheet.place);
    page.locator("main h1").waitFor();
    if (!sheet.tab.isEmpty()) {
      page.locator("#tab-" + sheet.tab).click();
    }
    page.locator("main " + sheet.shows).first().waitFor();
  }

  /// Each theme and each width; with `-Dlooks=all` each theme in each width.
  private static Stream<Arguments> looks() {
    Stream<Arguments> two = Stream.of(Arguments.of(1280, "light"), Arguments.of(390, "dark"));
    return "all".equals(System.getProperty("looks"))
        ? Stream.concat(two, Stream.of(Arguments.of(1280, "dark"), Arguments.of(390, "light")))
        : two;
  }

  @ParameterizedTest
  @MethodSource("looks")
  void noSheetHasASeriousBarrierOrIsWiderThanTheScreen(int width, String theme) {
    Page page = chromium.page(width, 900);
    page.addInitScript("localStorage.setItem('theme', '" + theme + "')");
    for (Sheet sheet : SHEETS) {
      show(page, sheet);
      Chromium.picture(page, sheet.name + "-" + theme + "-" + width);
      String where = sheet.name + " " + theme + " " + width;
      assertThat(Chromium.barriers(page)).as(where).isEmpty();
      Object wide = page.evaluate("document.documentElement.scrollWidth > innerWidth");
      assertThat(wide).as(where + " is wider than the screen").isEqualTo(false);
    }
    assertThat(chromium.complaints()).allMatch(said -> said.contains("404"));
  }

  private static final String WATCH =
      """
      () => {
        window.reached = new Set();
        window.unseen = [];
        addEventListener('focusin', event => {
          window.reached.add(event.target);
          if (getComputedStyle(event.target).outlineStyle === 'none') {
            window.unseen.push(event.target.outerHTML.slice(0, 120));
          }
        });
        window.wanted = () => [...document.querySelectorAll(
            'a[href], button:not(:disabled), input, select, textarea, summary, [tabindex="0"]')]
          .filter(it => it.tabIndex >= 0 && it.checkVisibility() && it.getClientRects().length > 0);
        window.missed = () => window.wanted().filter(it => !window.reached.has(it))
          .map(it => it.outerHTML.slice(0, 120));
        document.activeElement?.blur();
        return window.wanted().length;
      }
      """;

  @Test
  void allThatCanBeUsedIsReachedByTheKeyboardAndShowsThatItIs() {
    for (Sheet sheet : SHEETS) {
      Page page = chromium.page(1280, 900);
      show(page, sheet);
      int wanted = ((Number) page.evaluate(WATCH)).intValue();
      for (int i = 0; i < 2 * wanted + 10 && missed(page); i++) {
        page.keyboard().press("Tab");
      }
      assertThat(page.evaluate("window.missed()")).as(sheet.name).isEqualTo(List.of());
      assertThat(page.evaluate("window.unseen")).as(sheet.name).isEqualTo(List.of());
      page.close();
    }
  }

  private static boolean missed(Page page) {
    return !page.evaluate("window.missed().length").equals(0);
  }
}
