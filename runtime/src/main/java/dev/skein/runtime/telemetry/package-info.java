/// What runs do, told to systems that collect traces; and the traces of others, taken on.
@NullMarked
package dev.skein.runtime.telemetry;

import org.jspecify.annotations.NullMarked;
