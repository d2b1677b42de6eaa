/// Runs a workflow of the model on the kernel.
@NullMarked
package dev.skein.interpreter;

import org.jspecify.annotations.NullMarked;
