/// Durable execution: runs, steps, journal, timers, commit.
@NullMarked
package dev.skein.kernel;

import org.jspecify.annotations.NullMarked;
