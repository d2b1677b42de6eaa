/// Load programs, and the limits of the machine beside them.
@NullMarked
package dev.skein.bench;

import org.jspecify.annotations.NullMarked;
