package dev.skein.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of the console; what they do is tested in a browser.
class ConsolePagesTest {
  private static final Path FILES = Path.of("src/main/resources/dev/skein/server/console");
  private static final Pattern PRELOADED =
      Pattern.compile("rel=\"modulepreload\" href=\"/console/([^\"]+)\"");

  @TempDir private Path data;
  private Served served;

  @BeforeEach
  void serve() {
    served = new Served(data);
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void itsAddressLeadsToThePage() {
    for (String path : List.of("/", "/console")) {
      Served.Got got = served.send("GET", path, "");
      assertThat(got.status()).isEqualTo(302);
      assertThat(got.header("Location")).isEqualTo("/console/");
    }
    Served.Got page = served.send("GET", "/console/", "");
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void everyModuleIsAskedForAtOnce() throws IOException {
    String page = served.send("GET", "/console/", "").body();
    var preloaded = new TreeSet<String>();
    PRELOADED.matcher(page).results().forEach(found -> preloaded.add(found.group(1)));
    var modules = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(FILES)) {
      files
          .map(file -> FILES.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.endsWith(".js") && !name.equals("main.js"))
          .forEach(modules::add);
    }
    assertThat(preloaded).containsAll(modules);
    for (String name : preloaded) {
      Served.Got got = served.send("GET", "/console/" + name, "");
      assertThat(got.status()).as(name).isEqualTo(200);
      assertThat(got.header("Content-Type")).startsWith("text/javascript");
    }
  }

  @Test
  void aFileThatIsKeptIsNotSentAgain() {
    String tag = served.send("GET", "/console/console.css", "").header("ETag");
    assertThat(tag).isNotEmpty();
    assertThat(served.send("GET", "/console/console.css", "", "If-None-Match", tag).status())
        .isEqualTo(304);
  }

  @Test
  void nothingElseIsServed() {
    for (String path :
        List.of(
            "/console/none.js",
            "/console/ConsolePages.class",
            "/console/../published/apis.js",
            "/console/..%2Fpublished%2Fapis.js",
            "/console/lib/package.json",
            "/console/lib/none.js",
            "/console/pages/",
            "/console/index.html")) {
      assertThat(served.send("GET", path, "").status()).as(path).isEqualTo(404);
    }
  }
}
