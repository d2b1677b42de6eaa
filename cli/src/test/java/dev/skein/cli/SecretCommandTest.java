package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretCommandTest {
  private static final String VALUE = "hunter2-horse";

  private final InputStream stdin = System.in;
  @TempDir private Path folder;

  private record Ran(int exit, String out, String err) {}

  @AfterEach
  void giveStdinBack() {
    System.setIn(stdin);
  }

  private Ran skein(String... arguments) {
    var words = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, words, 0, arguments.length);
    words[arguments.length] = "--data";
    words[arguments.length + 1] = folder.resolve("data").toString();
    var out = new StringWriter();
    var err = new StringWriter();
    int exit = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    assertThat(out + "" + err).doesNotContain(VALUE);
    return new Ran(exit, out.toString(), err.toString());
  }

  /// The length of a secret, as a workflow sees it.
  private int length(String name) throws Exception {
    Path workflow =
        Files.writeString(
            folder.resolve("w.yaml"),
            """
            document: {dsl: 1.0.3, namespace: test, name: t, version: 1.0.0}
            use: {secrets: [%s]}
            do: [{a: {set: {n: "${ $secrets[\\"%s\\"] | length }"}}}]
            """
                .formatted(name, name));
    Ran ran = skein("run", workflow.toString(), "--quiet");
    assertThat(ran.err).isEmpty();
    return Json.parse(ran.out).path("n").asInt();
  }

  @Test
  void aSecretComesFromAnOptionAFileOrStdinAndIsNeverShown() throws Exception {
    Ran first = skein("secret", "set", "a", "--value", VALUE);
    assertThat(first.exit).isZero();
    assertThat(first.out.strip()).isEqualTo("the secret 'a' is set");
    assertThat(first.err).contains("made the key " + folder.resolve("secret.key"));
    Path file = Files.writeString(folder.resolve("v"), VALUE + "12\n");
    assertThat(skein("secret", "set", "b", "--from-file", file.toString()).err).isEmpty();
    System.setIn(new ByteArrayInputStream((VALUE + "3\n").getBytes(StandardCharsets.UTF_8)));
    assertThat(skein("secret", "set", "c").exit).isZero();
    assertThat(length("a")).isEqualTo(VALUE.length());
    assertThat(length("b")).isEqualTo(VALUE.length() + 2);
    assertThat(length("c")).isEqualTo(VALUE.length() + 1);
  }

  @Test
  void aJsonObjectIsOneAndABrokenOneIsRemarkedOn() throws Exception {
    skein("secret", "set", "shop", "--value", "{\"username\": \"ada\", \"password\": \"x\"}");
    assertThat(length("shop")).isEqualTo(2);
    Ran broken = skein("secret", "set", "shop", "--value", "{\"username\": ");
    assertThat(broken.exit).isZero();
    assertThat(broken.err).contains("kept as text");
  }

  @Test
  void listsNamesAndTimesOnly() {
    assertThat(skein("secret", "list").out.strip()).isEqualTo("NAME  CHANGED");
    skein("secret", "set", "payments-token", "--value", VALUE);
    skein("secret", "set", "a", "--value", VALUE);
    assertThat(skein("secret", "list").out.lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("NAME            CHANGED"),
            line -> assertThat(line).matches("a               20\\d\\d-.*Z"),
            line -> assertThat(line).matches("payments-token  20\\d\\d-.*Z"));
    var json = Json.parse(skein("secret", "list", "--json").out);
    assertThat(json.size()).isEqualTo(2);
    assertThat(json.get(0).propertyNames()).containsExactly("name", "changed");
  }

  @Test
  void removesAndRotates() throws Exception {
    skein("secret", "set", "a", "--value", VALUE);
    skein("secret", "set", "b", "--value", VALUE);
    assertThat(Json.parse(skein("secret", "rotate", "--json").out).path("rotated").asInt())
        .isEqualTo(2);
    assertThat(skein("secret", "remove", "a").out.strip()).isEqualTo("the secret 'a' is removed");
    assertThat(skein("secret", "rotate").out.strip())
        .isEqualTo("1 secret is encrypted with a new key");
    assertThat(length("b")).isEqualTo(VALUE.length());
    Ran again = skein("secret", "remove", "a");
    assertThat(again.exit).isEqualTo(1);
    assertThat(again.err.strip()).isEqualTo("skein: there is no secret 'a' in the encrypted store");
  }

  @Test
  void whatIsWrongIsToldInASentence() throws Exception {
    assertThat(skein("secret", "set", "../a", "--value", VALUE).err)
        .startsWith("skein: '../a' is no name of a secret");
    assertThat(skein("secret", "set", "a", "--value", VALUE, "--from-file", "x").exit).isEqualTo(2);
    assertThat(skein("secret", "set", "a", "--from-file", folder + "/none").exit).isEqualTo(2);
    System.setIn(new ByteArrayInputStream(new byte[0]));
    assertThat(skein("secret", "set", "a").err).contains("a secret is more than blanks");
    System.setIn(new ByteArrayInputStream(new byte[] {(byte) 0xff}));
    assertThat(skein("secret", "set", "a").err).contains("not UTF-8");
    skein("secret", "set", "a", "--value", VALUE);
    Files.delete(folder.resolve("secret.key"));
    Ran lost = skein("secret", "rotate");
    assertThat(lost.exit).isEqualTo(1);
    assertThat(lost.err).contains("need their key").doesNotContain("Exception");
  }
}
