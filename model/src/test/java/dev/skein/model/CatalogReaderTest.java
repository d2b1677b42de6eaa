package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogReaderTest {
  @ParameterizedTest
  @CsvSource({
    "https://github.com/o/r/tree/main, https://raw.githubusercontent.com/o/r/main/",
    "https://github.com/o/r/tree/v1.2/sub/, https://raw.githubusercontent.com/o/r/v1.2/sub/",
    "https://github.com/o/r, https://raw.githubusercontent.com/o/r/HEAD/",
    "https://gitlab.com/g/sub/r/-/tree/main/x, https://gitlab.com/g/sub/r/-/raw/main/x/",
    "https://gitlab.com/g/r, https://gitlab.com/g/r/-/raw/HEAD/",
    "https://example.com/catalog/, https://example.com/catalog/",
    "https://example.com, https://example.com/",
    "file:/opt/catalog, file:/opt/catalog/",
    "../catalog, ../catalog/",
    "., ''"
  })
  void aFunctionLiesBelowItsCatalogAndRepositoriesAreReadRaw(String endpoint, String root) {
    var asked = new ArrayList<String>();
    Resources resources =
        wanted -> {
          asked.add(wanted.uri().toString());
          return new Resources.Found.Unread();
        };
    Reading reading =
        new Reader(expression -> null, schema -> null, resources)
            .read(
                """
                document: {dsl: 1.0.3, namespace: a, name: b, version: 1.0.0}
                use: {catalogs: {c: {endpoint: "%s"}}}
                do: [{x: {call: "log:0.5.2@c"}}]
                """
                    .formatted(endpoint));
    assertThat(reading).isInstanceOf(Reading.Read.class);
    assertThat(asked).containsExactly(root + "functions/log/0.5.2/function.yaml");
  }

  @ParameterizedTest
  @CsvSource({
    "https://github.com/o/r/check@v1.0.0, https://raw.githubusercontent.com/o/r/v1.0.0/check/function.yaml",
    "https://github.com/o/r/tree/main/check, https://raw.githubusercontent.com/o/r/main/check/function.yaml",
    "https://github.com/o/r/blob/main/f.yaml, https://raw.githubusercontent.com/o/r/main/f.yaml",
    "https://example.com/f/check@1.0.0, https://example.com/f/check/1.0.0/function.yaml",
    "https://example.com/f/check.yaml?x=1, https://example.com/f/check.yaml?x=1",
    "./lib/check, lib/check/function.yaml"
  })
  void aFunctionMayBeCalledByItsAddress(String callee, String file) {
    var asked = new ArrayList<String>();
    Resources resources =
        wanted -> {
          asked.add(wanted.uri().toString());
          return new Resources.Found.Unread();
        };
    Reading reading =
        new Reader(expression -> null, schema -> null, resources)
            .read(
                """
                document: {dsl: 1.0.3, namespace: a, name: b, version: 1.0.0}
                do: [{x: {call: "%s"}}]
                """
                    .formatted(callee));
    assertThat(reading).isInstanceOf(Reading.Read.class);
    assertThat(asked).containsExactly(file);
  }
}
