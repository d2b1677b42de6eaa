/// What the command writes on stderr as it runs.
@NullMarked
package dev.skein.cli.log;

import org.jspecify.annotations.NullMarked;
