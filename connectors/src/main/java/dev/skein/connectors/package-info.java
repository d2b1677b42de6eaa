/// Calls to systems outside.
@NullMarked
package dev.skein.connectors;

import org.jspecify.annotations.NullMarked;
