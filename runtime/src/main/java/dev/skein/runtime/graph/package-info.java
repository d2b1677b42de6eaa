/// Draws a workflow: the definition as a flowchart, laid out, as SVG.
@NullMarked
package dev.skein.runtime.graph;

import org.jspecify.annotations.NullMarked;
