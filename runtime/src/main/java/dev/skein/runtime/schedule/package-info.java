/// Starts the runs of scheduled workflows: when they are due, or when their events are there.
@NullMarked
package dev.skein.runtime.schedule;

import org.jspecify.annotations.NullMarked;
