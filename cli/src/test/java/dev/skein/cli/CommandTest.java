package dev.skein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.interpreter.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CommandTest {
  private static final String DOCUMENT =
      "document: {dsl: 1.0.3, namespace: test, name: t, version: 1.0.0}\n";

  @TempDir private Path folder;

  private record Ran(int exit, String out, String err) {
    JsonNode json() {
      return Json.parse(out);
    }
  }

  private static Ran skein(Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int exit = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    return new Ran(exit, out.toString(), err.toString());
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Path workflow(String tasks) throws IOException {
    return file("w.yaml", DOCUMENT + "do:\n" + tasks);
  }

  private Path data() {
    return folder.resolve("data");
  }

  @Test
  void printsTheOutputOnStdoutAndProgressOnStderr() throws Exception {
    Path w = workflow("  - a: {set: {x: '${ .n + 1 }'}}\n");
    Ran ran = skein("run", w, "--data", data(), "--input", "{\"n\": 41}");
    assertThat(ran.exit).isZero();
    assertThat(ran.json().path("x").asInt()).isEqualTo(42);
    assertThat(ran.err).contains("✓ /do/0/a").contains("run ended: completed");
  }

  @Test
  void printsOneObjectWithJson() throws Exception {
    Path w =
        workflow("  - a: {raise: {error: {type: 'https://x.test/no', status: 418, title: No}}}\n");
    Ran ran = skein("run", w, "--data", data(), "--id", "r1", "--json", "--quiet");
    assertThat(ran.exit).isEqualTo(1);
    assertThat(ran.err).isEmpty();
    assertThat(ran.json().path("id").asString()).isEqualTo("r1");
    assertThat(ran.json().path("status").asString()).isEqualTo("faulted");
    assertThat(ran.json().path("output").isNull()).isTrue();
    assertThat(ran.json().path("error").path("status").asInt()).isEqualTo(418);
    assertThat(ran.json().path("error").path("instance").asString()).isEqualTo("/do/0/a");
  }

  @Test
  void theSameIdAgainReturnsTheSameRun() throws Exception {
    Path w = workflow("  - a: {set: {at: '${ now }'}}\n");
    Ran first = skein("run", w, "--data", data(), "--id", "r1");
    Ran again = skein("run", w, "--data", data(), "--id", "r1");
    assertThat(again.out).isEqualTo(first.out);
    assertThat(skein("ps", "--data", data(), "--json").json()).hasSize(1);
  }

  @Test
  void filesThatAWorkflowRefersToAreFoundBesideIt() throws Exception {
    Path w =
        workflow(
            "  - a: {input: {schema: {resource: {endpoint: order.json}}}, set: {x: '${ .n }'}}\n");
    String missing =
        w + ":3:36 order.json does not exist; it would be the file " + folder.resolve("order.json");
    assertThat(skein("validate", w).err.strip()).isEqualTo(missing);
    for (String command : new String[] {"run", "deploy"}) {
      Ran refused = skein(command, w, "--data", data());
      assertThat(refused.exit).isEqualTo(1);
      assertThat(refused.err.strip()).isEqualTo(missing);
    }
    Path order = file("order.json", "{\"required\": [\"n\"]}");
    assertThat(skein("validate", w).out).isEqualTo(w + ": valid\n");
    assertThat(skein("deploy", w, "--data", data()).exit).isZero();
    file("order.json", "{}");
    assertThat(skein("deploy", w, "--data", data()).err).contains("another content of order.json");
    Files.delete(order);
    Ran ran = skein("start", "t", "--data", data(), "--input", "{\"n\": 1}");
    assertThat(ran.exit).as(ran.err).isZero();
  }

  @Test
  void validateLeavesTheWebAloneUnlessAsked() throws Exception {
    Path w =
        workflow(
            "  - a: {input: {schema: {resource: {endpoint: 'http://127.0.0.1:1/x'}}}, set: {x: 1}}\n");
    assertThat(skein("validate", w).exit).isZero();
    Ran fetched = skein("validate", w, "--fetch", "--data", data());
    assertThat(fetched.exit).isEqualTo(1);
    assertThat(fetched.err).startsWith(w + ":3:36 http://127.0.0.1:1/x cannot be fetched: ");
  }

  @Test
  void showsARunWithItsTasks() throws Exception {
    Path w = workflow("  - a: {do: [{b: {set: {x: 1}}}]}\n");
    skein("run", w, "--data", data(), "--id", "r1", "--quiet");
    JsonNode shown = skein("show", "r1", "--data", data(), "--json").json();
    assertThat(shown.path("tasks")).hasSize(2);
    assertThat(shown.path("tasks").get(0).path("reference").asString()).isEqualTo("/do/0/a");
    assertThat(shown.path("tasks").get(1).path("reference").asString()).isEqualTo("/do/0/a/do/0/b");
    assertThat(skein("show", "r1", "--data", data()).out).contains("completed", "/do/0/a/do/0/b");
    assertThat(skein("why", "r1", "--data", data()).out).contains("has ended: it is completed");
  }

  @Test
  void listsOuterTasksBeforeThoseInsideThem() throws Exception {
    Path w =
        workflow(
            "  - outer: {for: {in: '[1, 2]'}, do: [{inner: {do: [{pure: {set: {x: 1}}}, {nap: {wait: {milliseconds: 1}}}]}}]}\n");
    skein("run", w, "--data", data(), "--id", "r1", "--quiet");
    JsonNode tasks = skein("show", "r1", "--data", data(), "--json").json().path("tasks");
    assertThat(
            tasks
                .valueStream()
                .map(t -> t.path("name").asString() + t.path("iteration").asString("")))
        .containsExactly("outer", "inner0", "pure0", "nap0", "inner1", "pure1", "nap1");
  }

  @Test
  void everyMistakeIsOneClearMessage() throws Exception {
    Path good = workflow("  - a: {set: {x: 1}}\n");
    assertClear(skein("run", folder.resolve("none.yaml")), 2, "there is no file");
    assertClear(skein("run", folder), 2, "is a directory");
    assertClear(skein("run", good, "--input", "{\"a\":"), 2, "the input is not JSON");
    assertClear(
        skein("run", good, "--input", "@" + folder.resolve("no.json")), 2, "there is no file");
    assertClear(skein("ps", "--data", folder.resolve("nothing")), 1, "there is no Skein data in");
    assertClear(skein("show", "x", "--data", dataWithOneRun(good)), 1, "there is no run 'x'");
    assertClear(skein("demo", "nope"), 2, "there is no demo 'nope'");
    assertThat(skein("runn", good).err).contains("Unmatched argument").doesNotContain("\tat ");
    assertThat(skein().exit).isEqualTo(2);
  }

  private Path dataWithOneRun(Path workflow) {
    skein("run", workflow, "--data", data(), "--quiet");
    return data();
  }

  private static void assertClear(Ran ran, int exit, String message) {
    assertThat(ran.exit).isEqualTo(exit);
    assertThat(ran.err).startsWith("skein: ").contains(message).doesNotContain("\tat ");
    assertThat(ran.err.lines()).hasSize(1);
  }

  @Test
  void diagnosticsSayFileLineColumnAndWhatWasProbablyMeant() throws Exception {
    Path bad = workflow("  - a: {sett: {x: 1}}\n  - b: {set: {x: '${ .a + }'}}\n");
    Ran ran = skein("validate", bad);
    assertThat(ran.exit).isEqualTo(1);
    assertThat(ran.err)
        .contains(bad + ":3:9 unknown property 'sett' in task 'a'; did you mean 'set'?")
        .contains(bad + ":4:18 the expression does not compile");
    JsonNode json = skein("validate", bad, "--json").json();
    assertThat(json).hasSize(2);
    assertThat(json.get(0).path("path").asString()).isEqualTo("/do/0/a/sett");
    assertThat(json.get(0).path("severity").asString()).isEqualTo("error");
    assertThat(json.get(0).path("code").asString()).isEqualTo("unknown-property");
    assertThat(skein("run", bad, "--data", data()).exit).isEqualTo(1);
    assertThat(data()).doesNotExist();
    Path syntax = file("s.yaml", "document: {\n");
    assertThat(skein("validate", syntax).err).contains("YAML syntax").doesNotContain("\tat ");
  }

  @Test
  void portableListsWhatOtherRuntimesDoNotKnow() throws Exception {
    Path warned = workflow("  - a: {set: {x: 1}, then: end}\n  - b: {wait: PT1S}\n");
    assertThat(skein("validate", warned).exit).isZero();
    assertThat(skein("validate", warned).err)
        .isEqualTo(warned + ":4:5 warning: nothing leads to task 'b'\n");
    assertThat(skein("validate", warned, "--portable").exit).isZero();
    Path ours = workflow("  - a: {set: {x: 1}, metadata: {skein: {priority: 2}}}\n");
    assertThat(skein("validate", ours).exit).isZero();
    assertThat(skein("validate", ours).err).isEmpty();
    assertThat(skein("validate", ours, "--portable").exit).isEqualTo(1);
    assertThat(skein("validate", ours, "--portable").err)
        .isEqualTo(
            ours + ":3:41 note: 'metadata.skein.priority' means nothing to other runtimes\n");
    JsonNode note = skein("validate", ours, "--portable", "--json").json().get(0);
    assertThat(note.path("severity").asString()).isEqualTo("note");
    assertThat(note.path("code").asString()).isEqualTo("carrier");
    assertThat(note.path("path").asString()).isEqualTo("/do/0/a/metadata/skein/priority");
  }

  @Test
  void deployAndRunSayTheReadersWarningsOnce() throws Exception {
    Path warned = workflow("  - a: {set: {x: 1}, then: end}\n  - b: {wait: PT1S}\n");
    String warning = warned + ":4:5 warning: nothing leads to task 'b'\n";
    Ran ran = skein("run", warned, "--data", data(), "--quiet", "--json");
    assertThat(ran.exit).isZero();
    assertThat(ran.err).isEqualTo(warning);
    assertThat(ran.json().propertyNames()).containsExactly("id", "status", "output", "error");
    Ran deployed = skein("deploy", warned, "--data", data(), "--json");
    assertThat(deployed.err).isEqualTo(warning);
    JsonNode warnings = deployed.json().path(0).path("warnings");
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0).path("code").asString()).isEqualTo("unreachable");
    Path quiet =
        file("q.yaml", DOCUMENT.replace("name: t", "name: q") + "do:\n  - a: {set: {x: 1}}\n");
    Ran silent = skein("deploy", quiet, "--data", data(), "--json");
    assertThat(silent.err).isEmpty();
    assertThat(silent.json().path(0).path("warnings").isEmpty()).isTrue();
  }

  @Test
  void aDataDirectoryInUseIsRefused() throws Exception {
    Path w = workflow("  - a: {set: {x: 1}}\n");
    try (var holder = dev.skein.runtime.Skein.open(data())) {
      assertThat(holder).isNotNull();
      assertClear(skein("run", w, "--data", data()), 1, "is in use by another Skein process");
      assertThat(skein("ps", "--data", data()).exit).isZero();
    }
  }

  @Test
  void aFullDiskIsSaidAndLosesNothing() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    int mounted =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk.toString())
            .redirectErrorStream(true)
            .start()
            .waitFor();
    Assumptions.assumeTrue(mounted == 0, "only root can make a small disk");
    try {
      Path w =
          workflow(
              """
                - grow:
                    for: {each: x, in: '[range(100)]'}
                    do:
                      - fill: {set: '${ {data: ("x" * 60000), n: $x} }'}
                      - nap: {wait: {milliseconds: 1}}
              """
                  .indent(0));
      Ran ran = skein("run", w, "--data", disk.resolve("data"), "--quiet", "--id", "r1");
      assertClear(ran, 1, "the disk that holds the store is full");
      assertThat(skein("ps", "--data", disk.resolve("data")).out)
          .contains("r1")
          .contains("running");
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor();
    }
  }

  @Test
  void actsOnRunsOfADataDirectoryThatNobodyServes() throws Exception {
    Path w = workflow("  - nap: {wait: {hours: 1}}\n  - a: {set: {x: 1}}\n");
    assertThat(
            skein("deploy", w, "--data", data(), "--json").json().path(0).path("name").asString())
        .isEqualTo("t");
    Ran started = skein("start", "test/t", "--data", data(), "--id", "r1");
    assertThat(started.out.strip()).isEqualTo("r1");
    assertThat(skein("suspend", "r1", "--data", data(), "--json").json().path("status").asString())
        .isEqualTo("suspended");
    assertThat(skein("resume", "r1", "--data", data()).exit).isZero();
    assertThat(skein("signal", "r1", "go", "--input", "{}", "--data", data()).exit).isZero();
    assertThat(skein("cancel", "r1", "--data", data(), "--reason", "enough").exit).isZero();
    Ran late = skein("signal", "r1", "go", "--data", data());
    assertThat(late.exit).isEqualTo(1);
    assertThat(late.err).contains("run r1 is cancelled and takes no more signals");
    assertThat(skein("start", "nobody", "--data", data()).err)
        .contains("there is no workflow 'nobody'");
  }

  @Test
  void listsPausesAndResumesTheSchedulesOfWhatIsDeployed() throws Exception {
    Path file = folder.resolve("nightly.yaml");
    Files.writeString(
        file,
        "document: {dsl: 1.0.3, namespace: shop, name: nightly, version: 1.0.0}\n"
            + "schedule: {cron: '0 2 * * *'}\ndo: [{a: {set: {x: 1}}}]\n");
    assertThat(skein("run", file, "--data", data()).exit).isZero();
    assertThat(skein("schedules", "--data", data(), "--json").json()).isEmpty();
    assertThat(skein("deploy", file, "--data", data()).exit).isZero();
    assertThat(skein("schedules", "--data", data()).out)
        .contains("shop/nightly:1.0.0")
        .contains("T02:00:00Z")
        .contains("cron 0 2 * * * (UTC)");
    assertThat(skein("schedules", "pause", "shop/nightly", "--data", data()).exit).isZero();
    assertThat(
            skein("schedules", "--data", data(), "--json")
                .json()
                .path(0)
                .path("paused")
                .asBoolean())
        .isTrue();
    assertThat(skein("schedules", "resume", "shop/nightly", "--data", data()).exit).isZero();
    assertThat(skein("schedules", "--data", data()).out).doesNotContain("paused");
    Ran unknown = skein("schedules", "pause", "shop/other", "--data", data());
    assertThat(unknown.exit).isEqualTo(1);
    assertThat(unknown.err).contains("no deployed workflow 'shop/other' has a schedule");
  }

  @Test
  void explainsThePolicyOfACallAsTheDocumentDeclaresIt() throws Exception {
    String document = Files.readString(Path.of("../docs/integrations.md"));
    int begin = document.indexOf("```yaml\n") + "```yaml\n".length();
    Path config = folder.resolve("skein.yaml");
    Files.writeString(config, document.substring(begin, document.indexOf("```", begin)));
    String url = "https://pay.example.com/v1/refunds/7";
    Ran explained = skein("policy", "explain", url, "--config", config);
    assertThat(explained.exit).isZero();
    assertThat(explained.out)
        .contains("integration: refunds")
        .contains("skein.yaml:10 integrations.refunds.rateLimit")
        .contains("skein.yaml:7 integrations.payments.concurrency")
        .contains("default")
        .contains("worst case: 4 attempts, ");
    Ran json = skein("policy", "explain", url, "--config", config, "--json");
    assertThat(json.json().path("worstCase").path("attempts").asInt()).isEqualTo(4);
    assertThat(json.json().path("blocks").path("breaker").path("from").asString())
        .endsWith("skein.yaml:6 integrations.payments.breaker");
    assertThat(skein("policy", "explain", "pay.example.com").err).contains("write it whole");
    Files.writeString(config, "integrations:\n  a: {match: {hosts: [x]}, retrys: {}}\n");
    Ran wrong = skein("policy", "explain", url, "--config", config);
    assertThat(wrong.exit).isEqualTo(1);
    assertThat(wrong.err)
        .contains("skein.yaml:2:28 unknown property 'retrys' in 'a'; did you mean 'retry'?");
    assertThat(skein("policy", "explain", url, "--config", folder.resolve("no.yaml")).err)
        .contains("there is no file");
  }

  @Test
  void explainsToWhomPrivateAddressesAreDeniedAsTheDocumentDeclaresIt() throws Exception {
    String document = Files.readString(Path.of("../docs/integrations.md"));
    String part = document.substring(document.indexOf("## Workflows that are not trusted"));
    int begin = part.indexOf("```yaml\n") + "```yaml\n".length();
    Path config = folder.resolve("skein.yaml");
    Files.writeString(config, part.substring(begin, part.indexOf("```", begin)));
    String url = "http://stock.internal/";
    assertThat(
            skein("policy", "explain", url, "--config", config, "--workflow", "guests/report").out)
        .containsPattern("egress +private addresses denied +\\S+skein.yaml:1 untrusted");
    assertThat(skein("policy", "explain", url, "--config", config).out)
        .containsPattern("egress +private addresses allowed +default");
  }
}
