package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcReaderTest {
  private final Map<String, String> files = new TreeMap<>();
  private final List<String> asked = new ArrayList<>();
  private ProtoSyntax.Judgement judgement = new ProtoSyntax.Judgement.Unread();

  private Reading read(String proto, String service, String more) {
    Resources resources =
        wanted -> {
          asked.add(wanted.uri().toString());
          String text = files.get(wanted.uri().toString());
          return text == null
              ? new Resources.Found.Failed("does not exist", null)
              : new Resources.Found.Text(text);
        };
    return new Reader(expression -> null, schema -> null, _ -> judgement, resources)
        .read(
            """
            document: {dsl: 1.0.3, namespace: a, name: b, version: 1.0.0}
            do:
            - pay:
                call: grpc
                with: {proto: {endpoint: "%s"}, service: %s, method: Pay}
                %s
            """
                .formatted(proto, service, more));
  }

  private List<String> mistakes(String proto) {
    return switch (read(proto, "{name: s.Shop, host: shop.example}", "")) {
      case Reading.Read _ -> List.of();
      case Reading.Refused refused ->
          refused.diagnostics().stream()
              .map(it -> it.line() + ":" + it.column() + " " + it.message() + hint(it))
              .toList();
    };
  }

  private static String hint(Diagnostic diagnostic) {
    return diagnostic.hint() == null ? "" : "; " + diagnostic.hint();
  }

  private static GrpcArguments with(Reading reading) {
    Task task = ((Reading.Read) reading).definition().tasks().getFirst();
    return ((CallGrpcTask) task).with();
  }

  @ParameterizedTest
  @CsvSource({
    "shop.proto,                        common/money.proto,  common/money.proto",
    "protos/shop.proto,                 money.proto,         protos/money.proto",
    "protos/shop/v1/shop.proto,         shop/v1/money.proto, protos/shop/v1/money.proto",
    "shop/v1/shop.proto,                shop/v1/money.proto, shop/v1/money.proto",
    "protos/shop/v1/shop.proto,         types/money.proto,   protos/shop/v1/types/money.proto",
    "https://x.example/p/a/shop.proto,  a/money.proto,       https://x.example/p/a/money.proto",
    "shop.proto,                        a b.proto,           a%20b.proto"
  })
  void anImportIsRelativeToTheProtoOrToTheFolderItsNameBeginsIn(
      String proto, String imported, String file) {
    files.put(proto, "import \"%s\";".formatted(imported));
    files.put(file, "");
    GrpcArguments with = with(read(proto, "{name: S, host: h}", ""));
    assertThat(asked).containsExactly(proto, file);
    assertThat(with.files()).isNotNull();
    assertThat(with.files().main()).isEqualTo("shop.proto");
    assertThat(with.files().texts()).containsOnlyKeys("shop.proto", imported);
  }

  @Test
  void importsAreFoundWhereverTheyStandAndNowhereElse() {
    files.put(
        "a.proto",
        """
        // import "no1.proto";
        syntax = 'proto3'; import "b.proto";/* import "no2.proto"; */ import
            public 'c.proto';
        import weak "d.proto";
        option (x) = "; import \\"no3.proto\\";";
        message M { string import = 1; }
        import "google/protobuf/timestamp.proto";
        importer "no4.proto";
        """);
    List.of("b", "c", "d").forEach(name -> files.put(name + ".proto", "import \"b.proto\";"));
    assertThat(mistakes("a.proto")).isEmpty();
    assertThat(asked).containsExactly("a.proto", "b.proto", "c.proto", "d.proto");
  }

  @ParameterizedTest
  @CsvSource({
    "../../secrets.proto",
    "/etc/secrets.proto",
    "a//b.proto",
    "a\\\\b.proto",
    "file:///etc/passwd",
    "''"
  })
  void anImportLeadsOutOfNoFolder(String name) {
    files.put("a.proto", "import \"%s\";".formatted(name));
    assertThat(mistakes("a.proto"))
        .containsExactly("5:19 the import \"" + name + "\" names no file below a folder");
    assertThat(asked).containsExactly("a.proto");
  }

  @Test
  void whatIsMissingIsNamed() {
    files.put("a.proto", "import \"b.proto\";");
    assertThat(mistakes("a.proto")).containsExactly("5:19 b.proto does not exist");
  }

  @Test
  void importsWithoutEndAreBounded() {
    for (int i = 0; i < 200; i++) {
      files.put(i + ".proto", "import \"%d.proto\";".formatted(i + 1));
    }
    assertThat(mistakes("0.proto")).singleElement().asString().contains("imports too much");
    assertThat(asked).hasSizeLessThan(110);
  }

  @Test
  void textsWithoutEndAreBounded() {
    files.put("a.proto", "// " + "x".repeat(5_000_000));
    assertThat(mistakes("a.proto")).singleElement().asString().contains("imports too much");
  }

  @Test
  void whatNestsTooDeepComesToNoParser() {
    files.put("a.proto", "message M {".repeat(65));
    assertThat(mistakes("a.proto")).singleElement().asString().contains("nests deeper");
    files.put("b.proto", "map<string,".repeat(65));
    assertThat(mistakes("b.proto")).singleElement().asString().contains("nests deeper");
  }

  @Test
  void aProtoThatIsImportedByItsOwnImportIsACycle() {
    files.put("p/a.proto", "import \"p/b.proto\";");
    files.put("p/b.proto", "import \"p/a.proto\";");
    assertThat(mistakes("p/a.proto"))
        .containsExactly("5:19 'a.proto' is imported by a file that it imports itself");
  }

  @ParameterizedTest
  @CsvSource({
    "'{name: S, host: h}', '', http 80",
    "'{name: S, host: h, port: 50051}', '', http 50051",
    "'{name: S, host: h, port: 443}', '', https 443",
    "'{name: S, host: h}', 'metadata: {skein: {tls: true}}', https 443",
    "'{name: S, host: h, port: 50051}', 'metadata: {skein: {tls: true}}', https 50051",
    "'{name: S, host: h, port: 443}', 'metadata: {skein: {tls: false}}', http 443"
  })
  void theConnectionIsEncryptedOnPort443OrWhereTheTaskSaysSo(
      String service, String metadata, String expected) {
    files.put("a.proto", "");
    GrpcArguments.Service called = with(read("a.proto", service, metadata)).service();
    assertThat((called.tls() ? "https " : "http ") + called.port()).isEqualTo(expected);
  }

  @Test
  void aServiceOrMethodThatTheProtoDoesNotHaveIsAMistakeWithASuggestion() {
    files.put("a.proto", "");
    judgement = new ProtoSyntax.Judgement.Valid(services(Map.of("s.Shop", List.of("Buy", "Pai"))));
    assertThat(mistakes("a.proto"))
        .containsExactly("5:95 s.Shop has no method 'Pay'; did you mean 'Pai'?");
    judgement = new ProtoSyntax.Judgement.Valid(services(Map.of("s.Shopp", List.of())));
    assertThat(mistakes("a.proto"))
        .containsExactly("5:58 the proto has no service 's.Shop'; did you mean 's.Shopp'?");
    judgement = new ProtoSyntax.Judgement.Valid(services(Map.of("other.Thing", List.of())));
    assertThat(mistakes("a.proto"))
        .containsExactly("5:58 the proto has no service 's.Shop'; there are: other.Thing");
    judgement = new ProtoSyntax.Judgement.Invalid("a.proto:1 is nonsense");
    assertThat(mistakes("a.proto")).containsExactly("5:19 a.proto:1 is nonsense");
  }

  @Test
  void aServiceThatOnlyARunKnowsIsNotJudged() {
    files.put("a.proto", "");
    judgement = new ProtoSyntax.Judgement.Valid(services(Map.of("other.Thing", List.of())));
    assertThat(read("a.proto", "{name: '${ .service }', host: h}", ""))
        .isInstanceOf(Reading.Read.class);
  }

  private static ProtoSyntax.Services services(Map<String, List<String>> methods) {
    return new ProtoSyntax.Services() {
      @Override
      public Collection<String> names() {
        return methods.keySet();
      }

      @Override
      public Collection<String> methods(String service) {
        return methods.get(service);
      }
    };
  }
}
