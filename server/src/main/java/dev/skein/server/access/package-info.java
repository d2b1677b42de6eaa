/// Who comes in, what they may do, and that it is written down.
@NullMarked
package dev.skein.server.access;

import org.jspecify.annotations.NullMarked;
