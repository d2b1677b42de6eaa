package dev.skein.runtime.graph;

import dev.skein.model.Definition;

/// The picture of a workflow.
public final class WorkflowGraph {
  private WorkflowGraph() {}

  /// The workflow as an SVG document; the same definition always gives the same bytes.
  ///
  /// Every task is a `<g>` whose `id` and `data-reference` are the task's reference and whose
  /// classes are `task` and its kind; every edge is a `<g class="edge …">` with `data-from` and
  /// `data-to`. A console can color what has run by these.
  public static String svg(Definition definition) {
    return svg(definition, Extent.WHOLE);
  }

  /// The same with some of it folded: a box that stands for others says in `data-inside` which, by
  /// their references, one a line.
  public static String svg(Definition definition, Extent extent) {
    Flowchart chart = Folding.folded(FlowchartReader.read(definition), extent);
    return Svg.draw(chart, Layout.of(chart));
  }

  /// The style that every such document brings, for pages that take none from a document.
  ///
  /// @param dark a selector around the picture where it is to be dark
  public static String css(String dark) {
    return Look.css(dark);
  }
}
