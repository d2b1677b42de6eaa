/// The Open Workflow DSL as records, and the reader that makes them from YAML.
///
/// Start with {@link dev.skein.model.Definition} and {@link dev.skein.model.Task} for what a
/// workflow is, with {@link dev.skein.model.Reader} for how it is read: `YamlTree` makes a tree
/// with positions, `Fields` and `Values` check its shape, the `*Reader` classes make the records.
@NullMarked
package dev.skein.model;

import org.jspecify.annotations.NullMarked;
