package dev.skein.runtime.graph;

import static dev.skein.runtime.graph.Tasks.attempt;
import static dev.skein.runtime.graph.Tasks.call;
import static dev.skein.runtime.graph.Tasks.choose;
import static dev.skein.runtime.graph.Tasks.fork;
import static dev.skein.runtime.graph.Tasks.http;
import static dev.skein.runtime.graph.Tasks.loop;
import static dev.skein.runtime.graph.Tasks.pause;
import static dev.skein.runtime.graph.Tasks.raise;
import static dev.skein.runtime.graph.Tasks.sequence;
import static dev.skein.runtime.graph.Tasks.set;
import static dev.skein.runtime.graph.Tasks.when;
import static dev.skein.runtime.graph.Tasks.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skein.model.Definition;
import dev.skein.model.Then;
import dev.skein.runtime.graph.Drawing.Frame;
import dev.skein.runtime.graph.Tasks.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class WorkflowGraphTest {
  private static final Then NEXT = new Then.Continue();
  private static final Then EXIT = new Then.Exit();
  private static final Then END = new Then.End();

  @Test
  void drawsEveryTaskOnceWithItsReference() throws Exception {
    Definition definition = order();
    Drawing drawing = drawn(definition);
    definition.everyTask(task -> {
      List<Element> found = drawing.withId(task.reference());
      assertThat(found).as(task.reference()).hasSize(1);
      assertThat(found.getFirst().getAttribute("data-reference")).isEqualTo(task.reference());
      assertThat(found.getFirst().getAttribute("class")).startsWith("task ");
      assertThat(Drawing.child(found.getFirst(), "title")).contains(task.reference());
    });
  }

  @Test
  void givesEveryIdOnce() throws Exception {
    var ids = new ArrayList<String>();
    var groups = drawn(order()).document().getElementsByTagName("g");
    for (int i = 0; i < groups.getLength(); i++) {
      String id = ((Element) groups.item(i)).getAttribute("id");
      if (!id.isEmpty()) {
        ids.add(id);
      }
    }
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void joinsTasksInTheirOrderBetweenStartAndEnd() throws Exception {
    assertThat(drawn(workflow("w", set("a"), set("b"))).edges())
        .containsExactly("#entry -> a", "a -> b", "b -> #end");
  }

  @Test
  void writesTheNameOfEachCaseOnItsEdge() throws Exception {
    Definition definition =
        workflow(
            "w",
            choose("pick", when("big", ".n > 9", new Then.To("b")), when("small", null, END)),
            set("a"),
            set("b"));
    assertThat(drawn(definition).edges())
        .containsExactly(
            "#entry -> pick", "pick -> b [big]", "pick -> #end [small]", "a -> b", "b -> #end");
  }

  @Test
  void addsAnEdgeForNoCaseIfThereIsNoDefaultCase() throws Exception {
    Definition definition = workflow("w", choose("pick", when("big", ".n > 9", END)), set("a"));
    assertThat(drawn(definition).edges()).contains("pick -> #end [big]", "pick -> a [otherwise]");
  }

  @Test
  void leavesTheListOnExitAndTheWorkflowOnEnd() throws Exception {
    Definition definition =
        workflow("w", sequence("s", set("a").then(EXIT), set("b").then(END), set("c")), set("d"));
    assertThat(drawn(definition).edges())
        .contains("a -> s#exit", "b -> s#end", "c -> s#exit", "s -> d")
        .doesNotContain("a -> b", "b -> c");
  }

  @Test
  void jumpsBackToAnEarlierTask() throws Exception {
    Drawing drawing =
        drawn(workflow("w", set("a"), pause("b", "PT5S").then(new Then.To("a")), set("c")));
    assertThat(drawing.edges()).contains("b -> a").doesNotContain("b -> c");
    assertThat(drawing.withClass("jump")).hasSize(1);
    assertThat(Drawing.frame(drawing.node("/do/0/a")).y())
        .isLessThan(Drawing.frame(drawing.node("/do/1/b")).y());
  }

  @Test
  void writesAConditionOnTheEnteringEdge() throws Exception {
    Definition definition =
        workflow("w", set("a"), set("b").onlyIf("${ .ready }").then(END), set("c"));
    assertThat(drawn(definition).edges())
        .contains("a -> b [if .ready]", "b -> #end", "b -> c [skipped]");
  }

  @Test
  void goesNowhereAfterARaiseThatIsAlwaysReached() throws Exception {
    assertThat(drawn(workflow("w", raise("stop", "Stop"))).edges())
        .containsExactly("#entry -> stop");
    assertThat(drawn(workflow("w", raise("stop", "Stop").onlyIf(".bad"), set("a"))).edges())
        .containsExactly("#entry -> stop [if .bad]", "stop -> a [skipped]", "a -> #end");
  }

  @Test
  void standsTheHandlerBesideTheTryWithADashedEdge() throws Exception {
    Drawing drawing =
        drawn(workflow("w", attempt("t", List.of(set("a")), List.of(set("b")), END), set("c")));
    assertThat(drawing.edges()).contains("t -> catch [503]", "catch -> #end", "t -> c");
    assertThat(drawing.withClass("error"))
        .singleElement()
        .satisfies(edge -> assertThat(edge.getAttribute("data-to")).endsWith("/t/catch"));
  }

  @Test
  void leadsAnErrorOnIfTheHandlerHasNoTasks() throws Exception {
    Definition definition =
        workflow("w", attempt("t", List.of(set("a")), List.of(), NEXT), set("c"));
    assertThat(drawn(definition).edges()).contains("t -> c", "t -> c [503]");
  }

  @Test
  void standsBranchesSideBySideInTheirOrder() throws Exception {
    Drawing drawing = drawn(workflow("w", fork("f", true, set("a"), set("b"), set("c"))));
    List<Frame> branches = Drawing.frames(drawing.node("/do/0/f"));
    assertThat(branches).extracting(Frame::y).containsOnly(branches.getFirst().y());
    assertThat(branches).extracting(Frame::x).isSorted();
  }

  @Test
  void showsCompensationTimeoutAndRetryAsBadges() throws Exception {
    Drawing drawing = drawn(order());
    assertThat(drawing.withClass("badge"))
        .extracting(badge -> Drawing.child(badge, "text"))
        .contains("undo: refund", "timeout PT30S", "retry ≤ 3", "4 at a time", "first wins");
  }

  @Test
  void escapesWhatPeopleWrite() throws Exception {
    String nasty = "<b>&\"x\"</b>";
    String svg =
        WorkflowGraph.svg(
            workflow(nasty, set(nasty), choose("c", when(nasty, ".a < \"1\" & .b", END))));
    Drawing drawing = Drawing.of(svg);
    assertThat(drawing.withId("/do/0/" + nasty)).hasSize(1);
    assertThat(drawing.edges()).anyMatch(edge -> edge.contains("[" + nasty + "]"));
    assertThat(drawing.document().getElementsByTagName("b").getLength()).isZero();
    assertThat(Svg.escape("a\u0000\n\"")).isEqualTo("a\uFFFD&#10;&quot;");
  }

  @Test
  void drawsTheSameBytesEachTime() {
    assertThat(WorkflowGraph.svg(order())).isEqualTo(WorkflowGraph.svg(order()));
  }

  @Test
  void drawsAWorkflowWithoutTasks() throws Exception {
    assertThat(drawn(workflow("w")).edges()).containsExactly("#entry -> #end");
  }

  @Test
  void fitsTheViewBoxAroundEverything() throws Exception {
    Element root = drawn(order()).root();
    String[] box = root.getAttribute("viewBox").split(" ");
    var canvas = new Frame("", 0, 0, Double.parseDouble(box[2]), Double.parseDouble(box[3]));
    assertThat(Drawing.frames(root)).isNotEmpty().allMatch(canvas::holds);
  }

  @Test
  void cutsLongTextsAndKeepsThemInTheTooltip() throws Exception {
    String name = "aVeryLongName".repeat(20);
    Element node = drawn(workflow("w", set(name))).node("/do/0/" + name);
    assertThat(Drawing.frame(node).width()).isLessThan(300);
    assertThat(Drawing.child(node, "title")).contains(name);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 40})
  void keepsTheBoxesOfALevelApartAndInsideTheirGroup(int rounds) throws Exception {
    Element root = drawn(large(rounds)).root();
    checkLevel(root);
  }

  @Test
  void drawsThreeHundredTasksWithinThreeSeconds() {
    WorkflowGraph.svg(large(1));
    Definition definition = large(25);
    var count = new ArrayList<String>();
    definition.everyTask(task -> count.add(task.reference()));
    assertThat(count).hasSizeGreaterThanOrEqualTo(300);
    long start = System.nanoTime();
    String svg = WorkflowGraph.svg(definition);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(svg).contains("</svg>");
  }

  @Test
  void foldsWhatIsNestedDeeperThanAsked() throws Exception {
    Drawing drawing = Drawing.of(WorkflowGraph.svg(order(), Extent.to(0)));
    assertThat(drawing.withClass("group")).isEmpty();
    Element loop = drawing.withClass("folded").getFirst();
    String[] inside = loop.getAttribute("data-inside").split("\n");
    assertThat(inside).hasSize(3).allMatch(one -> one.startsWith(loop.getAttribute("id") + "/"));
    assertThat(drawing.edges()).isSubsetOf(drawn(order()).edges());
    checkLevel(drawing.root());
  }

  @Test
  void showsWhatIsAskedForHoweverDeepItIsAndFoldsTheRest() throws Exception {
    String task =
        Drawing.of(WorkflowGraph.svg(large(2), Extent.to(0)))
            .withClass("folded")
            .getFirst()
            .getAttribute("data-inside")
            .split("\n")[4];
    Drawing drawing =
        Drawing.of(WorkflowGraph.svg(large(2), new Extent(0, Set.of(task), Set.of())));
    assertThat(drawing.withId(task)).hasSize(1);
    assertThat(drawing.withClass("group")).isNotEmpty();
    assertThat(drawing.withClass("folded")).isNotEmpty();
    String round = drawing.withClass("group").getFirst().getAttribute("id");
    Drawing again = Drawing.of(WorkflowGraph.svg(large(2), new Extent(9, Set.of(), Set.of(round))));
    assertThat(again.withId(task)).isEmpty();
    assertThat(again.withClass("group")).isNotEmpty();
  }

  @Test
  void threeHundredTasksAreFoldedUntilTheyAreReadable() throws Exception {
    Drawing drawing = Drawing.of(WorkflowGraph.svg(large(25), Extent.to(Extent.FITTING)));
    assertThat(drawing.withClass("task")).hasSizeBetween(25, 60);
    assertThat(
            Drawing.of(WorkflowGraph.svg(large(1), Extent.to(Extent.FITTING))).withClass("folded"))
        .isEmpty();
  }

  private static void checkLevel(Element level) {
    List<Frame> frames = Drawing.frames(level);
    for (int i = 0; i < frames.size(); i++) {
      for (int j = i + 1; j < frames.size(); j++) {
        assertThat(frames.get(i).overlaps(frames.get(j)))
            .as(frames.get(i) + " and " + frames.get(j))
            .isFalse();
      }
    }
    for (Element child : Drawing.children(level)) {
      if (Drawing.framed(child)) {
        assertThat(Drawing.frames(child)).allMatch(Drawing.frame(child)::holds);
        checkLevel(child);
      }
    }
  }

  private static Drawing drawn(Definition definition) throws Exception {
    return Drawing.of(WorkflowGraph.svg(definition));
  }

  /// One of everything.
  private static Definition order() {
    return workflow(
        "Order fulfilment",
        Map.of("notify", http("notify", "post", "https://mail.example/send")),
        orderTasks(""));
  }

  /// Twelve or more tasks a round.
  private static Definition large(int rounds) {
    var tasks = new ArrayList<Plan>();
    for (int i = 0; i < rounds; i++) {
      tasks.add(sequence("round" + i, orderTasks(Integer.toString(i))));
    }
    return workflow("Large", tasks.toArray(Plan[]::new));
  }

  private static Plan[] orderTasks(String n) {
    return new Plan[] {
      http("loadOrder" + n, "get", "https://shop.example/orders/{id}").within("PT30S"),
      choose(
          "route" + n,
          when("express", ".order.express", new Then.To("reserve" + n)),
          when("invalid", ".order.lines | length == 0", new Then.To("reject" + n)),
          when("normal", null, NEXT)),
      pause("coolDown" + n, "PT15M"),
      loop(
          "reserve" + n,
          "line",
          "${ .order.lines }",
          http("stock" + n, "post", "https://stock.example/reserve"),
          choose("enough" + n, when("none", ".left == 0", EXIT), when("some", null, NEXT)),
          set("note" + n)),
      attempt(
          "payment" + n,
          List.of(
              http("charge" + n, "post", "https://pay.example/charges")
                  .within("PT30S")
                  .undoneBy(http("refund" + n, "post", "https://pay.example/refunds")),
              set("receipt" + n)),
          List.of(call("tellCustomer" + n, "notify"), raise("declined" + n, "Payment declined")),
          END),
      fork(
          "ship" + n,
          true,
          http("postalService" + n, "post", "https://post.example/parcels"),
          sequence(
              "courier" + n,
              http("findCourier" + n, "get", "https://courier.example/near"),
              pause("pickup" + n, "PT2H")),
          set("counter" + n)),
      set("finish" + n).onlyIf("${ .shipped }").then(END),
      raise("reject" + n, "Order has no lines")
    };
  }

  /// Writes pictures to look at: `-Dgraph.out=FOLDER`.
  @Test
  void writesPicturesIfAskedTo() throws Exception {
    String out = System.getenv("GRAPH_OUT");
    if (out != null) {
      Files.writeString(Path.of(out, "order.svg"), WorkflowGraph.svg(order()));
      Files.writeString(Path.of(out, "large.svg"), WorkflowGraph.svg(large(20)));
    }
  }
}
