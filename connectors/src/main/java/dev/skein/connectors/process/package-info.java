/// Processes on this machine: shell commands, scripts and containers.
///
/// Read {@link dev.skein.connectors.process.Processes} first. It turns what is to be run into a
/// {@code Command}, gives it a {@code Workplace}, and lets an {@code Execution} run it: bounded,
/// interruptible, and gone with its whole tree when it is over.
@NullMarked
package dev.skein.connectors.process;

import org.jspecify.annotations.NullMarked;
