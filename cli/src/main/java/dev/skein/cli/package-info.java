/// The skein command.
@NullMarked
package dev.skein.cli;

import org.jspecify.annotations.NullMarked;
