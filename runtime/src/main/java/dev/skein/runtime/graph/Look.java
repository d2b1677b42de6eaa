package dev.skein.runtime.graph;

/// Colors and fonts. Colors stand as they are and not as CSS variables, which several renderers of
/// SVG do not know.
final class Look {
  /// The heads of arrows, one per kind of edge, since not every viewer lets a marker take the color
  /// of its line.
  static final String ARROWS =
      """
      <defs>
      <marker id="skein-arrow-next" class="arrow next" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5L8 4L0 7.5z"/></marker>
      <marker id="skein-arrow-jump" class="arrow jump" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5L8 4L0 7.5z"/></marker>
      <marker id="skein-arrow-error" class="arrow error" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5L8 4L0 7.5z"/></marker>
      </defs>
      """;

  private static final String LIGHT =
      """
      .skein-graph{font-family:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
      .skein-graph .ground{fill:#fbfcfd}
      .skein-graph .heading{font-size:16px;font-weight:600;fill:#0f172a}
      .skein-graph .frame{fill:#ffffff;stroke:#cbd5e1;stroke-width:1}
      .skein-graph .group>.frame{fill:#64748b;fill-opacity:.05}
      .skein-graph .kind{font-size:9px;font-weight:700;letter-spacing:.8px}
      .skein-graph .name{font-size:13px;font-weight:600;fill:#0f172a}
      .skein-graph .detail{font-size:11px;fill:#64748b}
      .skein-graph .badge rect{fill:#f1f5f9;stroke:#cbd5e1;stroke-width:.75}
      .skein-graph .badge text{font-size:10px;text-anchor:middle;fill:#475569}
      .skein-graph .badge.undo rect{fill:#fff1f2;stroke:#fda4af}
      .skein-graph .badge.undo text{fill:#be123c}
      .skein-graph .badge.timeout rect{fill:#fefce8;stroke:#fde047}
      .skein-graph .badge.timeout text{fill:#854d0e}
      .skein-graph .badge.folded rect{fill:#e0e7ff;stroke:#a5b4fc}
      .skein-graph .badge.folded text{fill:#3730a3}
      .skein-graph .pile{fill:none;stroke:#94a3b8;stroke-width:1.5;stroke-linecap:round}
      .skein-graph .edge>path{fill:none;stroke:#94a3b8;stroke-width:1.5}
      .skein-graph .edge.jump>path{stroke:#6366f1}
      .skein-graph .edge.error>path{stroke:#dc2626;stroke-dasharray:5 4}
      .skein-graph .arrow.next path{fill:#94a3b8}
      .skein-graph .arrow.jump path{fill:#6366f1}
      .skein-graph .arrow.error path{fill:#dc2626}
      .skein-graph rect.label{fill:#fbfcfd;stroke:#e2e8f0;stroke-width:.75}
      .skein-graph text.label{font-size:11px;text-anchor:middle;fill:#334155}
      .skein-graph .edge.error text.label{fill:#b91c1c}
      .skein-graph .marker .dot{fill:#94a3b8}
      .skein-graph .marker.start .dot{fill:#16a34a}
      .skein-graph .marker.end .dot{fill:#334155}
      .skein-graph .marker.end .ring{fill:none;stroke:#334155;stroke-width:2}
      """;

  private static final String DARK =
      """
      .skein-graph .ground{fill:#0f141b}
      .skein-graph .heading{fill:#f1f5f9}
      .skein-graph .frame{fill:#1b2430;stroke:#3b4a5e}
      .skein-graph .group>.frame{fill:#94a3b8;fill-opacity:.06}
      .skein-graph .name{fill:#f1f5f9}
      .skein-graph .detail{fill:#94a3b8}
      .skein-graph .badge rect{fill:#273244;stroke:#475569}
      .skein-graph .badge text{fill:#cbd5e1}
      .skein-graph .badge.undo rect{fill:#3b1822;stroke:#9f1239}
      .skein-graph .badge.undo text{fill:#fda4af}
      .skein-graph .badge.timeout rect{fill:#33290c;stroke:#854d0e}
      .skein-graph .badge.timeout text{fill:#fde68a}
      .skein-graph .badge.folded rect{fill:#1e2a5a;stroke:#4f5bb5}
      .skein-graph .badge.folded text{fill:#c7d2fe}
      .skein-graph .edge>path{stroke:#64748b}
      .skein-graph .edge.jump>path{stroke:#818cf8}
      .skein-graph .edge.error>path{stroke:#f87171}
      .skein-graph .arrow.next path{fill:#64748b}
      .skein-graph .arrow.jump path{fill:#818cf8}
      .skein-graph .arrow.error path{fill:#f87171}
      .skein-graph rect.label{fill:#0f141b;stroke:#3b4a5e}
      .skein-graph text.label{fill:#cbd5e1}
      .skein-graph .edge.error text.label{fill:#fca5a5}
      .skein-graph .marker .dot{fill:#64748b}
      .skein-graph .marker.start .dot{fill:#22c55e}
      .skein-graph .marker.end .dot{fill:#cbd5e1}
      .skein-graph .marker.end .ring{stroke:#cbd5e1}
      """;

  private Look() {}

  /// @param dark what must be so for a dark look: a media query, or a selector around the picture
  static String css(String dark) {
    var kinds = new StringBuilder();
    for (Kind kind : Kind.values()) {
      kinds.append(
          ".skein-graph .%s>.stripe,.skein-graph .%s>.kind{fill:%s}\n"
              .formatted(kind.styleClass, kind.styleClass, kind.color));
    }
    return LIGHT + kinds + dark + "{\n" + DARK + "}\n";
  }
}
