package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileInputTest {
  private static final String HEAD =
      "document: { dsl: 1.0.0, namespace: a, name: b, version: 1.0.0 }\n";

  @Test
  void aliasBombsAreRefused() {
    StringBuilder bomb = new StringBuilder("x-0: &a0 [ lol, lol ]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("x-%d: &a%d [ *a%d, *a%d ]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(only(bomb.toString())).isEqualTo("16:14 the document holds more than 200000 values");
  }

  @Test
  void depthBuiltFromAliasesIsRefused() {
    StringBuilder chain = new StringBuilder("x-0: &a0 " + nested("x", 150) + "\n");
    chain.append("x-1: ").append(nested("*a0", 150)).append('\n');
    assertThat(only(chain.toString())).endsWith("the document is nested deeper than 200 levels");
  }

  @Test
  void deepNestingIsRefused() {
    String message = "the document is nested deeper than 200 levels";
    assertThat(only("[".repeat(10_000))).endsWith(message);
    assertThat(only("{ a: ".repeat(10_000))).endsWith(message);
    assertThat(only("- ".repeat(10_000))).endsWith(message);
    assertThat(
            only(
                IntStream.range(0, 1_000).mapToObj(i -> " ".repeat(i) + "a:\n").toList().stream()
                    .reduce("", String::concat)))
        .endsWith(message);
  }

  @Test
  void hugeDocumentsAreRefusedUnread() {
    assertThat(only("a".repeat(6_000_000)))
        .isEqualTo("1:1 the document is larger than 2000000 characters");
  }

  @Test
  void binaryIsNoText() {
    assertThat(only("do:\n- a\u0000"))
        .isEqualTo(
            "2:4 YAML syntax: the character U+0000 is not allowed; is this a text file in UTF-8?");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void garbageGivesDiagnostics(long seed) {
    byte[] bytes = new byte[2_000];
    new Random(seed).nextBytes(bytes);
    assertThat(DiagnosticsTest.diagnostics(new String(bytes, StandardCharsets.ISO_8859_1)))
        .isNotEmpty();
    assertThat(DiagnosticsTest.diagnostics(new String(bytes, StandardCharsets.UTF_8))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aDamagedDocumentNeverThrows(long seed) {
    Random random = new Random(seed);
    String text = ReaderTest.text("everything.yaml");
    for (int round = 0; round < 20; round++) {
      String damaged = text;
      for (int hits = 0; hits < 1 + random.nextInt(5); hits++) {
        int from = random.nextInt(damaged.length());
        int to = Math.min(damaged.length(), from + random.nextInt(12));
        String put = random.nextBoolean() ? "" : text.substring(from, Math.min(text.length(), to));
        int at = random.nextInt(damaged.length());
        damaged = damaged.substring(0, from) + damaged.substring(to);
        at = Math.min(at, damaged.length());
        damaged = damaged.substring(0, at) + put + damaged.substring(at);
      }
      assertThat(DiagnosticsTest.diagnostics(damaged)).hasSizeLessThanOrEqualTo(50);
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @Test
  void manyMistakesEndTheReadingSoon() {
    StringBuilder tasks = new StringBuilder(HEAD).append("do:\n");
    for (int i = 0; i < 10_000; i++) {
      tasks.append("- task%d: { set: { x: 1 }, then: tusk%d }\n".formatted(i, i));
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThat(DiagnosticsTest.diagnostics(tasks.toString())).hasSize(50));
  }

  @Test
  void aLongChainOfFunctionsIsRefused() {
    StringBuilder chain = new StringBuilder(HEAD).append("use:\n  functions:\n");
    for (int i = 0; i < 5_000; i++) {
      chain.append("    f%d: { call: f%d }\n".formatted(i, i + 1));
    }
    chain.append("    f5000: { wait: PT1S }\ndo: [ { a: { call: f0 } } ]\n");
    assertThat(DiagnosticsTest.diagnostics(chain.toString()).getFirst())
        .contains("functions call each other more than 50 deep");
  }

  @Test
  void hugeNumbersAreRefused() {
    assertThat(only(HEAD + "do: [ { a: { set: { x: " + "9".repeat(100_000) + " } } } ]\n"))
        .contains("the number is too large");
  }

  @Test
  void longKeysAreRefused() {
    assertThat(only("k".repeat(257) + ": x"))
        .isEqualTo("1:1 the key is longer than 256 characters");
  }

  @Test
  void longStringsCountAsManyValues() {
    String bomb = "a: &a " + "x".repeat(1_000_000) + "\nb: [ " + "*a, ".repeat(1_000) + "]\n";
    assertThat(only(bomb)).endsWith("the document holds more than 200000 values");
  }

  private static String nested(String inner, int levels) {
    return "[".repeat(levels) + inner + "]".repeat(levels);
  }

  private static String only(String text) {
    return assertThat(DiagnosticsTest.diagnostics(text)).hasSize(1).actual().getFirst();
  }
}
