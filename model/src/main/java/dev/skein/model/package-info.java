/// The Open Workflow DSL as records, and the reader that makes them from YAML.
@NullMarked
package dev.skein.model;

import org.jspecify.annotations.NullMarked;
