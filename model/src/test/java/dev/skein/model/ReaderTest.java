package dev.skein.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

class ReaderTest {
  private static final Definition EVERYTHING = read("everything.yaml");

  @Test
  void readsEveryKindOfTaskInOrder() {
    assertThat(EVERYTHING.tasks())
        .extracting(task -> task.getClass().getSimpleName() + " " + task.reference())
        .containsExactly(
            "SetTask /do/0/prepare",
            "SetTask /do/1/whole",
            "CallHttpTask /do/2/reserve",
            "CallFunctionTask /do/3/pay",
            "SwitchTask /do/4/choose",
            "ForTask /do/5/each",
            "ForTask /do/6/inline",
            "ForkTask /do/7/fork",
            "TryTask /do/8/guarded~1~0",
            "TryTask /do/9/simple",
            "WaitTask /do/10/last");
  }

  @Test
  void readsTheDocumentWithItsSagaAndAttributes() {
    Document document = EVERYTHING.document();
    assertThat(document.dsl()).isEqualTo("1.0.3");
    assertThat(document.version()).isEqualTo("1.2.0-beta.1+5");
    assertThat(document.title()).isEqualTo("Everything");
    assertThat(document.tags()).hasToString("{\"team\":\"orders\",\"tier\":1}");
    assertThat(EVERYTHING.saga().parallel()).isTrue();
    assertThat(EVERYTHING.saga().on()).isEqualTo(Set.of(Saga.On.FAULT, Saga.On.TIMEOUT));
    assertThat(EVERYTHING.saga().retry()).isSameAs(EVERYTHING.use().retries().get("gently"));
    assertThat(EVERYTHING.attributes())
        .hasToString("{orderId=\"${ .order.id }\", region=\"eu-${ .region }\"}");
    assertThat(EVERYTHING.data().inputFrom()).hasToString("\".order\"");
    assertThat(document(EVERYTHING.data().outputSchema())).hasToString("true");
    assertThat(EVERYTHING.timeout()).hasToString("Timeout[after=\"${ .deadline }\"]");
    assertThat(EVERYTHING.source().path("do").size()).isEqualTo(11);
  }

  @Test
  void readsRetryPoliciesWithAllTheirLimits() {
    assertThat(EVERYTHING.use().retries().get("gently"))
        .hasToString(
            "RetryPolicy[when=.status >= 500, exceptWhen=${ .status == 501 }, delay={\"seconds\":1},"
                + " backoff=Exponential[factor=1.5, maxDelay=\"PT1M\"], maxAttempts=5,"
                + " attemptDuration=\"PT10S\", duration={\"hours\":1}, jitterFrom=\"PT0S\","
                + " jitterTo={\"milliseconds\":500}]");
    assertThat(EVERYTHING.use().retries().get("linearly").backoff())
        .isEqualTo(new Backoff.Linear());
    assertThat(EVERYTHING.use().retries().get("steadily").backoff())
        .isEqualTo(new Backoff.Constant());
  }

  @Test
  void readsWhatAllTasksHaveInCommon() {
    TaskBase base = EVERYTHING.tasks().get(2).base();
    assertThat(base.condition()).isEqualTo("${ .id > 0 }");
    assertThat(base.data().inputFrom()).hasToString("{\"id\":\"${ .id }\"}");
    assertThat(base.data().outputAs()).hasToString("\".body\"");
    assertThat(base.exportAs()).hasToString("\"$context + {reserved: .}\"");
    assertThat(document(base.exportSchema())).hasToString("{}");
    assertThat(base.timeout()).hasToString("Timeout[after=\"PT5S\"]");
    assertThat(base.then()).isEqualTo(new Then.Continue());
    assertThat(base.idempotencyKey()).hasToString("\"reserve-${ .id }\"");
    assertThat(base.metadata().path("color").stringValue()).isEqualTo("red");
    assertThat(base.definition().path("call").stringValue()).isEqualTo("http");
    assertThat(base.position()).isEqualTo(new Position(75, 3));
    assertThat(EVERYTHING.tasks().get(1).base().then()).isEqualTo(new Then.To("reserve"));
  }

  @Test
  void readsCompensationsAsAListOrByTheNameOfAFunction() {
    Task listed = EVERYTHING.tasks().get(2).base().compensate().getFirst();
    assertThat(listed.reference()).isEqualTo("/do/2/reserve/metadata/skein/compensate/0/release");
    Task named = EVERYTHING.tasks().get(3).base().compensate().getFirst();
    assertThat(named.reference()).isEqualTo("/do/3/pay/metadata/skein/compensate/0/refund");
    assertThat(((CallFunctionTask) named).target())
        .isSameAs(EVERYTHING.use().functions().get("refund"));
  }

  @Test
  void readsHttpCallsWithTheirAuthenticationResolved() {
    HttpArguments with = ((CallHttpTask) EVERYTHING.tasks().get(2)).with();
    assertThat(with)
        .hasToString(
            "HttpArguments[method=\"POST\", endpoint=\"https://shop.example/reservations\","
                + " authentication={\"bearer\":{\"token\":\"${ $secrets.apiToken }\"}},"
                + " headers={\"Accept\":\"application/json\",\"X-Id\":\"${ .id }\"},"
                + " body={\"sku\":\"${ .sku }\",\"list\":[1,2.5,true,null,\"${ .x }\"]},"
                + " query=\"${ .query }\", output=response, redirect=true]");
  }

  @Test
  void resolvesFunctionsThatAreDeclaredBelowTheirCaller() {
    CallFunctionTask pay = (CallFunctionTask) EVERYTHING.tasks().get(3);
    assertThat(pay.function()).isEqualTo("refundOrder");
    assertThat(pay.with()).hasToString("{\"amount\":5,\"order\":\"${ . }\"}");
    CallFunctionTask target = (CallFunctionTask) pay.target();
    assertThat(target.reference()).isEqualTo("/use/functions/refundOrder");
    assertThat(target.target().reference()).isEqualTo("/use/functions/refund");
    assertThat(EVERYTHING.use().functions()).containsOnlyKeys("refundOrder", "refund");
  }

  @Test
  void readsSwitchesLoopsForksAndErrorHandlers() {
    assertThat(((SwitchTask) EVERYTHING.tasks().get(4)).cases())
        .containsExactly(
            new Case("small", ".total < 10", new Then.To("each")),
            new Case("large", "${ .total > 100 }", new Then.Exit()),
            new Case("other", null, new Then.To("each")));
    ForTask each = (ForTask) EVERYTHING.tasks().get(5);
    assertThat(each.each() + " " + each.at() + " " + each.in() + " " + each.whileCondition())
        .isEqualTo("line number \".lines\" ${ .go }");
    assertThat(each.parallel()).isEqualTo(new Parallel(4, false));
    ForTask inline = (ForTask) EVERYTHING.tasks().get(6);
    assertThat(inline.each() + " " + inline.at() + " " + inline.in())
        .isEqualTo("item index [{\"a\":1},{\"a\":\"${ .x }\"}]");
    ForkTask fork = (ForkTask) EVERYTHING.tasks().get(7);
    assertThat(fork.compete()).isTrue();
    assertThat(fork.branches().stream().map(Task::reference))
        .containsExactly("/do/7/fork/fork/branches/0/left", "/do/7/fork/fork/branches/1/right");
    TryTask guarded = (TryTask) EVERYTHING.tasks().get(8);
    assertThat(guarded.handler().filter().path("status").intValue()).isEqualTo(409);
    assertThat(guarded.handler().as()).isEqualTo("problem");
    assertThat(guarded.handler().then()).isEqualTo(new Then.To("last"));
    assertThat(guarded.handler().tasks().getFirst().reference())
        .isEqualTo("/do/8/guarded~1~0/catch/do/0/log");
    DoTask inner = (DoTask) guarded.tasks().getFirst();
    assertThat(((RaiseTask) inner.tasks().getFirst()).error())
        .isSameAs(EVERYTHING.use().errors().get("soldOut"));
  }

  @Test
  void aCatchWithoutThenFollowsItsTask() {
    Catch handler = ((TryTask) EVERYTHING.tasks().get(9)).handler();
    assertThat(handler.filter().isMissingNode()).isTrue();
    assertThat(handler.as()).isEqualTo("error");
    assertThat(handler.retry()).isNull();
    assertThat(handler.then()).isEqualTo(new Then.End());
  }

  @Test
  void readsJsonAsWell() {
    Reading reading = new Reader(expression -> null).read(EVERYTHING.source().toString());
    assertThat(((Reading.Read) reading).definition().source()).isEqualTo(EVERYTHING.source());
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheDocument() {
    assertThat(new Reader(expression -> null).read("\uFEFF" + text("everything.yaml")))
        .isInstanceOf(Reading.Read.class);
  }

  @Test
  void readsAliasesAndForeignProperties() {
    Reading reading =
        new Reader(expression -> null)
            .read(
                """
                x-shared: &task { set: { a: 1 } }
                document: { dsl: 1.0.0, namespace: a, name: b, version: 0.1.0 }
                do:
                - one: *task
                - two: *task
                """);
    assertThat(((Reading.Read) reading).definition().tasks())
        .extracting(Task::reference)
        .containsExactly("/do/0/one", "/do/1/two");
  }

  private static JsonNode document(@Nullable DataSchema schema) {
    DataSchema.Documents documents = schema == null ? null : schema.documents();
    return documents == null ? MissingNode.getInstance() : documents.byUri().get(documents.root());
  }

  static Definition read(String resource) {
    return switch (new Reader(expression -> null).read(text(resource))) {
      case Reading.Read(Definition definition, _) -> definition;
      case Reading.Refused(var diagnostics) ->
          throw new AssertionError(
              diagnostics.stream()
                  .map(diagnostic -> diagnostic.format(resource))
                  .collect(Collectors.joining("\n", "\n", "")));
    };
  }

  static String text(String resource) {
    try (InputStream in = ReaderTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
