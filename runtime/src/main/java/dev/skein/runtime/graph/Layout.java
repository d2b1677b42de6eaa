package dev.skein.runtime.graph;

import dev.skein.runtime.graph.Flowchart.Box;
import dev.skein.runtime.graph.Flowchart.Edge;
import dev.skein.runtime.graph.Flowchart.Face;
import dev.skein.runtime.graph.Flowchart.Group;
import dev.skein.runtime.graph.Flowchart.Level;
import dev.skein.runtime.graph.Flowchart.Mark;
import dev.skein.runtime.graph.Flowchart.Marker;
import dev.skein.runtime.graph.Flowchart.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.CycleBreakingStrategy;
import org.eclipse.elk.alg.layered.options.LayerConstraint;
import org.eclipse.elk.alg.layered.options.LayeredMetaDataProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.NodePlacementStrategy;
import org.eclipse.elk.alg.layered.options.OrderingStrategy;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.math.KVector;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeLabelPlacement;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.options.HierarchyHandling;
import org.eclipse.elk.core.options.SizeConstraint;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkLabel;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;
import org.jspecify.annotations.Nullable;

/// Where everything of a flowchart stands, found by Eclipse ELK. All coordinates are from the top
/// left corner of the picture, in pixels.
///
/// @param areas of nodes, by id
record Layout(double width, double height, Map<String, Area> areas, List<Route> routes) {
  static final double TITLE_HEIGHT = 36;
  static final double HEADER_HEIGHT = 30;
  static final double TEXT_START = 16;
  static final double TEXT_END = 14;
  static final double MOST_TEXT = 240;
  static final double MOST_LABEL = 190;
  private static final double LEAST_BOX = 150;
  private static final double MARGIN = 24;

  record Area(double x, double y, double width, double height) {}

  record Point(double x, double y) {}

  /// @param label where the label stands; null if there is none
  record Route(Edge edge, List<Point> points, @Nullable Area label) {}

  static Layout of(Flowchart chart) {
    return new Run().layout(chart);
  }

  /// The room that a box takes.
  static Area box(Face full) {
    Face face = Lettering.fit(full, MOST_TEXT);
    double text =
        Math.max(
            Lettering.bold(face.name(), Lettering.NAME_SIZE),
            Math.max(
                Lettering.width(face.detail(), Lettering.DETAIL_SIZE),
                Lettering.badges(face.badges())));
    double height = 42 + (face.detail().isEmpty() ? 0 : 16) + (face.badges().isEmpty() ? 0 : 24);
    return new Area(0, 0, Math.ceil(Math.max(LEAST_BOX, TEXT_START + text + TEXT_END)), height);
  }

  /// The room that the title of a group takes; its parts stand in a row.
  static double header(Face full) {
    Face face = Lettering.fit(full, MOST_TEXT);
    double gap = 8;
    return Math.ceil(
        TEXT_START
            + Lettering.kind(face.kind())
            + gap
            + Lettering.bold(face.name(), Lettering.NAME_SIZE)
            + (face.detail().isEmpty()
                ? 0
                : gap + Lettering.width(face.detail(), Lettering.DETAIL_SIZE))
            + (face.badges().isEmpty() ? 0 : gap + Lettering.badges(face.badges()))
            + TEXT_END);
  }

  /// One run of ELK. Used once, by one thread.
  private static final class Run {
    private final Map<String, ElkNode> nodes = new LinkedHashMap<>();
    private final Map<ElkEdge, Edge> edges = new LinkedHashMap<>();

    static {
      LayoutMetaDataService.getInstance()
          .registerLayoutMetaDataProviders(new LayeredMetaDataProvider());
    }

    Layout layout(Flowchart chart) {
      ElkNode root = ElkGraphUtil.createGraph();
      configure(root, new ElkPadding(TITLE_HEIGHT + MARGIN, MARGIN, MARGIN, MARGIN));
      fill(root, chart.top());
      var areas = new LinkedHashMap<String, Area>();
      nodes.forEach((id, node) -> areas.put(id, area(node)));
      double title = Lettering.bold(chart.title(), 16) + 2 * MARGIN;
      return new Layout(
          Math.max(title, root.getWidth()),
          root.getHeight(),
          areas,
          edges.entrySet().stream().map(entry -> route(entry.getKey(), entry.getValue())).toList());
    }

    /// Lays out level by level, innermost first: no edge crosses the border of a group, and ELK
    /// 0.12.1 fails with model order when it lays out all levels at once.
    private void fill(ElkNode parent, Level level) {
      level.nodes().forEach(node -> add(parent, node));
      for (Edge edge : level.edges()) {
        add(parent, edge);
      }
      new LayeredLayoutProvider().layout(parent, new BasicProgressMonitor());
    }

    private void add(ElkNode parent, Node node) {
      ElkNode added = ElkGraphUtil.createNode(parent);
      nodes.put(node.id(), added);
      switch (node) {
        case Marker marker -> mark(added, marker.mark());
        case Box box -> {
          Area area = box(box.face());
          added.setDimensions(area.width(), area.height());
        }
        case Group group -> {
          configure(added, new ElkPadding(HEADER_HEIGHT + 10, 16, 14, 16));
          added.setProperty(LayeredOptions.NODE_SIZE_CONSTRAINTS, SizeConstraint.minimumSize());
          added.setProperty(
              LayeredOptions.NODE_SIZE_MINIMUM, new KVector(header(group.face()), HEADER_HEIGHT));
          fill(added, group.inside());
          // From here on the group is a box of a fixed size for the level around it.
          added.setProperty(LayeredOptions.NODE_SIZE_CONSTRAINTS, SizeConstraint.fixed());
        }
      }
    }

    private static void mark(ElkNode node, Mark mark) {
      double size =
          switch (mark) {
            case START, END -> 20;
            case ENTRY, EXIT -> 8;
          };
      node.setDimensions(size, size);
      switch (mark) {
        case START, ENTRY ->
            node.setProperty(LayeredOptions.LAYERING_LAYER_CONSTRAINT, LayerConstraint.FIRST);
        case EXIT ->
            node.setProperty(LayeredOptions.LAYERING_LAYER_CONSTRAINT, LayerConstraint.LAST);
        case END -> {}
      }
    }

    private void add(ElkNode parent, Edge edge) {
      ElkEdge added = ElkGraphUtil.createEdge(parent);
      added.getSources().add(nodes.get(edge.from()));
      added.getTargets().add(nodes.get(edge.to()));
      if (!edge.label().isEmpty()) {
        String text = Lettering.fit(edge.label(), Lettering.LABEL_SIZE, MOST_LABEL);
        ElkLabel label = ElkGraphUtil.createLabel(text, added);
        label.setDimensions(Math.ceil(Lettering.width(text, Lettering.LABEL_SIZE) + 12), 17);
        label.setProperty(LayeredOptions.EDGE_LABELS_PLACEMENT, EdgeLabelPlacement.CENTER);
        label.setProperty(LayeredOptions.EDGE_LABELS_INLINE, true);
      }
      edges.put(added, edge);
    }

    private static void configure(ElkNode level, ElkPadding padding) {
      level.setProperty(LayeredOptions.HIERARCHY_HANDLING, HierarchyHandling.SEPARATE_CHILDREN);
      level.setProperty(LayeredOptions.DIRECTION, Direction.DOWN);
      level.setProperty(LayeredOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
      level.setProperty(LayeredOptions.PADDING, padding);
      level.setProperty(
          LayeredOptions.CONSIDER_MODEL_ORDER_STRATEGY, OrderingStrategy.PREFER_EDGES);
      level.setProperty(LayeredOptions.CYCLE_BREAKING_STRATEGY, CycleBreakingStrategy.MODEL_ORDER);
      level.setProperty(
          LayeredOptions.NODE_PLACEMENT_STRATEGY, NodePlacementStrategy.BRANDES_KOEPF);
      level.setProperty(LayeredOptions.SPACING_NODE_NODE, 28.0);
      level.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 28.0);
      level.setProperty(LayeredOptions.SPACING_EDGE_NODE, 18.0);
      level.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 14.0);
      level.setProperty(LayeredOptions.SPACING_EDGE_EDGE, 12.0);
      level.setProperty(LayeredOptions.SPACING_EDGE_EDGE_BETWEEN_LAYERS, 12.0);
      level.setProperty(LayeredOptions.SPACING_EDGE_LABEL, 4.0);
      level.setProperty(LayeredOptions.SPACING_COMPONENT_COMPONENT, 36.0);
    }

    private static Area area(ElkNode node) {
      Point corner = corner(node.getParent());
      return new Area(
          corner.x() + node.getX(), corner.y() + node.getY(), node.getWidth(), node.getHeight());
    }

    /// The top left corner of a node, which what lies inside it is relative to.
    private static Point corner(@Nullable ElkNode node) {
      double x = 0;
      double y = 0;
      for (ElkNode at = node; at != null; at = at.getParent()) {
        x += at.getX();
        y += at.getY();
      }
      return new Point(x, y);
    }

    private static Route route(ElkEdge drawn, Edge edge) {
      Point corner = corner(drawn.getContainingNode());
      var points = new ArrayList<Point>();
      for (ElkEdgeSection section : drawn.getSections()) {
        points.add(new Point(corner.x() + section.getStartX(), corner.y() + section.getStartY()));
        section
            .getBendPoints()
            .forEach(p -> points.add(new Point(corner.x() + p.getX(), corner.y() + p.getY())));
        points.add(new Point(corner.x() + section.getEndX(), corner.y() + section.getEndY()));
      }
      Area label = null;
      for (ElkLabel l : drawn.getLabels()) {
        label = new Area(corner.x() + l.getX(), corner.y() + l.getY(), l.getWidth(), l.getHeight());
      }
      return new Route(edge, List.copyOf(points), label);
    }
  }
}
