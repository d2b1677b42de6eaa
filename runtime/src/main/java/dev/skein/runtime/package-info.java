/// Opens, wires and embeds Skein.
@NullMarked
package dev.skein.runtime;

import org.jspecify.annotations.NullMarked;
