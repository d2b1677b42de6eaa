package dev.skein.connectors.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skein.model.ProtoFiles;
import dev.skein.model.ProtoSyntax.Judgement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ProtoCompilerTest {
  private final ProtoCompiler compiler = new ProtoCompiler();

  private static ProtoFiles files(String... namesAndTexts) {
    var texts = new LinkedHashMap<String, String>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      texts.put(namesAndTexts[i], namesAndTexts[i + 1]);
    }
    return new ProtoFiles(namesAndTexts[0], texts);
  }

  private String mistake(ProtoFiles files) {
    return switch (compiler.judge(files)) {
      case Judgement.Invalid(String mistake) -> mistake;
      case Judgement other -> throw new AssertionError(other);
    };
  }

  /// What a service that tells its argument back makes of JSON.
  private String echoed(String message, String json) throws Exception {
    ProtoFiles files = files("a.proto", "service S { rpc Call (M) returns (M); }\n" + message);
    if (message.startsWith("syntax")) {
      files = files("a.proto", message + "service S { rpc Call (M) returns (M); }");
    }
    GrpcMethod method = compiler.services(files).method("S", "Call");
    var request = method.requests(JsonMapper.shared().readTree(json.replace('\'', '"')));
    return method
        .json(request.getFirst(), new BoundedText(1_000_000))
        .toString()
        .replace('"', '\'');
  }

  @Test
  void servicesAndMethodsAreKnownByTheirNames() throws Exception {
    Services services = compiler.services(Shop.FILES);
    assertThat(services.names()).containsExactly("shop.v1.Shop");
    assertThat(services.methods("shop.v1.Shop")).containsExactly("Buy", "Watch", "Sum", "Chat");
    assertThat(services.methods("Shop")).isNull();
  }

  @Test
  void whatWasCompiledIsKeptByItsContent() throws Exception {
    var same = new ProtoFiles("shop.proto", Map.of("shop.proto", new String(Shop.PROTO)));
    assertThat(compiler.services(same)).isSameAs(compiler.services(Shop.FILES));
    var other = new ProtoFiles("shop.proto", Map.of("shop.proto", Shop.PROTO + "// changed"));
    assertThat(compiler.services(other)).isNotSameAs(compiler.services(Shop.FILES));
  }

  @Test
  void whatIsKeptIsBounded() throws Exception {
    ProtoFiles first = files("a.proto", "message A {}");
    Services compiled = compiler.services(first);
    for (int i = 0; i < 18; i++) {
      compiler.services(files("a.proto", "// " + i + "x".repeat(1024 * 1024)));
    }
    assertThat(compiler.services(first)).isNotSameAs(compiled);
  }

  @Test
  void namesAreFoundInImportsAlsoThroughPublicOnes() throws Exception {
    ProtoFiles files =
        files(
            "a.proto",
            "syntax = 'proto3'; package a; import 'b.proto';"
                + " service S { rpc Call (c.Inner.Deep) returns (b.B); }",
            "b.proto",
            "syntax = 'proto3'; package b; import public 'c/c.proto'; message B {}",
            "c/c.proto",
            "syntax = 'proto3'; package c; message Inner { message Deep { int32 x = 1; } }");
    GrpcMethod method = compiler.services(files).method("a.S", "Call");
    assertThat(method.requests(JsonMapper.shared().readTree("{\"x\": 1}"))).hasSize(1);
    assertThat(method.operation()).isEqualTo("a.S/Call");
  }

  @Test
  void theLibrarysFilesNeedNotBeThere() throws Exception {
    String proto =
        """
        syntax = "proto3";
        import "google/api/annotations.proto";
        import "google/protobuf/any.proto";
        import "google/protobuf/duration.proto";
        import "google/protobuf/struct.proto";
        import "google/protobuf/wrappers.proto";
        import "google/type/money.proto";
        service T { rpc Get (M) returns (M) {
          option (google.api.http) = { get: "/v1/{name}" additional_bindings { post: "/x" body: "*" } };
        } }
        message M {
          google.protobuf.Any any = 1;
          google.protobuf.Duration wait = 2;
          google.protobuf.Struct free = 3;
          google.protobuf.Int64Value wrapped = 4;
          google.type.Money price = 5;
        }
        """;
    String json =
        "{'any':{'@type':'type.googleapis.com/google.type.Money','currencyCode':'EUR','units':'2',"
            + "'nanos':0},'wait':'1.500s','free':{'a':[1.0,null]},'wrapped':'5',"
            + "'price':{'currencyCode':'CHF','units':'0','nanos':5}}";
    assertThat(echoed(proto, json)).isEqualTo(json);
  }

  @Test
  void proto2HasDefaultsRequiredFieldsAndGroups() throws Exception {
    String proto =
        """
        message M {
          required string name = 1;
          optional E e = 2 [default = B];
          repeated group Item = 3 { optional int32 n = 4; }
          repeated int32 list = 5 [packed = true];
          extensions 100 to max;
          enum E { option allow_alias = true; A = 1; B = 2; C = 2; }
        }
        extend M { optional int32 more = 100; }
        """;
    assertThat(echoed(proto, "{'name':'x','item':[{'n':1}],'list':[1,2]}"))
        .isEqualTo("{'name':'x','item':[{'n':1}],'list':[1,2]}");
    var e =
        catchThrowableOfType(
            dev.skein.connectors.http.HttpCallException.class, () -> echoed(proto, "{}"));
    assertThat(e.detail()).contains("lacks").contains("name");
  }

  @Test
  void namesInJsonMayBeOfTheProtosChoice() throws Exception {
    assertThat(
            echoed(
                "syntax = 'proto3'; message M { string order_line = 1;"
                    + " string b = 2 [json_name = 'β']; optional int32 c = 3; } ",
                "{'order_line':'1','β':'2'}"))
        .isEqualTo("{'orderLine':'1','β':'2'}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "message {",
        "message M { string a = 1; ",
        "syntax = 'proto9';",
        "edition = '2023'; message M {}",
        "message M { optional Missing m = 1; }",
        "message M { optional int32 a = 1; optional int32 b = 1; }",
        "message M {} message M {}",
        "message M { optional int32 a = 0; }",
        "enum E {}",
        "syntax = 'proto3'; enum E { A = 1; }",
        "service S { rpc Call (No) returns (No); }",
        "service S { rpc Call (E) returns (E); } enum E { A = 0; }",
        "import 'google/api/nothing.proto';",
        "import 'missing.proto';",
        "/* never closed",
        "\"",
        "message M { map<M, string> m = 1; }",
        "message M { optional float f = 1 [default = abc]; }",
        "\0"
      })
  void whatIsNoProtoIsToldByFileAndReason(String text) {
    assertThat(mistake(files("a.proto", text)))
        .matches("(?s)(a\\.proto is no valid proto: .+|there is no file '.+' to import)");
  }

  @Test
  void importsThatGoInACircleAreNamed() {
    ProtoFiles files =
        files(
            "a.proto",
            "import 'b.proto';",
            "b.proto",
            "import 'c.proto';",
            "c.proto",
            "import 'b.proto';");
    assertThat(mistake(files))
        .isEqualTo(
            "'b.proto' is imported by a file that it imports itself:"
                + " a.proto → b.proto → c.proto → b.proto");
  }

  @ParameterizedTest
  @CsvSource({"64, message M { , }", "63, map<string, >"})
  void whatTheReaderLetsThroughOverflowsNoStack(int depth, String open, String close) {
    String nested = open.repeat(depth) + close.repeat(depth);
    assertThat(compiler.judge(files("a.proto", nested))).isNotNull();
  }

  private static String types(int chars, String comment) {
    var text = new StringBuilder("service S { rpc Call (M0) returns (M0); }\n");
    for (int i = 0; text.length() < chars; i++) {
      text.append("message M").append(i).append(" { optional string field = 1; }");
      text.append(comment).append('\n');
    }
    return text.toString();
  }

  @Test
  void aFileAsLargeAsTheReaderTakesIsCompiled() throws Exception {
    String text = types(4_000_000, " //" + "x".repeat(200));
    assertThat(compiler.services(files("a.proto", text)).names()).containsExactly("S");
  }

  @Test
  void aFileOfSoManyTypesThatReadingItWouldTakeMinutesIsRefused() {
    assertThat(mistake(files("a.proto", types(4_000_000, ""))))
        .isEqualTo("a.proto has more than 20,000 messages, enums and methods");
  }
}
